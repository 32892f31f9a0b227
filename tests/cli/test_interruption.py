"""Signals end a command by their own exit code, or come too late; no library gets in between."""

from __future__ import annotations

import os
import signal

import pytest

from engine.cli import cases
from engine.cli.interruption import Interrupted, interruptions
from engine.cli.main import main
from engine.errors import ExitCode

SIGNALS = [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
LINE = ["cases", "list", "--db", "sqlite:///none.db"]


def swallowed(number: int) -> None:
    """Do as DuckDB does: end a query at a signal with an exception of its own."""
    try:
        os.kill(os.getpid(), number)
    except KeyboardInterrupt:
        message = "Query interrupted"
        raise RuntimeError(message) from None


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_that_a_library_turned_into_its_own_exception(
    number: int,
    code: ExitCode,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(cases, "list_cases", lambda _: swallowed(number))
    before = signal.getsignal(number)
    assert main(LINE) == code
    assert capsys.readouterr().err == "interrupted; nothing was recorded\n"
    assert signal.getsignal(number) is before


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_once_recording_has_begun_comes_too_late(
    number: int, code: ExitCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def records(_: object) -> ExitCode:
        interruptions.too_late()
        os.kill(os.getpid(), number)
        return ExitCode.OK

    monkeypatch.setattr(cases, "list_cases", records)
    assert main(LINE) == ExitCode.OK != code


def test_every_signal_is_heard_until_then() -> None:
    with interruptions.listening(hand_back=True):
        for number, code in SIGNALS:
            with pytest.raises(Interrupted):
                os.kill(os.getpid(), number)
            assert interruptions.heard is code
