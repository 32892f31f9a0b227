"""`excise policy import-sigma`: files, folders, options, exit codes, and what is written where."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from engine.authoring.sigma import library
from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.load import require_pack
from engine.language.words import Status, SubjectKind

Captured = pytest.CaptureFixture[str]
_RULES = Path(__file__).parents[2] / "golden" / "sigma" / "rules"
_RULE = """\
title: Refused request
id: 7d0e6a52-9c1f-4c5e-8a1b-0a4c9f3e1d02
name: refused
logsource: {category: inference}
detection: {selection: {status: 403}, condition: selection}
"""
_CORRELATION = """\
title: Refused again
correlation:
  type: event_count
  rules: [refused]
  group-by: [user]
  timespan: 1h
  condition: {gte: 3}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(_RULES, tmp_path / "rules")
    (tmp_path / "refused.yml").write_text(_RULE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, clause: str = "usage-policy/access") -> int:
    return main(["policy", "import-sigma", "--rules", "rules", "--clause", clause, *words])


def test_what_is_written_becomes_part_of_the_pack(folder: Path, capsys: Captured) -> None:
    assert run("refused.yml", "--to", "rules") == ExitCode.OK
    said = capsys.readouterr()
    assert said.out == "policies/sigma/refused-request.yaml\n"
    (policy,) = require_pack(folder / "rules").policies
    assert (policy.name, policy.status) == ("refused-request", Status.DRAFT)
    assert policy.owner == "trust-and-safety"
    assert policy.references == ("sigma:7d0e6a52-9c1f-4c5e-8a1b-0a4c9f3e1d02",)


def test_a_rule_is_imported_once(folder: Path, capsys: Captured) -> None:
    assert run("refused.yml", "--to", "rules") == ExitCode.OK
    before = (folder / "rules/policies/sigma/refused-request.yaml").read_text()
    assert run("refused.yml", "--to", "rules") == ExitCode.FINDINGS
    assert "error[SG402]" in capsys.readouterr().err
    assert (folder / "rules/policies/sigma/refused-request.yaml").read_text() == before


def test_nothing_is_written_over_a_file(folder: Path, capsys: Captured) -> None:
    there = folder / "elsewhere/policies/sigma/refused-request.yaml"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    (folder / "other.yml").write_text(_RULE.replace("Refused", "Other").replace("d02", "d03"))
    assert run("refused.yml", "other.yml", "--to", "elsewhere") == ExitCode.USAGE
    assert "is there already" in capsys.readouterr().err
    assert [path.read_text() for path in there.parent.iterdir()] == ["mine"]


def test_references_lead_across_files_and_folders(folder: Path, capsys: Captured) -> None:
    nested = folder / "sigma" / "correlations"
    nested.mkdir(parents=True)
    (nested / "again.yaml").write_text(_CORRELATION)
    (nested / ".hidden.yml").write_text("not: sigma")
    shutil.move("refused.yml", "sigma/refused.yml")
    assert run("sigma", "--group-by", "user", "--format", "json") == ExitCode.OK
    said = json.loads(capsys.readouterr().out)
    assert list(said["documents"]) == ["policies/sigma/refused-again.yaml"]
    assert said["diagnostics"] == []


def test_a_file_named_twice_is_read_once(folder: Path, capsys: Captured) -> None:
    (folder / "sigma").mkdir()
    shutil.move("refused.yml", "sigma/refused.yml")
    assert run("sigma/refused.yml", "sigma", "--format", "json") == ExitCode.OK
    assert len(json.loads(capsys.readouterr().out)["documents"]) == 1


def test_a_part_of_a_faulty_correlation_makes_no_policy(folder: Path, capsys: Captured) -> None:
    (folder / "again.yml").write_text(_CORRELATION.replace("1h", "never"))
    assert run("refused.yml", "again.yml", "--format", "json") == ExitCode.FINDINGS
    assert json.loads(capsys.readouterr().out)["documents"] == {}


def test_options_say_what_sigma_does_not(folder: Path) -> None:
    (folder / "again.yml").write_text(_CORRELATION)
    words = ["--subject", "organisation", "--group-by", "user=org_id", "--owner", "abuse-desk"]
    words += ["--behaviour", "evasion", "--axis", "rhythm", "--severity", "low", "--to", "rules"]
    assert run("refused.yml", "again.yml", *words) == ExitCode.OK
    (policy,) = require_pack(folder / "rules").policies
    assert policy.subject is SubjectKind.ORGANISATION
    said = (policy.owner, policy.behaviour.value, policy.axis.value, policy.severity.value)
    assert said == ("abuse-desk", "evasion", "rhythm", "low")


@pytest.mark.parametrize(
    ("words", "clause", "complaint"),
    [
        ([], "usage-policy/acces", "did you mean `usage-policy/access`"),
        (["--map", "src_ip"], "usage-policy/access", "maps nothing"),
        (["--map", "src_ip=ipp"], "usage-policy/access", "did you mean `ip`"),
        (["--map", "a=ip", "--map", "a=asn"], "usage-policy/access", "'ip' and to 'asn'"),
        (["--group-by", "user=ip"], "usage-policy/access", "does not identify the account"),
    ],
)
def test_options_that_make_no_sense(
    folder: Path, capsys: Captured, words: list[str], clause: str, complaint: str
) -> None:
    assert run("refused.yml", *words, clause=clause) == ExitCode.USAGE
    assert complaint in capsys.readouterr().err


def test_files_that_are_not_there_do_not_hide_the_others(folder: Path, capsys: Captured) -> None:
    (folder / "empty").mkdir()
    (folder / "latin.yml").write_bytes(b"title: caf\xe9")
    assert run("missing.yml", "empty", "latin.yml", "refused.yml") == ExitCode.FINDINGS
    said = capsys.readouterr()
    assert "there is no file `missing.yml`" in said.err
    assert "holds no .yml or .yaml file" in said.err
    assert "error[EX101]" in said.err
    assert "policy: refused-request" in said.out


def test_without_the_extra_the_error_names_it(
    folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "find_spec", lambda _: None)
    assert importlib.util.find_spec("sigma") is not None
    assert run("refused.yml") == ExitCode.BAD_CONFIG
    assert "excise[sigma]" in capsys.readouterr().err


def test_the_pack_must_be_sound(folder: Path, capsys: Captured) -> None:
    (folder / "rules" / "broken.yaml").write_text("pack: second")
    assert run("refused.yml") == ExitCode.BAD_CONFIG
    assert "cannot be used" in capsys.readouterr().err
