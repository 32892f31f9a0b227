"""How a field's values are spread: their number, the commonest, their entropy."""

from __future__ import annotations

import math

import numpy as np

from engine.language.model import measure as m
from engine.signals.arithmetic import (
    Numbers,
    exact_sum,
    floats,
    interval,
    normalised_entropy,
    ratio,
)
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard, measured
from engine.signals.measures.computation import (
    Computation,
    Counts,
    Family,
    Names,
    Role,
    aggregate,
    by_subject,
    count,
    outputs,
    rows_of,
)
from engine.signals.nodes import Operation, Quantity, Run, Spectrum


def _valued_needs(
    measure: m.Distinct | m.TopShare | m.Entropy, names: Names
) -> dict[str, Quantity]:
    where, field = names.selection(measure.where), names.field(measure.field)
    window, inside = measure.window_us, chosen(where, State.IN)
    perhaps = chosen(where, State.UNKNOWN)
    many, valued = field.ref.field.type.is_list, measured(field, State.VALUED)
    found = {
        "events": count(window, inside, measured(field, State.KNOWN)),
        "missing": count(window, inside, measured(field, State.MISSING)),
        "unsure": count(window, perhaps),
        "unsure_valued": count(window, perhaps, valued),
        "unsure_missing": count(window, perhaps, measured(field, State.MISSING)),
    }
    if many:
        found["unsure_elements"] = aggregate(Operation.LENGTHS, field.name, window, perhaps, valued)
    values = guard(inside, valued)
    source = None if values is None else Spectrum(field.name, many, values, window)
    if isinstance(measure, m.Entropy):
        return found | outputs(source, rows="rows")
    return found | outputs(source, distinct="distinct", total="total", top="top")


def _distinct_column(measure: m.Distinct, parts: Counts, _size: int) -> Column:
    """Each undecided event may bring a new value; a list that is missing, any number of them."""
    distinct = parts["distinct"]
    missing = parts["missing"] + parts["unsure_missing"]
    unknown = parts["missing"] + parts["unsure"]
    if measure.field.field.type.is_list:
        more = floats(exact_sum(distinct, parts["unsure_elements"]))
        high = np.where(missing > 0, math.inf, more)
    else:
        high = distinct + missing + parts["unsure_valued"]
    return interval(distinct, high, events=parts["events"], unknown=unknown, distinct=distinct)


def _top_share_column(measure: m.TopShare, parts: Counts, _size: int) -> Column:
    """Undecided events may all carry the commonest value, or each one of its own.

    Of a list field it is elements that are shared out, and a missing list may hold any number.
    """
    top, missing = parts["top"], parts["missing"] + parts["unsure_missing"]
    if measure.field.field.type.is_list:
        events, more = parts["total"], parts["unsure_elements"]
    else:
        events, more = parts["events"], parts["missing"] + parts["unsure"]
    low, high = ratio(top, events + more), ratio(top + more, events + more)
    if measure.field.field.type.is_list:
        low, high = np.where(missing > 0, 0.0, low), np.where(missing > 0, 1.0, high)
    return interval(
        low,
        high,
        void=events < max(measure.min_of, 1),
        events=events,
        unknown=parts["missing"] + parts["unsure"],
        top=top,
    )


def _entropy_column(measure: m.Entropy, parts: Counts, size: int) -> Column:
    rows = rows_of(parts)
    unknown = parts["missing"] + parts["unsure"]
    value, total = np.zeros(size), np.zeros(size, dtype=np.int64)
    for subject, spectrum in by_subject(rows):
        value[subject] = normalised_entropy(spectrum)
        total[subject] = sum(n * many for n, many in spectrum)
    void = (total < max(measure.min_of, 1)) | (unknown > 0)
    return interval(value, value, void=void, events=total, unknown=unknown)


def _run_needs(measure: m.LongestRun, names: Names) -> dict[str, Quantity]:
    where, field = names.selection(measure.where), names.field(measure.field)
    many, window = field.ref.field.type.is_list, measure.window_us
    found: dict[str, Quantity] = {}
    for part, state in (("low", State.IN), ("high", State.POSSIBLE)):
        values = guard(chosen(where, state), measured(field, State.VALUED))
        source = None if values is None else Run(field.name, many, values, window)
        found |= outputs(source, **{part: "longest"})
    missing = chosen(where, State.POSSIBLE), measured(field, State.MISSING)
    return {
        **found,
        "events": count(window, chosen(where, State.IN), measured(field, State.KNOWN)),
        "unsure": count(window, chosen(where, State.UNKNOWN), measured(field, State.KNOWN)),
        "missing": count(window, *missing),
    }


def _run_column(measure: m.LongestRun, parts: Counts, _size: int) -> Column:
    """Each missing number may join two runs, or add to one; a missing list, any number of them."""
    missing, longest = parts["missing"], parts["high"]
    most: Numbers = (missing + 1) * longest + missing
    if measure.field.field.type.is_list:
        most = np.where(missing > 0, math.inf, longest)
    unknown = missing + parts["unsure"]
    return interval(parts["low"], most, events=parts["events"], unknown=unknown)


_BEHIND = {"events": Role.COUNTED, "missing": Role.UNKNOWN, "unsure": Role.UNKNOWN}

FAMILY: Family = {
    m.LongestRun: Computation(_run_needs, _run_column, _BEHIND),
    m.Distinct: Computation(_valued_needs, _distinct_column, _BEHIND),
    m.TopShare: Computation(_valued_needs, _top_share_column, _BEHIND),
    m.Entropy: Computation(_valued_needs, _entropy_column, _BEHIND),
}
