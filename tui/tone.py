"""Lines of text with a meaning for each piece, before there are colours or widgets.

View-models speak in tones; a theme decides what a tone looks like. All text comes in through
`say`, which makes it printable: no piece can carry a control character or markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, overload

from rich.cells import cell_len, chop_cells, set_cell_size

from engine.review.escape import printable


class Tone(StrEnum):
    """What a piece of text means to the reader."""

    PLAIN = "plain"
    DIM = "dim"
    STRONG = "strong"
    HEADING = "heading"
    ACCENT = "accent"
    MET = "met"
    UNDECIDED = "undecided"
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    GOOD = "good"
    BAD = "bad"
    CURSOR = "cursor"


class Piece(NamedTuple):
    """Some text in one tone; made by `say`."""

    text: str
    tone: Tone


Line = tuple[Piece, ...]
BLANK: Line = ()


def say(text: str, tone: Tone = Tone.PLAIN) -> Piece:
    """Return text, made printable, in a tone."""
    return Piece(printable(text), tone)


def line(*pieces: Piece | str) -> Line:
    """Return pieces as a line; bare text is plain."""
    return tuple(say(piece) if isinstance(piece, str) else piece for piece in pieces)


def width_of(pieces: Iterable[Piece]) -> int:
    """Return how many cells pieces take."""
    return sum(cell_len(piece.text) for piece in pieces)


def cut(text: str, width: int) -> str:
    """Return text in at most `width` cells, ending in `…` when it was longer."""
    safe = printable(text)
    if cell_len(safe) <= width:
        return safe
    return set_cell_size(safe, width - 1).rstrip() + "…" if width > 0 else ""


def fit(text: str, width: int, tone: Tone = Tone.PLAIN) -> Piece:
    """Return text cut or padded on the right to exactly `width` cells."""
    short = cut(text, width)
    return Piece(short + " " * (width - cell_len(short)), tone)


def fit_right(text: str, width: int, tone: Tone = Tone.PLAIN) -> Piece:
    """Return text cut or padded on the left to exactly `width` cells."""
    short = cut(text, width)
    return Piece(" " * (width - cell_len(short)) + short, tone)


def wrap(text: str, width: int) -> list[str]:
    """Return text, made printable, as lines of at most `width` cells, broken at spaces."""
    lines: list[str] = []
    current = ""
    for word in _words(printable(text), max(width, 1)):
        joined = f"{current} {word}" if current else word
        if cell_len(joined) <= width:
            current = joined
        else:
            lines += [current] if current else []
            current = word
    return [*lines, current] if current else lines


def _words(text: str, width: int) -> Iterator[str]:
    for word in text.split(" "):
        if cell_len(word) <= width:
            if word:
                yield word
        else:
            yield from chop_cells(word, max(width, 2))


def paragraph(text: str, width: int, tone: Tone = Tone.PLAIN, *, indent: int = 0) -> list[Line]:
    """Return text wrapped, each line indented."""
    margin = " " * indent
    return [(Piece(margin + part, tone),) for part in wrap(text, max(width - indent, 8))]


def trim(pieces: Line, width: int) -> Line:
    """Return a line in at most `width` cells, ending in `…` when it was longer."""
    if width_of(pieces) <= width:
        return pieces
    kept: list[Piece] = []
    room = width
    for piece in pieces:
        cells = cell_len(piece.text)
        if cells >= room:
            return (*kept, Piece(cut(piece.text + " " * room, room), piece.tone))
        kept.append(piece)
        room -= cells
    return tuple(kept)


def spread(left: Line, right: Line, width: int) -> Line:
    """Return one line with `right` at its right edge; `left` gives way when there is no room."""
    short = trim(left, max(width - width_of(right) - 1, 0))
    gap = max(width - width_of(short) - width_of(right), 0)
    return (*short, Piece(" " * gap, Tone.PLAIN), *right)


class LazyLines(Sequence[Line]):
    """Lines of which most are never seen: each is made when it is asked for."""

    def __init__(self, head: Sequence[Line], count: int, make: Callable[[int], Line]) -> None:
        self._head = head
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return len(self._head) + self._count

    @overload
    def __getitem__(self, place: int) -> Line: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...

    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        return self._head[at] if at < len(self._head) else self._make(at - len(self._head))
