"""Whether members repeat the prompts of each other, or divide them up."""

from __future__ import annotations

import math

import numpy as np

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.signals.arithmetic import interval
from engine.signals.atoms import State
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard, measured
from engine.signals.measures.computation import (
    Computation,
    Counts,
    Family,
    Names,
    Role,
    by_subject,
    count,
    outputs,
    rows_of,
)
from engine.signals.nodes import Collisions, Quantity


def _needs(measure: m.PartitionIndex, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    field, prompt = names.field(measure.field), names.field(FieldRef("prompt_hash"))
    inside = chosen(where, State.IN)
    template, hashed = measured(field, State.VALUED), measured(prompt, State.VALUED)
    compared = guard(inside, template, hashed)
    source = None if compared is None else Collisions(field.name, prompt.name, compared, window)
    templated = measured(field, State.CANDIDATE)
    return {
        "compared": count(window, inside, template, hashed),
        "unknown": count(window, chosen(where, State.UNKNOWN), templated),
        "untemplated": count(window, inside, measured(field, State.MISSING)),
        "unhashed": count(window, inside, template, measured(prompt, State.MISSING)),
        **outputs(source, rows="rows"),
    }


def _column(_: m.PartitionIndex, parts: Counts, size: int) -> Column:
    rows = rows_of(parts)
    unknown = parts["unknown"] + parts["untemplated"] + parts["unhashed"]
    # Whose templates are all different repeats nobody: 1, if anything was compared.
    value, observed = np.ones(size), np.zeros(size, dtype=np.int64)
    for subject, templates in by_subject(rows):
        expected = math.fsum(pairs / (2 * prompts) for prompts, pairs, _ in templates)
        observed[subject] = sum(seen for _, _, seen in templates)
        if expected > 0:
            value[subject] = 1 - int(observed[subject]) / expected
    void = (parts["compared"] == 0) | (unknown > 0)
    return interval(value, value, void=void, observed=observed, unknown=unknown)


_BEHIND = {
    "rows": Role.COUNTED,
    "unknown": Role.UNKNOWN,
    "untemplated": Role.UNKNOWN,
    "unhashed": Role.UNKNOWN,
}

FAMILY: Family = {
    m.PartitionIndex: Computation(_needs, _column, _BEHIND),
}
