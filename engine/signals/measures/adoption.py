"""How much of its traffic a subject moves to a model on the model's first day.

Of one model the share is one over the day's events, so what is undecided moves it as `counts` says:
whether an event is on the model is always known. A model may certainly count, having enough events
on its day, or perhaps.
"""

from __future__ import annotations

import numpy as np

from engine.language.model import habit as h
from engine.signals.arithmetic import interval, ratio
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard
from engine.signals.measures.computation import Computation, Counts, Family, Names, count, outputs
from engine.signals.nodes import Adoption, Quantity


def _needs(measure: h.ReleaseShift, names: Names) -> dict[str, Quantity]:
    where, soon = names.selection(measure.where), names.selection(measure.soon)
    possible, certain = guard(chosen(where, State.POSSIBLE)), guard(chosen(where, State.IN))
    column, window = names.field(measure.field).name, measure.window_us
    source = None
    if possible is not None:
        source = Adoption(column, certain, possible, measure.soon.for_us, window)
    unreleased = (chosen(where, State.POSSIBLE), chosen(soon, State.UNKNOWN))
    return {"unreleased": count(window, *unreleased), **outputs(source, rows="rows")}


def _column(measure: h.ReleaseShift, parts: Counts, size: int) -> Column:
    rows = parts["rows"] if parts["rows"].ndim > 1 else np.zeros((0, 5), dtype=np.int64)
    subject, on, off, maybe_on, maybe_off = rows.T
    needed = max(measure.min_of, 1)
    certainly = on + off >= needed
    perhaps = on + off + maybe_on + maybe_off >= needed
    low, high = np.zeros(size), np.zeros(size)
    least, most = ratio(on, on + off + maybe_off), ratio(on + maybe_on, on + maybe_on + off)
    np.maximum.at(low, subject[certainly], least[certainly])
    np.maximum.at(high, subject[perhaps], most[perhaps])
    candidates, judged, open_ = (
        np.bincount(subject, weights=weights, minlength=size).astype(np.int64)
        for weights in (np.ones(len(subject)), certainly, maybe_on + maybe_off)
    )
    unreleased = parts["unreleased"]
    return interval(
        low,
        np.where(unreleased > 0, 1.0, high),
        void=(candidates > 0) & (judged == 0),
        models=judged,
        unknown=open_ + unreleased,
    )


FAMILY: Family = {
    h.ReleaseShift: Computation(_needs, _column),
}
