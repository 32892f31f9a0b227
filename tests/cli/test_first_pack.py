"""An author's first steps away from the checkout: a pack of one's own, and a test that fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_pack import PACK, POLICY, TERMS

from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EXCISE_RULES", raising=False)


def test_a_pack_of_ones_own_starts_as_a_copy(capsys: Captured) -> None:
    assert main(["policy", "init", "mine"]) == ExitCode.OK
    assert "excise policy check mine" in capsys.readouterr().out
    assert require_pack(Path("mine")).digest == require_pack(find_rules()).digest
    assert main(["policy", "init", "mine"]) == ExitCode.USAGE
    assert "mine is there already" in capsys.readouterr().err


def test_the_pack_that_is_installed_is_not_written_to(capsys: Captured) -> None:
    before = sorted(find_rules().rglob("*"))
    for line in (["new", "night-shift"], ["promote", "machine-rhythm", "--reviewer", "ana"]):
        assert main(["policy", *line]) == ExitCode.USAGE
        assert "excise policy init DIR" in capsys.readouterr().err
    assert sorted(find_rules().rglob("*")) == before


def test_the_environment_names_the_pack(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    Path("mine").mkdir()
    for name, text in {"pack": PACK, "terms": TERMS}.items():
        Path("mine", f"{name}.yaml").write_text(text)
    monkeypatch.setenv("EXCISE_RULES", "mine")
    assert main(["policy", "new", "night-shift", "--subject", "account"]) == ExitCode.OK
    assert Path("mine/policies/distillation/night-shift.yaml").is_file()
    assert main(["policy", "test", "night-shift"]) == ExitCode.OK
    assert "4 tests, 0 failed" in capsys.readouterr().out
    assert main(["policy", "diff", "mine"]) == ExitCode.OK
    assert "both packs have the digest" in capsys.readouterr().out


def failing(**changes: str) -> list[str]:
    """Write a pack whose policy has a test that fails; return the line that tries it."""
    Path("mine").mkdir()
    text = POLICY
    for old, new in changes.items():
        text = text.replace(old, new)
    texts = {"pack": PACK, "terms": TERMS, "policy": text.replace("list:phrases", "step by step")}
    for name, content in texts.items():
        Path("mine", f"{name}.yaml").write_text(content)
    return ["policy", "test", "--rules", "mine"]


def test_a_test_that_fails_says_which_condition_lacks_what(capsys: Captured) -> None:
    line = failing(**{"per_account: 20": "per_account: 3"})
    assert main(line) == ExitCode.FINDINGS
    text = capsys.readouterr().out
    assert "expected finding, came no finding\n     campaign campaign-of-all: no finding\n" in text
    assert "no  events ≥ 100   90   x0.9, 10 lacking" in text
    assert main([*line, "--format", "json"]) == ExitCode.FINDINGS
    why = {one["test"]: one["why"] for one in json.loads(capsys.readouterr().out)}
    assert "10 lacking" in why["a pool"]
    assert why["a class"] == ""


def test_a_test_of_campaigns_without_any_says_so(capsys: Captured) -> None:
    assert main(failing(**{"links: all": "links: rules"})) == ExitCode.FINDINGS
    assert "no campaign to judge" in capsys.readouterr().out


def test_words_of_other_rule_languages(capsys: Captured) -> None:
    changes = {"per_account: 20": "count: 20", "owner:": "author:", "severity:": "level:"}
    assert main([*failing(**changes)[:1], "check", "mine"]) == ExitCode.FINDINGS
    text = capsys.readouterr().out
    assert "that is `per_account` here: how many each account sends" in text
    assert "that is `owner` here: who answers for it" in text
    assert "that is `severity` here" in text
    assert "needs the key" not in text
