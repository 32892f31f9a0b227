"""Starting the terminal: whatever is wrong is one line and a documented exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from engine.errors import ExitCode, UsageError
from engine.ledger.store import Ledger
from tui import start
from tui.desk import Desk
from tui.lines.audit import run_lines
from tui.start import main, reviewer_name


class Stage:
    """An application that ends at once, well or badly."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.ascii_only: bool | None = None

    def __call__(self, desk: Desk, *, ascii_only: bool) -> Stage:
        assert desk.reviewer.name == "ana"
        self.ascii_only = ascii_only
        return self

    def run(self) -> None:
        """Leave at once."""


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a ledger's URL, in a process that believes to have a terminal."""
    monkeypatch.setattr(start, "on_terminal", lambda: True)
    monkeypatch.setenv("EXCISE_REVIEWER", "ana")
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    Ledger.open(url).close()
    return url


def test_the_application_runs_and_ends(terminal: str) -> None:
    stage = Stage()
    assert main(["--db", terminal, "--ascii"], stage) == ExitCode.OK
    assert stage.ascii_only is True


def test_a_fault_is_named_without_what_it_held(
    terminal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="a prompt") as raised:
        raise ValueError("a prompt")
    assert main(["--db", terminal], Stage(raised.value)) != ExitCode.OK
    said = capsys.readouterr().err
    assert "broke down at test_starting.py:" in said
    assert "a prompt" not in said


def test_a_ledger_that_is_not_there(
    terminal: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert terminal
    missing = tmp_path / "none.db"
    assert main(["--db", f"sqlite:///{missing}"], Stage()) == ExitCode.BAD_CONFIG
    assert "none.db" in capsys.readouterr().err
    assert not missing.exists()


def test_no_terminal(terminal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "on_terminal", lambda: False)
    assert main(["--db", terminal], Stage()) == ExitCode.USAGE


def test_reviewers_have_plain_names() -> None:
    assert reviewer_name(" ana ", {}) == "ana"
    assert reviewer_name(None, {"EXCISE_REVIEWER": "ben"}) == "ben"
    assert reviewer_name(None, {})
    for unfit in (" ", "a\x1b[31mb", "a\u202eb"):
        with pytest.raises(UsageError):
            reviewer_name(unfit, {})


def test_runs_are_listed_with_what_they_kept_and_the_newest_first(made: ModuleType) -> None:
    run = made.run()
    broken = replace(run, run_id="run-broken", report="no json")
    plain = ["".join(piece.text for piece in row) for row in run_lines([run, broken], 120)]
    assert "run-broken" in plain[1]
    assert "exchanges 16,020,000" in plain[2]
    assert json.loads(run.report)["tables"]
    assert list(run_lines([], 80))
