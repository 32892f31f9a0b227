"""A sweep as lines: a table for pipes, bars or a map for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from engine.authoring.precision import CONFIDENCE, Precision
from engine.authoring.sweep.dials import Dial
from engine.authoring.sweep.sweeping import Point, Sweep
from engine.batch.outcome_json import SYMBOLS
from engine.language.numerals import exact

NUMBERS = ("hits", "accounts", "undecided", "approved", "rejected")
"""Headings of the columns that hold counts."""

_BAR_AT_LEAST, _BAR_AT_MOST = 8, 40
_SCALE = 21
_EIGHTHS = " ▏▎▍▌▋▊▉"
_SHADES = " ░▒▓█"
_HERE = "◂ now"


def headline(found: Sweep) -> Iterator[str]:
    """Yield what was swept, over whom, and how to read the rest."""
    policy = found.policy
    yield f"{policy.name}, over {found.judged:,} {policy.subject.value}s"
    for dial in found.dials:
        where = "unless " if dial.clears else ""
        written = f"{dial.signal} {SYMBOLS[dial.compare.operator]} {exact(dial.threshold)}"
        yield f"sweeping {where}{written}"
    if found.reviewed:
        yield f"precision: approved over decided hits, with its exact {CONFIDENCE:.0%} interval"


def headings(found: Sweep) -> tuple[str, ...]:
    """Return the headings of the table."""
    reviewed = ("approved", "rejected", "precision") if found.reviewed else ()
    return (*names(found.dials), "hits", "accounts", "undecided", *reviewed, "")


def rows(found: Sweep) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table, a point each."""
    for point in found.points:
        told = [f"{point.hits:,}", f"{point.accounts:,}", f"{point.undecided:,}"]
        if found.reviewed:
            past = point.precision
            told += [f"{past.approved:,}", f"{past.rejected:,}", precision_words(past)]
        yield (*map(exact, point.thresholds), *told, _HERE if point.current else "")


def names(dials: Sequence[Dial]) -> tuple[str, ...]:
    """Return what the dials are called."""
    return tuple(dial.name for dial in dials)


def precision_words(past: Precision) -> str:
    """Return a precision with its interval, in whole per cent: `83 % (36 to 100)`."""
    if past.share is None:
        return "-"
    low, high = past.interval
    return f"{past.share * 100:.0f} % ({low * 100:.0f} to {high * 100:.0f})"


def chart(found: Sweep, width: int) -> Iterator[str]:
    """Yield a line for each threshold of one dial: its hits as a bar, its precision on a scale."""
    labels = [exact(point.thresholds[0]) for point in found.points]
    counts = [f"{point.hits:,}" for point in found.points]
    undecided = [f"{point.undecided:,}" for point in found.points]
    most = max(1, *(point.hits for point in found.points))
    label = _widest([found.dials[0].name, *labels])
    count, open_ = _widest(["hits", *counts]), _widest(["undecided", *undecided])
    taken = label + count + open_ + len(_HERE) + 8 + (_SCALE + 7 if found.reviewed else 0)
    bar = min(_BAR_AT_MOST, max(_BAR_AT_LEAST, width - taken))
    scale = f"  {'0 % precision 100 %':^{_SCALE}}" if found.reviewed else ""
    head = f"{_right(found.dials[0].name, label)}  {'hits':>{count}}  {'':{bar}}"
    yield f"{head}  {'undecided':>{open_}}{scale}".rstrip()
    for name, hits, open_count, point in zip(labels, counts, undecided, found.points, strict=True):
        line = f"{_right(name, label)}  {hits:>{count}}  {_bar(point.hits, most, bar)}"
        line += f"  {open_count:>{open_}}"
        if found.reviewed:
            line += f"  {_scale(point.precision)}"
        yield f"{line}  {_HERE if point.current else ''}".rstrip()


def heat_map(found: Sweep, width: int) -> Iterator[str]:
    """Yield the hits of two dials as a map, the first down and the second across.

    Nothing is yielded where it does not fit: the table has it all.
    """
    down = sorted({point.thresholds[0] for point in found.points})
    across = sorted({point.thresholds[1] for point in found.points})
    at = {point.thresholds: point for point in found.points}
    most = max(1, *(point.hits for point in found.points))
    cell = _widest([*map(exact, across), *(f"{point.hits:,}" for point in found.points)]) + 3
    label = _widest([found.dials[0].name, *map(exact, down)])
    if label + cell * len(across) > width:
        return
    yield f"{'':{label}}  {found.dials[1].name} across: hits"
    heads = "".join(f"{exact(value):>{cell - 1}} " for value in across)
    yield f"{_right(found.dials[0].name, label)} {heads}".rstrip()
    for value in down:
        cells = (_cell(at[value, other], most, cell) for other in across)
        yield f"{_right(exact(value), label)} {''.join(cells)}".rstrip()
    yield f"{'':{label}}  [ ] as it stands now; the darker, the more hits"


def _cell(point: Point, most: int, width: int) -> str:
    shade = _SHADES[-(-point.hits * (len(_SHADES) - 1) // most)]
    text = f"{point.hits:,}"
    if point.current:
        return f"{shade}{f'[{text}]':>{width - 1}}"
    return f"{shade}{text:>{width - 2}} "


def _bar(value: int, most: int, width: int) -> str:
    """Return a bar in eighths of a letter; whatever is not nothing can be seen."""
    eighths = max(round(value * width * 8 / most), 1 if value else 0)
    whole, rest = divmod(eighths, 8)
    return f"{'█' * whole}{_EIGHTHS[rest].strip()}".ljust(width)


def _scale(past: Precision) -> str:
    """Return the interval of a precision as a line from 0 to 100 %, the share as a dot on it."""
    if past.share is None:
        return f"{'no decision':^{_SCALE}}"
    low, high = (round(end * (_SCALE - 1)) for end in past.interval)
    letters = ["─" if low <= place <= high else "·" for place in range(_SCALE)]
    letters[low], letters[high] = "├", "┤"
    letters[round(past.share * (_SCALE - 1))] = "●"
    return f"{''.join(letters)} {past.share * 100:3.0f} %"


def _widest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts))


def _right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text
