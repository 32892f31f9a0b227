"""Members behind which there are many: at least so many different values of a field."""

from __future__ import annotations

from engine.language.model import measure as m
from engine.signals.arithmetic import interval, ratio
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import any_value, chosen, guard, measured
from engine.signals.measures.computation import Computation, Counts, Family, Names, Role, outputs
from engine.signals.nodes import Crowding, Quantity


def _needs(measure: m.Tenants, names: Names) -> dict[str, Quantity]:
    field, where = names.field(measure.field), names.selection(measure.where)
    source = Crowding(
        field.name,
        field.ref.field.type.is_list,
        guard(chosen(where, State.IN), measured(field, State.VALUED)),
        any_value(where, field),
        measure.at_least,
        measure.window_us,
    )
    return outputs(source, members="members", certain="certain", possible="possible")


def _column(_: m.Tenants, parts: Counts, _size: int) -> Column:
    members, certain, possible = parts["members"], parts["certain"], parts["possible"]
    return interval(
        ratio(certain, members),
        ratio(possible, members),
        members=members,
        crowded=certain,
        unknown=possible - certain,
    )


_BEHIND = {"certain": Role.COUNTED, "possible": Role.UNKNOWN}

FAMILY: Family = {
    m.Tenants: Computation(_needs, _column, _BEHIND),
}
