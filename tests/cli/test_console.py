"""What is written is visible, whole, and survives any encoding."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.console import complain, counted, emit, emit_table, prepare_streams
from engine.errors import ExitCode

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
    prepare_streams()
    emit("at most ≤ 1…")
    narrow.seek(0)
    assert narrow.read() == "at most \\u2264 1\\u2026\n"


CLOSED = """
import os, sys
from engine.cli.main import main
os.environ.pop("EXCISE_DB", None)
code = main(["cases", "list", "--db", "none.db"])
first = os.open("ledger.db", os.O_CREAT | os.O_WRONLY)
sys.exit(code if first > 2 else 99)
"""


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)])
def test_closed_streams_are_no_fault_and_no_file_takes_their_place(
    closed: tuple[int, ...], tmp_path: Path
) -> None:
    shut = "; ".join(f"exec {number}>&-" for number in closed)
    command = ["sh", "-c", f'{shut}; exec "$@"', "sh", sys.executable, "-c", CLOSED]
    done = subprocess.run(command, cwd=tmp_path, check=False, timeout=60)
    assert done.returncode == ExitCode.BAD_CONFIG


def test_one_is_singular() -> None:
    assert [counted(n, "case") for n in (0, 1, 2000)] == ["0 cases", "1 case", "2,000 cases"]
