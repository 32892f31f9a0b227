"""Two thresholds: squares for all pairs of values, the more hits the brighter; precision apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from rich.style import Style
from rich.text import Text

from engine.authoring.sweep.sweeping import Point, Sweep
from engine.authoring.sweep.text import column
from engine.cli.policy.sweep_bars import HERE
from engine.language.numerals import exact

_COLD, _WARM = (24, 33, 56), (250, 178, 84)
_WRONG, _RIGHT = (168, 48, 54), (46, 125, 72)
_DARK, _LIGHT, _BRIGHT = (20, 20, 20), (240, 240, 240), 128
_LARGE = 100_000

Colour = tuple[int, int, int]
Cell = tuple[str, float | None]
"""What is written, and how far it is towards the warmer colour; None where there is nothing."""


def grids(found: Sweep, width: int) -> Iterator[Text]:
    """Yield the squares of hits and, with a ledger, of precision; cut into parts that fit."""
    points = {point.thresholds: point for point in found.points}
    most = max(point.hits for point in found.points)

    def hits(point: Point) -> Cell:
        part = math.log1p(point.hits) / math.log1p(most) if most else 0.0
        return short(point.hits), part

    def precision(point: Point) -> Cell:
        share = point.precision.share
        return ("-", None) if share is None else (f"{share * 100:.0f} %", share)

    yield from _grid(found, points, "hits", hits, (_COLD, _WARM), width)
    if any(point.precision.decided for point in found.points):
        yield Text()
        yield from _grid(found, points, "precision", precision, (_WRONG, _RIGHT), width)
    yield Text()
    yield Text(f"  {HERE} and underlined: as it stands", "dim")


def _grid(
    found: Sweep,
    points: dict[tuple[float, ...], Point],
    title: str,
    cell: Callable[[Point], Cell],
    colours: tuple[Colour, Colour],
    width: int,
) -> Iterator[Text]:
    down, across = found.dials
    rows, columns = (sorted({point.thresholds[n] for point in found.points}) for n in (0, 1))
    left = max(len(column(down)), *(len(exact(value)) for value in rows))
    wide = max(7, *(len(exact(value)) + 2 for value in columns))
    fitting = max(1, (width - left - 4) // wide)
    for start in range(0, len(columns), fitting):
        values = columns[start : start + fitting]
        yield Text(f"  {'':>{left}}  {title} by {column(across)}", "dim")
        yield _headings(values, across.threshold, f"  {column(down):>{left}}  ", wide)
        for value in rows:
            line_of = [points[value, other] for other in values]
            stands = value == down.threshold
            line = Text(f"{HERE if stands else ' '} {exact(value):>{left}}  ")
            line.stylize("bold" if stands else "")
            for point in line_of:
                line.append_text(_square(cell(point), colours, wide, current=point.current))
            yield line


def _headings(values: Sequence[float], here: float, first: str, wide: int) -> Text:
    line = Text(first, "dim")
    for value in values:
        stands = value == here
        line.append(f"{HERE if stands else ''}{exact(value)} ".rjust(wide), _heading(stands))
    return line


def _heading(stands: bool) -> str:  # noqa: FBT001
    return "bold not dim" if stands else "not dim"


def _square(cell: Cell, colours: tuple[Colour, Colour], wide: int, *, current: bool) -> Text:
    written, part = cell
    if part is None:
        return Text(f"{written} ".rjust(wide), "dim")
    cold, warm = colours
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(cold, warm, strict=True))
    # Weighted as the eye does, so that the digits stand out from any of the colours.
    bright = 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT
    ink = _DARK if bright else _LIGHT
    style = Style(color=_rgb(ink), bgcolor=_rgb((red, green, blue)), bold=current or None)
    square = Text(f"{written} ".rjust(wide), style)
    if current:
        square.stylize("underline", wide - 1 - len(written), wide - 1)
    return square


def _rgb(colour: Colour) -> str:
    red, green, blue = colour
    return f"#{red:02x}{green:02x}{blue:02x}"


def short(count: int) -> str:
    """Return a number in six characters at most: `12,345`, `123k`, `2.4M`."""
    if count < _LARGE:
        return f"{count:,}"
    if count < 10 * _LARGE:
        return f"{count // 1000}k"
    return f"{count / 1_000_000:.1f}M"
