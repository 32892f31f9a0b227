"""What comes together, and what comes in order.

More events of a step that must happen never make fewer intervals, more events of an absent step
never more. So the fewest come of the events that certainly happen without all that possibly do
where something must be absent, the most the other way round. Both are attained where no event is
unknown to two steps at once.
"""

from __future__ import annotations

from engine.language.model import measure as m
from engine.language.model.selection import Selection
from engine.signals.arithmetic import interval
from engine.signals.atoms import Guard, State
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard
from engine.signals.intervals import Sequence, Together, Wanted
from engine.signals.measures.computation import (
    LOW_AND_HIGH,
    Computation,
    Counts,
    Family,
    Names,
    outputs,
)
from engine.signals.nodes import Quantity


def _needs(measure: m.Together | m.Sequence, names: Names) -> dict[str, Quantity]:
    low = _source(measure, State.IN, State.POSSIBLE, names)
    high = _source(measure, State.POSSIBLE, State.IN, names)
    return outputs(low, low="events") | outputs(high, high="events")


def _source(
    measure: m.Together | m.Sequence, wanted: State, unwanted: State, names: Names
) -> Together | Sequence | None:
    """Return what counts the steps; nothing where one that must happen never can."""

    def events(selection: Selection, state: State) -> Guard | None:
        return guard(chosen(names.selection(selection), state))

    steps = tuple(
        Wanted(events(step.where, unwanted if step.absent else wanted), step.absent)
        for step in measure.steps
    )
    if any(step.guard is None and not step.absent for step in steps):
        return None
    if isinstance(measure, m.Sequence):
        return Sequence(steps, measure.within_us, measure.window_us)
    among = events(measure.where, wanted)
    if among is None:
        return None
    return Together(steps, among, measure.ordered, measure.within_us, measure.window_us)


def _column(_: m.Together | m.Sequence, parts: Counts, _size: int) -> Column:
    low, high = parts["low"], parts["high"]
    return interval(low, high, events=low, unknown=high - low)


FAMILY: Family = {
    m.Together: Computation(_needs, _column, LOW_AND_HIGH),
    m.Sequence: Computation(_needs, _column, LOW_AND_HIGH),
}
