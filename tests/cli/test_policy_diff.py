"""`excise policy diff`: two folders, or a folder and a git revision of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from small_pack import DOCUMENTS

from engine.cli.main import main
from engine.errors import ExitCode

Captured = pytest.CaptureFixture[str]
TOLD = """\
policy harness
  when: events ≥ 100 → ≥ 200 (tightened)
      old/policy.yaml:15 → new/policy.yaml:15
list phrases
  values: added "aloud"
      used by harness
      old/list.yaml:1 → new/list.yaml:1

words, tests and order, from which no decision follows:
policy harness
  title: "One instruction carried by many accounts" → "One instruction"
      old/policy.yaml:2 → new/policy.yaml:2

note: policy harness: what it decides changed, but its version stays 3 (new/policy.yaml:1)
note: pack small: what it decides changed, but its version stays 1
"""


def write(rules: Path) -> None:
    rules.mkdir()
    for kind, text in DOCUMENTS.items():
        (rules / f"{kind}.yaml").write_text(text)


def edit(rules: Path) -> None:
    for kind, old, new in (
        ("policy", "gte: 100", "gte: 200"),
        ("policy", "title: One instruction carried by many accounts", "title: One instruction"),
        ("list", "step by step]", "step by step, aloud]"),
    ):
        text = (rules / f"{kind}.yaml").read_text()
        assert old in text
        (rules / f"{kind}.yaml").write_text(text.replace(old, new))


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("old", "new"):
        write(tmp_path / name)
    edit(tmp_path / "new")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("packs")
def test_two_folders(capsys: Captured) -> None:
    assert main(["policy", "diff", "old", "new"]) == ExitCode.OK
    assert capsys.readouterr().out == TOLD
    assert main(["policy", "diff", "old", "new", "--exit-code"]) == ExitCode.FINDINGS
    assert main(["policy", "diff", "old", "old", "--exit-code"]) == ExitCode.OK


@pytest.mark.usefixtures("packs")
def test_as_json(capsys: Captured) -> None:
    assert main(["policy", "diff", "old", "new", "--format", "json"]) == ExitCode.OK
    record = json.loads(capsys.readouterr().out)
    assert record["decides"]
    threshold = next(one for one in record["changes"] if one["leaning"])
    assert threshold["path"][-1] == "threshold"
    assert threshold["old"]["Compare"]["threshold"] == 100


def test_a_revision(packs: Path, capsys: Captured) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True)

    rules = packs / "old"
    git("init", "-q")
    git("add", "old")
    git("commit", "-q", "-m", "before")
    edit(rules)
    assert main(["policy", "diff", "HEAD", str(rules)]) == ExitCode.OK
    told = TOLD.replace("old/", "old@HEAD/").replace("new/", "old/")
    assert capsys.readouterr().out == told


@pytest.mark.usefixtures("packs")
def test_neither_a_folder_nor_a_revision(capsys: Captured) -> None:
    for name in ("nowhere", "--upload-pack=x", "HEAD~1\x1b[2J"):
        assert main(["policy", "diff", "--", name, "new"]) == ExitCode.USAGE
        said = capsys.readouterr().err
        assert "neither a folder nor a git revision" in said
        assert "\x1b" not in said


def test_a_pack_with_mistakes_cannot_be_compared(packs: Path, capsys: Captured) -> None:
    (packs / "old" / "policy.yaml").write_text("policy: [")
    assert main(["policy", "diff", "old", "new"]) == ExitCode.BAD_CONFIG
    assert "policy.yaml:1" in capsys.readouterr().err
