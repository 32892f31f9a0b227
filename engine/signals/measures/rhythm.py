"""When events come: the busiest interval, and the gaps between events."""

from __future__ import annotations

import numpy as np

from engine.language.model import measure as m
from engine.signals.arithmetic import interval, variation
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard
from engine.signals.measures.computation import (
    Computation,
    Counts,
    Family,
    Names,
    Role,
    count,
    outputs,
)
from engine.signals.measures.counts import COUNT_BEHIND, count_needs
from engine.signals.nodes import Gaps, Peak, Quantity

_FEWEST_GAPS = 2
"""One gap has no deviation."""


def _busiest_needs(measure: m.Busiest, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    possible = guard(chosen(where, State.POSSIBLE))
    certain = guard(chosen(where, State.IN))
    source = None
    if possible is not None:
        source = Peak(certain, possible, measure.span_us, window)
    found = outputs(source, high="possible")
    low = outputs(None if certain is None else source, low="certain")
    return found | low | {"unknown": count(window, chosen(where, State.UNKNOWN))}


def _gap_needs(measure: m.GapCv, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    inside = guard(chosen(where, State.IN))
    source = None if inside is None else Gaps(inside, window)
    found = outputs(source, gaps="gaps", total_ms="total", squares="squares")
    return found | count_needs(m.Count(where=measure.where, window_us=window), names)


def _busiest_column(_: m.Busiest, parts: Counts, _size: int) -> Column:
    low, unknown = parts["low"], parts["unknown"]
    return interval(low, parts["high"], events=low, unknown=unknown)


def _gap_cv_column(measure: m.GapCv, parts: Counts, _size: int) -> Column:
    events, unknown, gaps = parts["events"], parts["unknown"], parts["gaps"]
    total, squares = parts["total_ms"], parts["squares"]
    void = (events < measure.min_events) | (unknown > 0) | (gaps < _FEWEST_GAPS) | (total == 0)
    value = np.zeros(len(events))
    for at in np.flatnonzero(~void).tolist():
        value[at] = variation(int(gaps[at]), int(total[at]), int(squares[at]))
    return interval(
        value, value, void=void, events=events, unknown=unknown, gaps=gaps, total_ms=total
    )


_BUSIEST_BEHIND = {"low": Role.COUNTED, "unknown": Role.UNKNOWN}
"""`low` is of the busiest interval, `unknown` of the whole window."""

FAMILY: Family = {
    m.Busiest: Computation(_busiest_needs, _busiest_column, _BUSIEST_BEHIND),
    m.GapCv: Computation(_gap_needs, _gap_cv_column, COUNT_BEHIND),
}
