"""Counts and shares: how many events are selected, of how many.

Share of `where` over `of`. An event is in, out of, or unknown to each of the two. Whatever is
unknown could have been recorded either way, each event on its own. It then adds one of these to
(numerator, denominator):

=========  ==============  ================  ===========================
of         where in        where out         where unknown
=========  ==============  ================  ===========================
in         (1,1)     a     (0,1)     b       (0,1) or (1,1)           c
unknown    (0,0),(1,1)  p  (0,0),(0,1)  q    (0,0), (0,1) or (1,1)    r
=========  ==============  ================  ===========================

Adding (1,1) never lowers a share of at most 1 and adding (0,1) never raises one of at least 0, so
the largest share takes (1,1) for c, p and r and leaves q out: (a+c+p+r) / (a+b+c+p+r); the smallest
takes (0,1) for c, q and r and leaves p out: a / (a+b+c+q+r). Both are attained. Below `min_of`
events certainly in `of`, a + b + c, nothing is said.
"""

from __future__ import annotations

from engine.language.model import measure as m
from engine.signals.arithmetic import interval, ratio
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import chosen
from engine.signals.measures.computation import (
    Computation,
    Counts,
    Family,
    Names,
    Role,
    count,
)
from engine.signals.nodes import Quantity

COUNT_BEHIND = {"events": Role.COUNTED, "unknown": Role.UNKNOWN}
"""The events behind what `count_needs` asks for."""


def count_needs(measure: m.Count, names: Names) -> dict[str, Quantity]:
    """Return the events that are selected, and those that may be."""
    where, window = names.selection(measure.where), measure.window_us
    return {
        "events": count(window, chosen(where, State.IN)),
        "unknown": count(window, chosen(where, State.UNKNOWN)),
    }


def _share_needs(measure: m.Share, names: Names) -> dict[str, Quantity]:
    where, of = names.selection(measure.where), names.selection(measure.of)
    window = measure.window_us
    surely, perhaps = chosen(of, State.IN), chosen(of, State.UNKNOWN)
    return {
        "in_of": count(window, surely, chosen(where, State.IN)),
        "out_of": count(window, surely, chosen(where, State.OUT)),
        "unknown_of": count(window, surely, chosen(where, State.UNKNOWN)),
        "in_perhaps": count(window, perhaps, chosen(where, State.IN)),
        "out_perhaps": count(window, perhaps, chosen(where, State.OUT)),
        "unknown_perhaps": count(window, perhaps, chosen(where, State.UNKNOWN)),
    }


def _count_column(_: m.Count, parts: Counts, _size: int) -> Column:
    events, unknown = parts["events"], parts["unknown"]
    return interval(events, events + unknown, events=events, unknown=unknown)


def _share_column(measure: m.Share, parts: Counts, _size: int) -> Column:
    certain = parts["in_of"] + parts["out_of"] + parts["unknown_of"]
    unsure = parts["unknown_of"] + parts["unknown_perhaps"]
    most = parts["in_of"] + unsure + parts["in_perhaps"]
    return interval(
        ratio(parts["in_of"], certain + parts["out_perhaps"] + parts["unknown_perhaps"]),
        ratio(most, most + parts["out_of"]),
        void=certain < max(measure.min_of, 1),
        events=parts["in_of"],
        of=certain,
        unknown=unsure + parts["in_perhaps"] + parts["out_perhaps"],
    )


_SHARED_OUT = {
    "in_of": Role.COUNTED,
    "out_of": Role.BESIDE,
    "unknown_of": Role.UNKNOWN,
    "in_perhaps": Role.UNKNOWN,
    "out_perhaps": Role.UNKNOWN,
    "unknown_perhaps": Role.UNKNOWN,
}

FAMILY: Family = {
    m.Count: Computation(count_needs, _count_column, COUNT_BEHIND),
    m.Share: Computation(_share_needs, _share_column, _SHARED_OUT),
}
