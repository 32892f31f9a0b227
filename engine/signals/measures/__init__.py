"""Every measure, by family: what it needs counted, and its value from the counts."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language.model.measure import Measure
from engine.signals.facts import Column
from engine.signals.measures import (
    adoption,
    carriers,
    counts,
    crowding,
    hours,
    membership,
    numbers,
    order,
    partition,
    past,
    peers,
    quantile,
    rhythm,
    sharing,
    spread,
    windows,
)
from engine.signals.measures.computation import Computation, Counts, Names, Role
from engine.signals.nodes import Parts

_FAMILIES = (
    counts,
    numbers,
    quantile,
    spread,
    rhythm,
    windows,
    order,
    membership,
    carriers,
    partition,
    sharing,
    crowding,
    peers,
    hours,
    past,
    adoption,
)
_MEASURED: dict[type, Computation] = {
    kind: one for family in _FAMILIES for kind, one in family.FAMILY.items()
}


def needs(measure: Measure, names: Names) -> Parts:
    """Return the quantities of a measure by name."""
    return tuple(sorted(_MEASURED[type(measure)].needs(measure, names).items()))


def column(measure: Measure, parts: Counts, size: int) -> Column:
    """Return a signal over all `size` subjects from the integers of its parts."""
    return _MEASURED[type(measure)].column(measure, parts, size)


def behind(measure: Measure) -> Mapping[str, Role]:
    """Return the quantities that say which events stand behind a value, and what they are to it."""
    return _MEASURED[type(measure)].behind
