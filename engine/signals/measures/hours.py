"""In which hours there are events, and how evenly they are spread over the day."""

from __future__ import annotations

import numpy as np

from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.signals.arithmetic import interval, ratio
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
from engine.signals.nodes import Day, Quantity, Week

_HOURS = 24
_MOST_UNEVEN = 2 * (_HOURS - 1)
"""Sum of |24 n - N| over the hours, in units of N, when one hour holds all events."""


def _active_needs(measure: h.ActiveHours, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    possible, certain = guard(chosen(where, State.POSSIBLE)), guard(chosen(where, State.IN))
    source = None if possible is None else Week(certain, possible, window)
    return {
        **outputs(source, low="certain", high="possible"),
        "unknown": count(window, chosen(where, State.UNKNOWN)),
    }


def _active_column(_: h.ActiveHours, parts: Counts, _size: int) -> Column:
    return interval(parts["low"], parts["high"], hours=parts["low"], unknown=parts["unknown"])


def _flat_needs(measure: h.HourFlatness, names: Names) -> dict[str, Quantity]:
    inside = guard(chosen(names.selection(measure.where), State.IN))
    source = None if inside is None else Day(inside, measure.window_us)
    counted = count_needs(m.Count(where=measure.where, window_us=measure.window_us), names)
    return {**counted, **outputs(source, hours="hours", uneven="uneven")}


def _flat_column(measure: h.HourFlatness, parts: Counts, _size: int) -> Column:
    """Undecided events move the profile by at most their share of all.

    With u of them beside N known ones no hour's share changes by more, in total, than u / (N + u)
    moved from some hours to others, and the flatness by 24/23 of that.
    """
    events, unknown = parts["events"], parts["unknown"]
    uneven = parts["uneven"] + (_HOURS - parts["hours"]) * events
    most = _MOST_UNEVEN * events
    value = ratio(most - uneven, most)
    moved = ratio(_HOURS * unknown, (_HOURS - 1) * (events + unknown))
    return interval(
        np.maximum(value - moved, 0.0),
        np.minimum(value + moved, 1.0),
        void=events < max(measure.min_events, 1),
        events=events,
        unknown=unknown,
        hours=parts["hours"],
    )


_ACTIVE_BEHIND = {"low": Role.COUNTED, "unknown": Role.UNKNOWN}
"""Events of the hours that are counted."""

FAMILY: Family = {
    h.ActiveHours: Computation(_active_needs, _active_column, _ACTIVE_BEHIND),
    h.HourFlatness: Computation(_flat_needs, _flat_column, COUNT_BEHIND),
}
