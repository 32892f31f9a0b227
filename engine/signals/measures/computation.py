"""What a measure is to the plan: the integers it needs counted, and its value from them.

Events that a selection or a field does not decide are counted apart, so that a value can be told
from the smallest to the largest that it could have been.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.language.fields import FieldRef
from engine.language.model.selection import Selection
from engine.signals.arithmetic import Numbers
from engine.signals.atoms import Atom, Chosen, Measured, State
from engine.signals.facts import Column
from engine.signals.guards import chosen, guard, measured
from engine.signals.intervals import Values
from engine.signals.nodes import Aggregate, Operation, Output, Quantity, Source, Zero

Counts = Mapping[str, Numbers]
"""The integers of a signal by name, each over all subjects; `rows` is a table of them."""


@dataclass(frozen=True, slots=True)
class Names:
    """The columns that selections, fields and approvals were given."""

    selection: Callable[[Selection], Chosen]
    field: Callable[[FieldRef], Measured]
    approval: Callable[[str], str]
    compared: str = ""
    """The key of the signal that the measure compares."""


class Role(Enum):
    """What an event, or an account, is to a measure."""

    COUNTED = "counted"
    BESIDE = "not counted"  # but looked at: in `of` and out of `where`, it makes a share smaller
    UNKNOWN = "unknown"  # it may count, for all that is known


LOW_AND_HIGH: Mapping[str, Role] = {"low": Role.COUNTED, "high": Role.UNKNOWN}
"""Of a measure that looks for events twice: what certainly counts, and what possibly does."""


@dataclass(frozen=True, slots=True)
class Computation:
    """How one kind of measure is counted and computed."""

    needs: Callable[[Any, Names], dict[str, Quantity]]
    """The quantities of a measure by name."""
    column: Callable[[Any, Counts, int], Column]
    """The values over all subjects, from the counts by those names and the number of subjects."""
    behind: Mapping[str, Role] = field(default_factory=dict)
    """The quantities that say which events stand behind the value, in the order in which an event
    is looked for in them. Empty where a value rests on accounts alone."""


Family = Mapping[type, Computation]


def count(window_us: int | None, *conditions: Atom | bool) -> Quantity:
    """Return the number of events that satisfy all conditions."""
    return aggregate(Operation.COUNT, "", window_us, *conditions)


def aggregate(
    operation: Operation, column: str, window_us: int | None, *conditions: Atom | bool
) -> Quantity:
    """Return an aggregate over the events that satisfy all conditions; 0 when none can."""
    found = guard(*conditions)
    return Zero() if found is None else Aggregate(operation, column, found, window_us)


def values_of(ref: FieldRef, where: Selection, names: Names) -> Values:
    """Return which of the events of a selection have a value of a field, and which may have."""
    selection, field = names.selection(where), names.field(ref)
    valued, missing = measured(field, State.VALUED), measured(field, State.MISSING)
    return Values(
        field.name,
        counted=guard(chosen(selection, State.IN), valued),
        unsure=guard(chosen(selection, State.UNKNOWN), valued),
        unrecorded=guard(chosen(selection, State.POSSIBLE), missing),
    )


def outputs(source: Source | None, **parts: str) -> dict[str, Quantity]:
    """Return parts of a source by name; zeros where there is no source."""
    if source is None:
        return {name: Zero() for name in parts}
    return {name: Output(source, part) for name, part in parts.items()}


def rows_of(parts: Counts) -> NDArray[np.int64]:
    """Return the rows, none where the plan knew that there are none and counted 0."""
    rows = parts["rows"]
    return rows if rows.ndim > 1 else np.zeros((0, 2), dtype=np.int64)


def by_subject(rows: NDArray[np.int64]) -> list[tuple[int, list[tuple[int, ...]]]]:
    """Return the rows of each subject, from rows sorted by subject; the subject is left out."""
    subjects, starts = np.unique(rows[:, 0], return_index=True)
    pieces = np.split(rows[:, 1:], starts[1:])
    return [
        (int(subject), [tuple(row) for row in piece.tolist()])
        for subject, piece in zip(subjects, pieces, strict=False)
    ]
