"""Facts: a signal's value for each subject, as an interval, with the counts it came from.

A value is an interval because some events may lack the fields that the signal needs: `low` and
`high` are the smallest and the largest value it could have had, had they been recorded. A fully
known value has low == high; a value of which nothing is known is [-inf, inf].
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.language.canonical import digest
from engine.language.model.measure import Measure
from engine.language.words import SubjectKind

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def signal_key(measure: Measure) -> str:
    """Return the identity of a measure: equal measures of different policies are one signal."""
    return f"s{digest(measure)[:16]}"


@dataclass(frozen=True, slots=True)
class Fact:
    """One signal of one subject."""

    key: str
    low: float
    high: float
    counts: Mapping[str, float]
    """The numbers behind the value, by name; `events` and `unknown` where they apply.

    They are the engine's integers, and for a cohort the median and deviation of the peers: with
    the value itself all that it takes to compute it again without the peers.
    """

    @property
    def known(self) -> bool:
        return self.low == self.high

    @property
    def void(self) -> bool:
        """Nothing at all is known of the value."""
        return math.isinf(self.low) and math.isinf(self.high)


@dataclass(frozen=True, slots=True)
class Column:
    """One signal over all subjects of a table, in the table's order."""

    low: Floats
    high: Floats
    counts: Mapping[str, Integers | Floats]


@dataclass(frozen=True, slots=True)
class FactTable:
    """All signals of all subjects of one kind; `subjects` is sorted and unique."""

    kind: SubjectKind
    subjects: tuple[str, ...]
    columns: Mapping[str, Column]
    """By `signal_key`."""

    def fact(self, row: int, key: str) -> Fact:
        """Return one signal of one subject."""
        column = self.columns[key]
        counts = {name: values.item(row) for name, values in column.counts.items()}
        return Fact(key, column.low.item(row), column.high.item(row), counts)

    def facts(self, row: int, keys: tuple[str, ...]) -> dict[str, Fact]:
        """Return the facts of one subject for the signals asked for."""
        return {key: self.fact(row, key) for key in keys}
