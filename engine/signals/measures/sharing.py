"""Members that have a value in common with another member."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from engine.language.model import measure as m
from engine.signals.arithmetic import interval, ratio
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import any_value, chosen, guard, measured
from engine.signals.measures.computation import Computation, Counts, Family, Names, Role, outputs
from engine.signals.nodes import Quantity, Sharing


def _needs(measure: m.Shared, names: Names) -> dict[str, Quantity]:
    field, where = names.field(measure.field), names.selection(measure.where)
    source = Sharing(
        field.name,
        field.ref.field.type.is_list,
        field.ref.of_account,
        guard(chosen(where, State.IN), measured(field, State.VALUED)),
        any_value(where, field),
        measure.window_us,
        *_part(measure),
    )
    parts = ("members", "sharing", "open", "lone", "unknown")
    return outputs(source, **{part: part for part in parts})


def _part(measure: m.Shared) -> tuple[int, int]:
    share = Fraction(str(measure.at_least_share))
    return share.numerator, share.denominator


def _column(measure: m.Shared, parts: Counts, _size: int) -> Column:
    """Each missing value may be that of another member, and then makes both share it.

    Where a part of what a member sends must be shared, this is more than can be, so a bound.

    `open` members share nothing known and lack something; `lone` ones lack nothing and hold values
    of their own, one of which a missing value elsewhere may turn out to be. Nobody shares alone.
    """
    members, sharing = parts["members"], parts["sharing"]
    joined = parts["lone"]
    if not measure.field.field.type.is_list:
        joined = np.minimum(joined, parts["unknown"])
    joined = np.where(parts["unknown"] > 0, joined, 0)
    most = np.where(members > 1, sharing + parts["open"] + joined, 0)
    return interval(
        ratio(sharing, members),
        ratio(most, members),
        members=members,
        sharing=sharing,
        unknown=parts["open"],
    )


_BEHIND = {"sharing": Role.COUNTED, "unknown": Role.UNKNOWN}
"""Events that carry a value, shared or not; none where the field is the account's own."""

FAMILY: Family = {
    m.Shared: Computation(_needs, _column, _BEHIND),
}
