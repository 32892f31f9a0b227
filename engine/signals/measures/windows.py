"""Events that end an interval with a certain content."""

from __future__ import annotations

from fractions import Fraction

from engine.language.model import measure as m
from engine.language.model.selection import Selection
from engine.signals.arithmetic import interval
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard
from engine.signals.measures.computation import Computation, Counts, Family, Names, outputs
from engine.signals.nodes import (
    Content,
    Kind,
    Limit,
    Presence,
    Progress,
    Quantity,
    State,
    Tally,
    Windows,
)


def _needs(measure: m.Windows, names: Names) -> dict[str, Quantity]:
    inner = measure.inner
    of = inner.of if isinstance(inner, m.Kinds | m.Steps) else (inner.where,)
    kinds = tuple(kind for selection in of for kind in _kinds(selection, names))
    if not kinds:
        return outputs(None, low="certain", high="possible")
    limits = tuple(Limit(one.operator, Fraction(str(one.threshold))) for one in measure.bounds)
    source = Windows(kinds, _content(inner), measure.span_us, limits, measure.window_us)
    return outputs(source, low="certain", high="possible")


def _kinds(selection: Selection, names: Names) -> tuple[Kind, ...]:
    """Return the events of a selection; nothing when no event can be one."""
    where = names.selection(selection)
    possible = guard(chosen(where, State.POSSIBLE))
    return () if possible is None else (Kind(guard(chosen(where, State.IN)), possible),)


def _content(inner: m.Inner) -> Content:
    match inner:
        case m.Count():
            return Tally()
        case m.Kinds():
            return Presence(inner.ordered)
        case m.Steps():
            return Progress()
    raise NotImplementedError


def _column(_: m.Windows, parts: Counts, _size: int) -> Column:
    low, high = parts["low"], parts["high"]
    return interval(low, high, events=low, unknown=high - low)


FAMILY: Family = {
    m.Windows: Computation(_needs, _column),
}
