"""`excise policy check`: its formats say the same, with the same exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.load import find_rules

Captured = pytest.CaptureFixture[str]
FORMATS = ("text", "json", "github", "sarif")


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the shipped pack, deep in a repository."""
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "services" / "trust" / "rules"
    shutil.copytree(find_rules(), folder)
    monkeypatch.chdir(tmp_path / "services")
    return folder


def break_it(rules: Path) -> None:
    policy = rules / "policies" / "evasion" / "even-load.yaml"
    policy.write_text(policy.read_text().replace("severity: medium", "severity: mediun"))


def warn_about_it(rules: Path) -> None:
    (rules / "lists" / "unused.yaml").write_text(
        "list: unused\nowner: trust\nsource: nobody\nreviewed: 2026-01-01\nvalues: [a]\n"
    )


@pytest.mark.parametrize("form", FORMATS)
def test_the_format_changes_no_exit_code(form: str, rules: Path, capsys: Captured) -> None:
    line = ["policy", "check", "trust/rules", "--format", form]
    assert main(line) == ExitCode.OK
    warn_about_it(rules)
    assert main(line) == ExitCode.OK
    capsys.readouterr()
    break_it(rules)
    assert main(line) == ExitCode.FINDINGS
    said = capsys.readouterr()
    assert "EX124" in said.out
    assert "EX406" in said.out
    assert said.err == ""


def test_annotations_are_about_files_of_the_repository(rules: Path, capsys: Captured) -> None:
    break_it(rules)
    main(["policy", "check", "trust/rules", "--format", "github"])
    command, total = capsys.readouterr().out.splitlines()
    place = "file=services/trust/rules/policies/evasion/even-load.yaml,line="
    assert command.startswith(f"::error {place}")
    assert ",title=EX124::unknown severity `mediun`%0Ahint: did you mean `medium`?" in command
    assert total == "1 error"


def test_sarif_is_about_files_of_the_repository(rules: Path, capsys: Captured) -> None:
    break_it(rules)
    main(["policy", "check", "--rules", str(rules), "--format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    artifact = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "services/trust/rules/policies/evasion/even-load.yaml"


@pytest.mark.parametrize("form", FORMATS)
def test_a_folder_that_is_not_there(form: str, capsys: Captured) -> None:
    assert main(["policy", "check", "/nowhere", "--format", form]) == ExitCode.FINDINGS
    assert "EX113" in capsys.readouterr().out


def test_the_schema_is_printed_or_written(tmp_path: Path, capsys: Captured) -> None:
    assert main(["policy", "schema"]) == ExitCode.OK
    printed = capsys.readouterr().out
    assert json.loads(printed)["$schema"].endswith("draft-07/schema#")
    assert main(["policy", "schema", "--to", str(tmp_path / "schema.json")]) == ExitCode.OK
    assert (tmp_path / "schema.json").read_text() == printed
