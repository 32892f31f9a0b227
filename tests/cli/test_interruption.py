"""Signals end a command by their own exit code, or come too late; no library gets in between."""

from __future__ import annotations

import os
import signal
import sys

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


def test_a_signal_while_python_ends_changes_no_exit_code() -> None:
    before = {number: signal.getsignal(number) for number, _ in SIGNALS}
    try:
        with interruptions.listening(hand_back=False):
            pass
        for number, _ in SIGNALS:
            assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_second_signal_does_not_cut_short_what_the_first_one_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cases, "list_cases", lambda _: swallowed(signal.SIGTERM))
    whole = sys.stderr.write

    def written(text: str) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        return whole(text)

    monkeypatch.setattr(sys.stderr, "write", written)
    assert main(LINE) == ExitCode.TERMINATED
    assert capsys.readouterr().err == "interrupted; nothing was recorded\n"
