"""The values of a field: how many there are, and how evenly they are spread."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.fields import FieldRef
from engine.language.model.selection import EVERYTHING, Selection
from engine.language.model.windowed import Windowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct(Windowed):
    """Number of different values of a field (of the elements, for a list field)."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestRun(Windowed):
    """Most consecutive whole numbers among the values of a field: 5, 7, 6 and 9 have a run of 3.

    Whoever reads a model's output layer token by token leaves one long run (DOMAIN I12).
    """

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class TopShare(Windowed):
    """Share of the events that carry the commonest value; indeterminate below `min_of` events."""

    field: FieldRef
    where: Selection = EVERYTHING
    min_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entropy(Windowed):
    """Shannon entropy over log2 of the number of values, 0 to 1; 0 when there is one value."""

    field: FieldRef
    where: Selection = EVERYTHING
    min_of: int = 1
