"""The quantile of a numeric field.

With n known values and u events that may have one more each, the lowest the quantile can be is that
of all n + u with every unknown value below the known ones, the highest with every one above; values
left out move it less. Where the rank then falls on an unknown value, that end is open.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from engine.language.model import measure as m
from engine.language.words import RankMethod
from engine.signals.arithmetic import Numbers, interval, ratio
from engine.signals.atoms import State
from engine.signals.facts import Column, Floats
from engine.signals.guards import chosen, measured
from engine.signals.intervals import Ranks
from engine.signals.literals import scale
from engine.signals.measures.computation import (
    Computation,
    Counts,
    Family,
    Names,
    Role,
    count,
    outputs,
    values_of,
)
from engine.signals.nodes import Quantity


def _needs(measure: m.Quantile, names: Names) -> dict[str, Quantity]:
    where, field = names.selection(measure.where), names.field(measure.field)
    window, valued = measure.window_us, measured(field, State.VALUED)
    values = values_of(measure.field, measure.where, names)
    source = Ranks(values, Fraction(str(measure.q)), _linear(measure), window)
    found = outputs(
        None if values.counted is None else source,
        low="low", low_next="low_next", high="high", high_next="high_next",
    )  # fmt: skip
    return found | {
        "events": count(window, chosen(where, State.IN), valued),
        "missing": count(window, chosen(where, State.POSSIBLE), measured(field, State.MISSING)),
        "unsure": count(window, chosen(where, State.UNKNOWN), valued),
    }


def _linear(measure: m.Quantile) -> bool:
    return measure.method is RankMethod.LINEAR


def _column(measure: m.Quantile, parts: Counts, _size: int) -> Column:
    events, unknown = parts["events"], parts["missing"] + parts["unsure"]
    place, rest = _places(measure, events + unknown)
    low = _between(measure, parts["low"], parts["low_next"], rest)
    high = _between(measure, parts["high"], parts["high_next"], rest)
    last = place + (rest > 0)
    return interval(
        np.where(place < unknown, -math.inf, low),
        np.where(last >= events, math.inf, high),
        void=events < max(measure.min_of, 1),
        events=events,
        unknown=unknown,
    )


def _places(measure: m.Quantile, number: Numbers) -> tuple[Numbers, Numbers]:
    """Return the place from 0 among so many values, and the rest over the denominator of `q`."""
    q = Fraction(str(measure.q))
    if _linear(measure):
        gaps = np.maximum(number - 1, 0) * q.numerator
        return gaps // q.denominator, gaps % q.denominator
    ranks = -(-number * q.numerator // q.denominator)
    return np.maximum(ranks - 1, 0), np.zeros_like(number)


def _between(measure: m.Quantile, value: Numbers, following: Numbers, rest: Numbers) -> Floats:
    """Return the values, or the points between them and those that follow, rounded once."""
    parts, units = Fraction(str(measure.q)).denominator, scale(measure.field.field)
    if not _linear(measure):
        return ratio(value, np.full_like(value, units))
    value, following, rest = (one.astype(object) for one in (value, following, rest))
    return ratio(value * (parts - rest) + following * rest, np.full_like(value, parts * units))


_BEHIND = {"events": Role.COUNTED, "missing": Role.UNKNOWN, "unsure": Role.UNKNOWN}

FAMILY: Family = {
    m.Quantile: Computation(_needs, _column, _BEHIND),
}
