"""Totals, means, extremes and quantiles of a numeric field."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.fields import FieldRef
from engine.language.model.selection import EVERYTHING, Selection
from engine.language.model.windowed import Windowed
from engine.language.words import RankMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Windowed):
    """Total of a numeric field."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean(Windowed):
    """Mean of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum(Windowed):
    """Smallest value of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum(Windowed):
    """Largest value of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile(Windowed):
    """The value of a numeric field below which a share `q` of the values lies.

    With n values x1 <= x2 <= ... the nearest rank is x_k with k = ceil(q n), at least 1; linear
    interpolation takes rank 1 + (n - 1) q (Hyndman and Fan 1996, types 1 and 7). Indeterminate
    below `min_of` events with a value.
    """

    field: FieldRef
    q: float
    method: RankMethod = RankMethod.NEAREST
    where: Selection = EVERYTHING
    min_of: int = 1
