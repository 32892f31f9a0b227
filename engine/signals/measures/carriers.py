"""Members that carry a selection in most of what they send."""

from __future__ import annotations

from fractions import Fraction

from engine.language.model import measure as m
from engine.signals.arithmetic import interval
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard
from engine.signals.measures.computation import Computation, Counts, Family, Names, outputs
from engine.signals.nodes import Carrying, Quantity, State

_NEGLIGIBLE = Fraction(1, 10**9)
"""Of fewer than 10^9 events, one is already a greater share than this."""


def _needs(measure: m.Carriers, names: Names) -> dict[str, Quantity]:
    where = names.selection(measure.where)
    certain, possible = (guard(chosen(where, state)) for state in (State.IN, State.POSSIBLE))
    share = Fraction(str(measure.at_least_share))
    if share < _NEGLIGIBLE:
        share = Fraction(0)
    source = Carrying(certain, possible, share.numerator, share.denominator, measure.window_us)
    return outputs(source, low="certain", high="possible")


def _column(_: m.Carriers, parts: Counts, _size: int) -> Column:
    low, high = parts["low"], parts["high"]
    return interval(low, high, members=low, unknown=high - low)


FAMILY: Family = {
    m.Carriers: Computation(_needs, _column),
}
