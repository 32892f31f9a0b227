"""What a cohort means, written down subject by subject, slowly and without a database."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from engine.activity.folding import fold
from engine.language.fields import FieldRef, FieldType
from engine.language.words import CohortScale

VOID = (-math.inf, math.inf)
Interval = tuple[float, float]
MIXED = ("mixed",)


@dataclass(frozen=True)
class Subject:
    """One subject: what its signal came to, and what it has in common with its peers."""

    value: Interval
    unknown: bool
    """Something that bears on its value is not recorded."""
    traits: tuple[Any, ...] | None
    """None where one of them is not recorded."""

    @property
    def placed(self) -> bool:
        return self.traits is not None and (self.value != VOID or self.unknown)


def standing(at: int, subjects: Sequence[Subject], scale: CohortScale, min_peers: int) -> Interval:
    """Return where one subject stands among the others."""
    own = subjects[at]
    peers = [
        one.value
        for number, one in enumerate(subjects)
        if number != at and one.placed and one.traits == own.traits
    ]
    if not own.placed or own.value == VOID or len(peers) < min_peers:
        return VOID
    return percentile(own.value, peers) if scale is CohortScale.PERCENTILE else z(own.value, peers)


def percentile(own: Interval, peers: Sequence[Interval]) -> Interval:
    """Return the percentile rank: a peer that is equal counts half."""

    def rank(value: float, others: Sequence[float]) -> float:
        twice = sum(2 * (other < value) + (other == value) for other in others)
        return twice / (2 * len(others))

    low, high = ([peer[end] for peer in peers] for end in (0, 1))
    return rank(own[0], high), rank(own[1], low)


def z(own: Interval, peers: Sequence[Interval]) -> Interval:
    """Return the modified z-score, exact where all values are, else bounds of it."""
    return z_over(own, peers, (0.0, 0.0))


def z_over(own: Interval, peers: Sequence[Interval], floors: tuple[float, float]) -> Interval:
    """Return the same with a scale that is no smaller than the floors of its ends."""
    middle = median(peer[0] for peer in peers), median(peer[1] for peer in peers)
    near = [max(low - middle[1], middle[0] - high, 0.0) for low, high in peers]
    far = [max(high - middle[0], middle[1] - low) for low, high in peers]
    scales = max(1.4826 * median(near), floors[0]), max(1.4826 * median(far), floors[1])
    above = own[0] - middle[1], own[1] - middle[0]
    if scales[1] == 0 and above != (0, 0):
        return VOID
    low = divided(above[0], scales[0] if above[0] < 0 else scales[1])
    high = divided(above[1], scales[1] if above[1] < 0 else scales[0])
    return low, high


def divided(above: float, below: float) -> float:
    if below == 0:
        return math.copysign(math.inf, above) if above else 0.0
    return above / below


def trait(ref: FieldRef, accounts: Sequence[tuple[bool, Any]]) -> Any:
    """Return what a subject's accounts have in common from (known, value) of each, else None."""
    known = {as_text(ref, value) for recorded, value in accounts if recorded}
    if len(known) > 1:
        return MIXED
    return known.pop() if known and all(recorded for recorded, _ in accounts) else None


def as_text(ref: FieldRef, value: Any) -> str:
    if value is None:
        return ""
    return fold(value) if ref.field.type is FieldType.TEXT else str(value)
