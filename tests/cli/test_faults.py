"""Faults are told in one line without what they choked on."""

from __future__ import annotations

import errno
from pathlib import Path

import duckdb
import pytest

from engine.cli import cases
from engine.cli.main import main
from engine.errors import ExitCode

LINE = ["cases", "list", "--db", "sqlite:///none.db"]
WAL = '"/tmp/excise-1/workspace.duckdb.wal"'
FAULTS = [
    (duckdb.TransactionException(f"TransactionContext Error: Failed to commit: Could not write "
                                 f"file {WAL}: No space left on device"),
     ExitCode.RETRY, "no space left"),
    (duckdb.IOException(f"IO Error: Could not write all bytes to file {WAL}: wanted=9 wrote=1"),
     ExitCode.RETRY, "no space left"),
    (duckdb.IOException(f"IO Error: Cannot open file {WAL}: Permission denied"),
     ExitCode.BAD_CONFIG, "permission denied"),
    (OSError(errno.EMFILE, "Too many open files"), ExitCode.RETRY, "too many open files"),
    (OSError(errno.EACCES, "Permission denied", "x\x1b[2J"), ExitCode.BAD_CONFIG, "x^[[2J"),
    (OSError(errno.ENOSPC, "No space left on device"), ExitCode.RETRY, "no space left"),
    (duckdb.OutOfMemoryException("failed to pin"), ExitCode.RETRY, "--memory"),
    (duckdb.FatalException("database has been invalidated"), ExitCode.RETRY, "TMPDIR"),
    (duckdb.ConversionException("cannot convert 'a prompt'"), ExitCode.FAULT, "Conversion"),
    (TypeError("a prompt"), ExitCode.FAULT, "TypeError"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "code", "shown"), FAULTS)
def test_a_fault_has_words_and_an_exit_code(
    fault: Exception,
    code: ExitCode,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def breaks(_: object) -> None:
        raise fault

    monkeypatch.setattr(cases, "list_cases", breaks)
    assert main(LINE) == code
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert shown in said
    assert "a prompt" not in said
    assert "Traceback" not in said


def test_a_fault_of_ours_names_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("engine.cli.cases.Ledger", None)
    monkeypatch.chdir(tmp_path)
    assert main(LINE) == ExitCode.FAULT
    assert "cases.py:" in capsys.readouterr().err
