"""Members that carry a selection in most of what they send.

Of a member's share the smallest and the largest value that it could have are looked at; `counts`
says what each event adds to them.
"""

from __future__ import annotations

from fractions import Fraction

from engine.language.model import measure as m
from engine.signals.arithmetic import interval
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard
from engine.signals.measures.computation import (
    LOW_AND_HIGH,
    Computation,
    Counts,
    Family,
    Names,
    outputs,
)
from engine.signals.nodes import Carrying, Quantity

_NEGLIGIBLE = Fraction(1, 10**9)
"""Of fewer than 10^9 events, one is already a greater share than this."""


def _needs(measure: m.Carriers, names: Names) -> dict[str, Quantity]:
    where, of = names.selection(measure.where), names.selection(measure.of)
    surely, perhaps = chosen(of, State.IN), chosen(of, State.UNKNOWN)
    out, unknown = chosen(where, State.OUT), chosen(where, State.UNKNOWN)
    lowering = ((surely, out), (surely, unknown), (perhaps, out), (perhaps, unknown))
    share = Fraction(str(measure.at_least_share))
    if share < _NEGLIGIBLE:
        share = Fraction(0)
    source = Carrying(
        certain=guard(surely, chosen(where, State.IN)),
        possible=guard(chosen(of, State.POSSIBLE), chosen(where, State.POSSIBLE)),
        out=tuple(found for pair in lowering if (found := guard(*pair)) is not None),
        surely_out=guard(surely, out),
        numerator=share.numerator,
        denominator=share.denominator,
        window_us=measure.window_us,
    )
    return outputs(source, low="certain", high="possible")


def _column(_: m.Carriers, parts: Counts, _size: int) -> Column:
    low, high = parts["low"], parts["high"]
    return interval(low, high, members=low, unknown=high - low)


FAMILY: Family = {
    m.Carriers: Computation(_needs, _column, LOW_AND_HIGH),
}
