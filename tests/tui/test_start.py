"""From the command line to the terminal, and the errors on the way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from engine.errors import UsageError
from engine.ledger.store import Ledger
from tui.start import reviewer_name

START = [sys.executable, "-c", "import sys; from tui.app import main; sys.exit(main())"]


def start(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*START, *arguments],
        cwd=cwd,
        env={"PATH": "", "HOME": str(cwd), "PYTHONPATH": str(Path(__file__).parents[2])}
        | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_ledger_is_one_line_and_a_bad_configuration(tmp_path: Path) -> None:
    done = start("--reviewer", "ana", cwd=tmp_path)
    assert done.returncode == 78
    assert done.stdout == ""
    first, *hints = done.stderr.splitlines()
    assert first.startswith("excise-review: ")
    assert "excise.db" in first
    assert len(hints) <= 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["mysql://root:secret@host/x", "://", "sqlite://"])
def test_a_bad_url_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    done = start("--reviewer", "ana", "--db", url, cwd=tmp_path)
    assert done.returncode == 78
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_no_terminal_is_a_usage_error(tmp_path: Path, made: ModuleType) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'l.db'}") as ledger:
        ledger.record(made.run_records())
    done = start("--reviewer", "ana", cwd=tmp_path, EXCISE_DB=f"sqlite:///{tmp_path / 'l.db'}")
    assert done.returncode == 2
    assert done.stderr == (
        "excise-review: the review terminal needs a terminal on stdin and stderr\n"
    )


def test_help_and_version_need_no_ledger(tmp_path: Path) -> None:
    assert "--read-only" in start("--help", cwd=tmp_path).stdout
    assert start("--version", cwd=tmp_path).stdout.startswith("excise ")


def test_the_reviewer_is_the_option_then_the_environment_then_the_user() -> None:
    assert reviewer_name("ana", {"EXCISE_REVIEWER": "ben"}) == "ana"
    assert reviewer_name(None, {"EXCISE_REVIEWER": " ben "}) == "ben"
    assert reviewer_name(None, {}) != ""


@pytest.mark.parametrize("name", ["", "  ", "a\x1b[31m", "a\u202eb"])
def test_a_reviewer_without_a_plain_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        reviewer_name(name, {})
