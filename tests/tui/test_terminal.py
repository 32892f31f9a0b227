"""The real program over a real ledger in a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from fcntl import ioctl
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from engine.ledger.store import Ledger

START = "import sys; from tui.app import main; sys.exit(main())"
PATIENCE = 40.0
"""Seconds without what is waited for until a story fails; a slow machine is not a fault."""

EVIL = "\x1b]52;c;RVZJTA==\x07\x9b31mEVIL[red]mark[/]\u202e"
_SEQUENCE = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[ -/]*[0-~])"
)


class Terminal:
    """A program in a pseudo-terminal of fixed size, and all that it wrote."""

    def __init__(
        self, arguments: list[str], environment: dict[str, str], size: tuple[int, int]
    ) -> None:
        self.master, slave = pty.openpty()
        ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self.raw = b""

    def expect(self, text: str, *, after: int, patience: float = PATIENCE) -> int:
        """Read until `text` was written after a place in the output; return the new place."""
        until = time.monotonic() + patience
        while text not in plain(self.raw[after:]):
            ready, _, _ = select.select([self.master], [], [], patience)
            late = not ready or time.monotonic() > until
            assert not late, f"no {text!r} in {plain(self.raw[after:])!r}"
            try:
                more = os.read(self.master, 65_536)
            except OSError:
                more = b""
            assert more, f"ended without {text!r}"
            self.raw += more
        return len(self.raw)

    def reach(self, key: str, text: str, *, after: int) -> int:
        """Press a key until `text` is written; why one press may not be enough is not known."""
        for _ in range(20):
            self.press(key)
            with suppress(AssertionError):
                return self.expect(text, after=after, patience=2.0)
        return self.expect(text, after=after)

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def end(self) -> int:
        """Read what is left, and return the exit status."""
        while True:
            try:
                more = os.read(self.master, 65_536)
            except OSError:
                break
            if not more:
                break
            self.raw += more
        return self.process.wait(PATIENCE)


def plain(raw: bytes) -> str:
    """Return output without the program's own sequences."""
    return _SEQUENCE.sub(b"", raw).decode("utf-8", "replace")


@contextmanager
def terminal(
    url: str, *arguments: str, size: tuple[int, int] = (80, 24), **environment: str
) -> Iterator[Terminal]:
    base = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", "")}
    base["PYTHONPATH"] = str(Path(__file__).parents[2])
    made = Terminal(["--db", url, "--reviewer", "ben", *arguments], base | environment, size)
    try:
        yield made
    finally:
        if made.process.poll() is None:
            made.process.kill()
        made.process.wait(PATIENCE)
        os.close(made.master)


def hostile(records: Any, poison: str) -> Any:
    """Return a run's records with poison in every text that is not an id or a closed word."""
    free = {"explanation", "policy_text", "policy_file", "title", "excerpt", "reason", "account_id",
            "org_id", "subject_id", "campaign_id", "measure", "model", "pack_name", "response",
            "policies"}  # fmt: skip

    def poisoned(record: Any) -> Any:
        changes = {
            item.name: f"{getattr(record, item.name)}{poison}"
            for item in fields(record)
            if item.name in free and isinstance(getattr(record, item.name), str)
        }
        return replace(record, **changes)

    return replace(
        records,
        **{
            item.name: (
                tuple(map(poisoned, getattr(records, item.name)))
                if item.name != "run"
                else poisoned(records.run)
            )
            for item in fields(records)
        },
    )


@pytest.fixture
def url(tmp_path: Path, made: ModuleType) -> str:
    where = f"sqlite:///{tmp_path / 'ledger.db'}"
    with Ledger.open(where) as ledger:
        ledger.record(made.run_records())
    return where


def test_open_decide_and_the_decision_is_in_the_ledger(url: str) -> None:
    with terminal(url) as screen:
        place = screen.expect("10 waiting", after=0)
        screen.press("\r")
        place = screen.expect("1/10", after=place)  # the preview shows the numbers as well
        screen.press("a")
        place = screen.expect("evidence confirmed", after=place)
        screen.press("1fine\x13")
        place = screen.expect("2/10", after=place)
        screen.press("q")
        assert screen.end() == 0
    with Ledger.open(url, create=False) as ledger:
        (decision,) = ledger.decisions("case-0001")
        assert (decision.reviewer, decision.reason) == ("ben", "evidence confirmed: fine")
        assert ledger.case("case-0001").status == "approved"  # type: ignore[union-attr]


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
def test_no_sequence_from_the_data_reaches_the_terminal(
    tmp_path: Path, made: ModuleType, size: tuple[int, int]
) -> None:
    url = f"sqlite:///{tmp_path / 'hostile.db'}"
    with Ledger.open(url) as ledger:
        ledger.record(hostile(made.run_records(), EVIL))
    with terminal(url, size=size) as screen:
        place = screen.expect("10 waiting", after=0)
        screen.press("\r")
        place = screen.expect("1/10", after=place)
        place = screen.reach("\t", "Decisions", after=place)
        place = screen.reach("3", "Runs", after=place)
        screen.press("2")
        place = screen.expect("1/10", after=place)
        screen.press("x")
        screen.expect("pick by digit", after=place)
        screen.press("\x11")
        assert screen.end() == 0
    assert b"]52;" not in b"".join(_SEQUENCE.findall(screen.raw))
    written = screen.raw.decode("utf-8")
    assert "\x9b" not in written
    assert "\u202e" not in written
    assert "^[]52;c;RVZJTA==^G<U+009B>31mEVIL[red]mark[/]<U+202E>" in plain(screen.raw)


def test_ascii_writes_nothing_but_ascii(url: str) -> None:
    with terminal(url, "--ascii", NO_COLOR="1", size=(120, 40)) as screen:
        place = screen.expect("10 waiting", after=0)
        screen.press("\r")
        screen.expect("reasoning-harness v3", after=place)
        screen.press("q")
        assert screen.end() == 0
    assert screen.raw.isascii()


def test_read_only_shows_no_deciding_verb(url: str) -> None:
    with terminal(url, "--read-only") as screen:
        place = screen.expect("read only", after=0)
        screen.press("ax\r")
        screen.expect("4,812", after=place)
        screen.press("axq")
        assert screen.end() == 0
    assert "approve" not in plain(screen.raw)
    with Ledger.open(url, create=False) as ledger:
        assert ledger.decisions() == ()
