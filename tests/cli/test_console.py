"""What is written is visible, whole, and survives any encoding."""

from __future__ import annotations

import io
import sys

import pytest

from engine.cli.console import complain, counted, emit, emit_table, speak_any_encoding

HOSTILE = "\x1b[2Jred\x9b1m\u202e[red]{n}%s"
SEEN = "^[[2Jred<U+009B>1m<U+202E>[red]{n}%s"


def test_nothing_written_acts_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    emit(f"{HOSTILE}\nnext")
    emit_table(("a", "b"), [(f"x\n{HOSTILE}", "1")], right={"b"})
    complain(HOSTILE)
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        SEEN, "next", f"a{' ' * (len(SEEN) + 2)}  b", f"x^J{SEEN}  1"
    ]  # fmt: skip
    assert said.err == f"{SEEN}\n"


def test_tables_are_never_cut_or_broken(capsys: pytest.CaptureFixture[str]) -> None:
    wide = "w" * 500
    emit_table(("id", "n"), [(wide, "1"), ("二", "22")], right=["n"])
    assert capsys.readouterr().out.splitlines() == [
        f"id{' ' * 498}   n", f"{wide}   1", f"二{' ' * 498}  22"
    ]  # fmt: skip


def test_streams_that_lack_letters_get_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    speak_any_encoding()
    emit("at most ≤ 1…")
    narrow.seek(0)
    assert narrow.read() == "at most \\u2264 1\\u2026\n"


def test_one_is_singular() -> None:
    assert [counted(n, "case") for n in (0, 1, 2000)] == ["0 cases", "1 case", "2,000 cases"]
