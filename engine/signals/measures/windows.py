"""Events that end an interval with a certain content."""

from __future__ import annotations

from fractions import Fraction

from engine.language.model import measure as m
from engine.language.model.selection import Selection
from engine.language.words import RankMethod
from engine.signals.arithmetic import interval
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard
from engine.signals.intervals import (
    Amount,
    Content,
    Kind,
    Limit,
    Presence,
    Progress,
    Quantile,
    Reduction,
    Tally,
    Variety,
    Windows,
)
from engine.signals.literals import scale, signed
from engine.signals.measures.computation import (
    LOW_AND_HIGH,
    Computation,
    Counts,
    Family,
    Names,
    outputs,
    values_of,
)
from engine.signals.nodes import Quantity


def _needs(measure: m.Windows, names: Names) -> dict[str, Quantity]:
    inner = measure.inner
    of = inner.of if isinstance(inner, m.Kinds | m.Steps) else (inner.where,)
    kinds = tuple(kind for selection in of for kind in _kinds(selection, names))
    source = None
    if kinds:
        limits = tuple(_limit(bound, inner) for bound in measure.bounds)
        content = _content(inner, names)
        source = Windows(kinds, content, measure.span_us, limits, measure.window_us)
    return outputs(source, low="certain", high="possible")


def _limit(bound: m.Bound, inner: m.Inner) -> Limit:
    units = 1
    if isinstance(inner, m.Sum | m.Mean | m.Minimum | m.Maximum | m.Quantile):
        units = scale(inner.field.field)
    return Limit(bound.operator, Fraction(str(bound.threshold)) * units)


def _kinds(selection: Selection, names: Names) -> tuple[Kind, ...]:
    """Return the events of a selection; nothing when no event can be one."""
    where = names.selection(selection)
    possible = guard(chosen(where, State.POSSIBLE))
    return () if possible is None else (Kind(guard(chosen(where, State.IN)), possible),)


def _content(inner: m.Inner, names: Names) -> Content:
    match inner:
        case m.Count():
            return Tally()
        case m.Kinds():
            return Presence(inner.ordered)
        case m.Steps():
            return Progress()
    values = values_of(inner.field, inner.where, names)
    match inner:
        case m.Distinct():
            return Variety(values, inner.field.field.type.is_list)
        case m.Quantile():
            linear = inner.method is RankMethod.LINEAR
            return Quantile(values, Fraction(str(inner.q)), linear, max(inner.min_of, 1))
    return Amount(_REDUCTIONS[type(inner)], values, signed(inner.field.field))


_REDUCTIONS = {
    m.Sum: Reduction.SUM, m.Mean: Reduction.MEAN,
    m.Minimum: Reduction.MINIMUM, m.Maximum: Reduction.MAXIMUM,
}  # fmt: skip


def _column(_: m.Windows, parts: Counts, _size: int) -> Column:
    low, high = parts["low"], parts["high"]
    return interval(low, high, events=low, unknown=high - low)


FAMILY: Family = {
    m.Windows: Computation(_needs, _column, LOW_AND_HIGH),
}
