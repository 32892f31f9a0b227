"""Totals, means and extremes of a numeric field."""

from __future__ import annotations

import math

import numpy as np

from engine.language.model import measure as m
from engine.signals.arithmetic import exact_sum, interval, ratio
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import chosen, measured
from engine.signals.literals import scale, signed
from engine.signals.measures.computation import (
    Computation,
    Counts,
    Family,
    Names,
    Role,
    aggregate,
    count,
)
from engine.signals.nodes import Operation, Quantity


def _numeric_needs(
    measure: m.Sum | m.Mean | m.Minimum | m.Maximum, names: Names
) -> dict[str, Quantity]:
    where, field = names.selection(measure.where), names.field(measure.field)
    window, inside = measure.window_us, chosen(where, State.IN)
    perhaps, valued = chosen(where, State.UNKNOWN), measured(field, State.VALUED)
    operation = {
        m.Sum: Operation.SUM, m.Mean: Operation.SUM,
        m.Minimum: Operation.MINIMUM, m.Maximum: Operation.MAXIMUM,
    }[type(measure)]  # fmt: skip
    found: dict[str, Quantity] = {
        "value": aggregate(operation, field.name, window, inside, valued),
        "events": count(window, inside, valued),
        "missing": count(window, chosen(where, State.POSSIBLE), measured(field, State.MISSING)),
        "unsure": count(window, perhaps, valued),
    }
    if isinstance(measure, m.Sum):
        found["unsure_value"] = aggregate(Operation.SUM, field.name, window, perhaps, valued)
    return found


def _sum_column(measure: m.Sum, parts: Counts, _size: int) -> Column:
    """Of a field without negative values, missing ones can only add."""
    field = measure.field.field
    scaled = np.full_like(parts["events"], scale(field))
    unknown, total = parts["missing"] + parts["unsure"], parts["value"]
    low, high = ratio(total, scaled), ratio(exact_sum(total, parts["unsure_value"]), scaled)
    return interval(
        low,
        np.where(parts["missing"] > 0, math.inf, high),
        void=(unknown > 0) if signed(field) else None,
        events=parts["events"],
        unknown=unknown,
        total=total,
    )


def _mean_column(measure: m.Mean, parts: Counts, _size: int) -> Column:
    unknown, events = parts["missing"] + parts["unsure"], parts["events"]
    scaled = events * scale(measure.field.field)
    value = ratio(parts["value"], scaled)
    void = (events == 0) | (unknown > 0)
    return interval(value, value, void=void, events=events, unknown=unknown, total=parts["value"])


def _extreme_column(measure: m.Minimum | m.Maximum, parts: Counts, _size: int) -> Column:
    """Leave open the side to which an undecided event could move the extreme."""
    unknown, events = parts["missing"] + parts["unsure"], parts["events"]
    value = ratio(parts["value"], np.full_like(events, scale(measure.field.field)))
    below = isinstance(measure, m.Minimum)
    low = np.where(unknown > 0, -math.inf, value) if below else value
    high = value if below else np.where(unknown > 0, math.inf, value)
    return interval(low, high, void=events == 0, events=events, unknown=unknown)


_BEHIND = {"events": Role.COUNTED, "missing": Role.UNKNOWN, "unsure": Role.UNKNOWN}

FAMILY: Family = {
    m.Sum: Computation(_numeric_needs, _sum_column, _BEHIND),
    m.Mean: Computation(_numeric_needs, _mean_column, _BEHIND),
    m.Minimum: Computation(_numeric_needs, _extreme_column, _BEHIND),
    m.Maximum: Computation(_numeric_needs, _extreme_column, _BEHIND),
}
