"""Which thresholds to try: such that each hits others than the one before it.

They part what was observed of the subjects who are hit or not as this threshold stands, on both
sides of where it stands now: the nearest change first, then ever larger ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np
from numpy.typing import NDArray

from engine.decide.kleene import compared
from engine.language.words import Operator
from engine.signals.facts import Floats

MOST_VALUES = 200
"""Thresholds tried for one dial; more would be no picture any more."""

DENIED = {
    Operator.GT: Operator.LTE,
    Operator.LTE: Operator.GT,
    Operator.GTE: Operator.LT,
    Operator.LT: Operator.GTE,
    Operator.EQ: Operator.NEQ,
    Operator.NEQ: Operator.EQ,
}
"""What a comparison asks for where it stands under a negation."""

_LOOKED_AT = 4
"""For each step, so many values are looked at where the order of values says nothing."""
_ENOUGH, _DIGITS = 3, 17
_SPREAD_DIGITS = 2
_WHOLE = 2.0**53
"""Beyond it not every whole number is a float."""


@dataclass(frozen=True, slots=True)
class Turning:
    """The ends of a signal for the subjects who are hit or not as one threshold alone stands."""

    low: Floats
    high: Floats
    operator: Operator
    """What their value must fulfil for a hit: the dial's operator, or what it denies."""

    def values(self) -> Floats:
        """Return where subjects begin, or cease, to be hit as the threshold moves."""
        match self.operator:
            case Operator.GT | Operator.GTE:
                turning = self.low
            case Operator.LT | Operator.LTE:
                turning = self.high
            case Operator.EQ:
                turning = self.low[self.low == self.high]
            case Operator.NEQ:
                turning = np.concatenate([self.low, self.high[self.high != self.low]])
        return turning[np.isfinite(turning)] + 0.0

    def hits(self, value: float) -> bytes:
        """Return whom a threshold hits."""
        held: NDArray[np.bool_] = compared(self.low, self.high, self.operator, value)[0]
        return np.packbits(held).tobytes()


def chosen(
    turning: Turning, now: float, steps: int, allowed: Callable[[float], bool] = lambda _: True
) -> tuple[float, ...]:
    """Return at most `steps` thresholds and the current one, in ascending order.

    Each is the shortest number that hits the same subjects as a value that was observed.
    """
    found = [float(value) for value in np.unique(turning.values())]
    if turning.operator in (Operator.EQ, Operator.NEQ):
        return _unordered(turning, found, now, steps, allowed)
    counts, values = _ordered(turning, found, now)
    here = values.index(now)
    below = _changes(counts, range(here - 1, -1, -1), here)
    above = _changes(counts, range(here + 1, len(values)), here)
    short = {place: _shortest(turning.operator, values, place) for place in (*below, *above)}
    below, above = ([one for one in side if allowed(short[one])] for side in (below, above))
    room = max(steps // 2, steps - len(above)), max(steps - steps // 2, steps - len(below))
    places = _spread(counts, below, here, room[0]) + _spread(counts, above, here, room[1])
    return with_current([short[place] for place in places[:steps]], now)


def spread(low: float, high: float, steps: int) -> tuple[float, ...]:
    """Return `steps` thresholds from one end to the other, evenly spaced and both included.

    Those between the ends are rounded to a hundredth of a step: they are read by people.
    """
    if steps == 1 or low == high:
        return (low,)
    length = (high - low) / (steps - 1)
    places = _SPREAD_DIGITS - math.floor(math.log10(abs(length)))
    between = (round(low + length * step, places) for step in range(1, steps - 1))
    return (low, *between, high)


def with_current(values: Sequence[float], current: float) -> tuple[float, ...]:
    """Return thresholds in ascending order, the current one among them, each once."""
    return tuple(sorted({*values, current}))


def _ordered(turning: Turning, found: Sequence[float], now: float) -> tuple[list[int], list[float]]:
    """Return, ascending, the values with the current threshold, and how many each would hit."""
    beyond = [_beyond(turning.operator, found)] if found else []
    values = np.array(sorted({*found, *beyond, now}))
    observed = np.sort(turning.values())
    inclusive = turning.operator in (Operator.GTE, Operator.LT)
    below = np.searchsorted(observed, values, side="left" if inclusive else "right")
    upward = turning.operator in (Operator.GTE, Operator.GT)
    return (len(observed) - below if upward else below).tolist(), values.tolist()


def _beyond(operator: Operator, found: Sequence[float]) -> float:
    """Return a number next to what was observed: one that hits nobody more, or all of them."""
    if operator in (Operator.GTE, Operator.LT):
        return -_below(-found[-1])
    return _below(found[0])


def _below(value: float) -> float:
    if value.is_integer() and abs(value) < _WHOLE:
        return value - 1
    return _rounded(math.nextafter(value, -math.inf), 2, ROUND_FLOOR)


def _changes(counts: Sequence[int], places: Sequence[int], here: int) -> list[int]:
    """Return, going away from the current threshold, the places that change who is hit."""
    kept, last = [], counts[here]
    for place in places:
        if counts[place] != last:
            kept.append(place)
            last = counts[place]
    return kept


def _spread(counts: Sequence[int], places: Sequence[int], here: int, most: int) -> list[int]:
    """Return so many of the places: the nearest, the farthest, and ever larger changes between."""
    if len(places) <= most or most <= 0:
        return list(places[: max(0, most)])
    change = [abs(counts[place] - counts[here]) for place in places]
    targets = np.geomspace(change[0], change[-1], most)
    picked = dict.fromkeys(min(int(n), len(places) - 1) for n in np.searchsorted(change, targets))
    spare = (number for number in range(len(places)) if number not in picked)
    while len(picked) < most:
        picked[next(spare)] = None
    return [places[number] for number in picked]


def _shortest(operator: Operator, values: Sequence[float], place: int) -> float:
    """Return the shortest number that hits whom the value at a place hits."""
    value = values[place]
    down = operator in (Operator.GTE, Operator.LT)
    beside = place - 1 if down else place + 1
    end = values[beside] if 0 <= beside < len(values) else (-math.inf if down else math.inf)
    # With nothing beside it, a number as short as can be would be far from what was observed.
    for digits in range(1 if math.isfinite(end) else _ENOUGH, _DIGITS):
        rounded = _rounded(value, digits, ROUND_FLOOR if down else ROUND_CEILING)
        if (end < rounded <= value) if down else (value <= rounded < end):
            return rounded
    return value


def _rounded(value: float, digits: int, towards: str) -> float:
    if value == 0:
        return value
    exact = Decimal(repr(value))
    unit = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    return float((exact / unit).to_integral_value(towards) * unit)


def _unordered(
    turning: Turning,
    found: Sequence[float],
    now: float,
    steps: int,
    allowed: Callable[[float], bool],
) -> tuple[float, ...]:
    """Return the nearest values at which others are hit than at any nearer one."""
    nearest = sorted(filter(allowed, found), key=lambda value: (abs(value - now), value))
    known, kept = {turning.hits(now)}, list[float]()
    for value in nearest[: _LOOKED_AT * steps]:
        hits = turning.hits(value)
        if hits not in known and len(kept) < steps:
            known.add(hits)
            kept.append(value)
    return with_current(kept, now)
