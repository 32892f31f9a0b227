"""How commands speak: results on stdout, everything else on stderr, progress on terminals only.

Whatever is written is made printable here, once for all: ids, file names and arguments may hold
what an attacker wrote.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager

from engine.review.escape import printable, printable_lines

# Rich is imported where something is drawn with it: most commands only write lines.


def prepare_streams() -> None:
    """Make stdout and stderr take anything: they may be closed, or lack letters.

    Descriptors that were closed are filled, lowest first: else the ledger would be opened as one of
    them, and what a library prints would go into it. What an encoding lacks is written as escapes.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            opened = os.fdopen(os.open(os.devnull, os.O_RDWR), "r" if name == "stdin" else "w")
            setattr(sys, name, opened)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done: on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415

    err = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    with err.status("starting") as status:
        yield lambda text: status.update(escape(printable(text)))


def emit(text: str = "") -> None:
    """Write lines of result to stdout, every character of them visible."""
    sys.stdout.writelines(f"{line}\n" for line in printable_lines(text))


def emit_table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[str] = ()
) -> None:
    """Write aligned columns to stdout, those in `right` flush right.

    No line is broken or cut to fit a screen: ids are there to be copied, and lines to be searched.
    """
    from rich.cells import cell_len  # noqa: PLC0415

    lines = [[printable(cell) for cell in line] for line in (headings, *rows)]
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(headings))]
    for line in lines:
        cells = [
            _padded(cell, width - cell_len(cell), right=heading in right)
            for cell, width, heading in zip(line, widths, headings, strict=True)
        ]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _padded(cell: str, missing: int, *, right: bool) -> str:
    room = " " * missing
    return f"{room}{cell}" if right else f"{cell}{room}"


def complain(text: str) -> None:
    """Write lines to stderr, every character of them visible."""
    sys.stderr.writelines(f"{line}\n" for line in printable_lines(text))


def mute() -> None:
    """Write nothing to stdout any more: its reader went away, as `head` does."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
