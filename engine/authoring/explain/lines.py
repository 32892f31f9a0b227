"""Conditions as lines for a terminal, their numbers in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.authoring.explain.explanation import VERDICT
from engine.authoring.explain.tree import Asked, Branch
from engine.authoring.explain.words import (
    WORD,
    condition_words,
    counts_words,
    room_words,
    value_words,
)

INDENT = "  "
_GAP = "   "


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a tree: what stands before the columns, the columns, or what is in none."""

    head: str
    cells: tuple[str, ...] = ()
    tail: str = ""


def branch_lines(branch: Branch, depth: int) -> Iterator[Line]:
    """Yield a line for a condition and, indented under it, for every part of it."""
    yield leaf_line(branch, depth)
    for part in branch.parts:
        yield from branch_lines(part, depth + 1)


def leaf_line(branch: Branch, depth: int) -> Line:
    """Return the line of a condition by itself."""
    head = f"{INDENT * depth}{WORD[branch.holds]:<3} {condition_words(branch)}"
    if branch.number is not None:
        number = branch.number
        room = room_words(number, holds=branch.holds)
        return Line(head, (value_words(number), room, counts_words(number)))
    return Line(head, tail=_asked(branch))


def _asked(branch: Branch) -> str:
    if branch.composed:
        return ""
    told = [f"{one.policy}: {VERDICT[one.holds]}{_shadow(one)}" for one in branch.asked]
    if not branch.deniable:
        told.append("what is not evaluated may have one" if not told else "never certainly absent")
    return ", ".join(told) or "no policy that is evaluated for this kind of subject"


def _shadow(one: Asked) -> str:
    return "" if one.telling else " in shadow, which decides nothing here"


def laid_out(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the lines as text, cells of one column under each other."""
    told = [line for line in lines if line.cells]
    width = max((len(line.head) for line in told), default=0)
    columns = max((len(line.cells) for line in told), default=0)
    widths = [
        max((len(line.cells[at]) for line in told if at < len(line.cells)), default=0)
        for at in range(columns)
    ]
    for line in lines:
        if line.cells:
            cells = (cell.ljust(widths[at]) for at, cell in enumerate(line.cells))
            yield _GAP.join([line.head.ljust(width), *cells]).rstrip()
        else:
            yield f"{line.head}{_GAP}{line.tail}".rstrip()
