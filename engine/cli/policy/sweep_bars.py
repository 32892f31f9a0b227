"""One threshold: a line for each value, its hits as a bar, precision within its interval.

A bar is as long as its hits are many, in the colours of what reviewers said of them. Where it is
too short to show a few of them, they get a cell all the same: what was rejected is never unseen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from engine.authoring.precision import Precision
from engine.authoring.sweep.sweeping import Point, Sweep
from engine.authoring.sweep.text import column
from engine.language.numerals import exact

_COLOURS = ("green", "red", "blue", "bright_black")
_GLYPHS = "█▓▒░"
"""Apart without colours, too."""
_STRIP = 17
"""Cells of the scale from 0 to 100 %: one for each 6.25 %."""
_NARROWEST = 10
HERE = "▶"


def bars(found: Sweep, width: int) -> Iterator[Text]:
    """Yield the lines, none longer than `width` cells if that is 60 at least."""
    dial = found.dials[0]
    names = _flush(column(dial), [exact(point.thresholds[0]) for point in found.points])
    hits = _flush("hits", [f"{point.hits:,}" for point in found.points])
    open_ = _flush("undecided", [f"{point.undecided:,}" for point in found.points])
    columns = [names, hits, *([open_] if any(p.undecided for p in found.points) else [])]
    taken = 2 + sum(cell_len(one[0]) + 2 for one in columns)
    percent = len("  100 %") if found.reviewed else 0
    wide = found.reviewed and width - taken - percent - 2 - _STRIP >= _NARROWEST
    strip = 2 + _STRIP if wide else 0
    scale = "  0      50     100 %" if wide else ""
    room = max(_NARROWEST, width - taken - strip - percent)
    most = max(1, *(point.hits + point.undecided for point in found.points))
    head, *lines = ("  ".join(cells) for cells in zip(*columns, strict=True))
    yield Text(f"  {head}  {'':<{room}}{scale}".rstrip(), "dim")
    for point, told in zip(found.points, lines, strict=True):
        line = Text()
        line.append(f"{HERE if point.current else ' '} {told}  ", "bold" if point.current else "")
        line.append_text(_bar(point, most, room, reviewed=found.reviewed))
        if found.reviewed:
            if wide:
                line.append("  ").append_text(_strip(point.precision))
            share = point.precision.share
            line.append("      -" if share is None else f"  {share * 100:>3.0f} %")
        yield line
    yield Text()
    yield from _legend(found, width)


def _flush(heading: str, cells: Sequence[str]) -> list[str]:
    width = max(map(cell_len, (heading, *cells)))
    return [" " * (width - cell_len(cell)) + cell for cell in (heading, *cells)]


def _parts(*, reviewed: bool) -> list[tuple[str, str, str]]:
    words = "approved", "rejected", "not reviewed" if reviewed else "hits", "undecided"
    return list(zip(words, _GLYPHS if reviewed else "  █░", _COLOURS, strict=True))


def _bar(point: Point, most: int, room: int, *, reviewed: bool) -> Text:
    past = point.precision
    counts = past.approved, past.rejected, point.unreviewed, point.undecided
    bar = Text()
    cells = lengths(counts, most, room)
    for length, (_, glyph, colour) in zip(cells, _parts(reviewed=reviewed), strict=True):
        bar.append(glyph * length, colour)
    bar.append(" " * (room - len(bar)))
    return bar


def lengths(counts: Sequence[int], most: int, room: int) -> list[int]:
    """Return how many cells of `room` each count gets, where `most` fill all of it.

    Whatever is not nothing gets one at least, from the longest.
    """
    ends, total = [], 0
    for count in counts:
        total += count
        ends.append(round(total * room / most))
    found = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    found = [max(cells, 1) if count else 0 for cells, count in zip(found, counts, strict=True)]
    while sum(found) > room and max(found) > 1:
        found[found.index(max(found))] -= 1
    return found


def _strip(past: Precision) -> Text:
    if past.share is None:
        return Text(" " * _STRIP)
    low, high = (round(end * (_STRIP - 1)) for end in past.interval)
    at = round(past.share * (_STRIP - 1))
    strip = Text()
    for cell in range(_STRIP):
        inside = low <= cell <= high
        strip.append("●" if cell == at else "─" if inside else "·", "bold" if inside else "dim")
    return strip


def _legend(found: Sweep, width: int) -> Iterator[Text]:
    parts = _parts(reviewed=found.reviewed)[0 if found.reviewed else 2 :]
    undecided = any(point.undecided for point in found.points)
    shown = [Text.assemble((glyph, colour), f" {word}") for word, glyph, colour in parts]
    line = Text("  ")
    for entry in (*(shown if undecided else shown[:-1]), Text(f"{HERE} as it stands")):
        if len(line) + len(entry) > width:
            yield line
            line = Text("  ")
        line.append_text(entry).append("   ")
    yield line
