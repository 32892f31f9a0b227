"""How near a policy that has no finding is to one, and the condition that keeps it away."""

from __future__ import annotations

from dataclasses import dataclass

from engine.authoring.explain.room import nearness
from engine.authoring.explain.tree import Branch, Explained, Number
from engine.language.model.condition import Any, Negation
from engine.language.words import Operator

_INVERSE = {
    Operator.GT: Operator.LTE,
    Operator.LTE: Operator.GT,
    Operator.GTE: Operator.LT,
    Operator.LT: Operator.GTE,
    Operator.EQ: Operator.NEQ,
    Operator.NEQ: Operator.EQ,
}


@dataclass(frozen=True, slots=True)
class Near:
    """A number from 0 to 1 and the leaf that it comes from; 1 where nothing certainly lacks."""

    nearness: float
    leaf: Branch | None
    wanted: bool = True
    """False where the leaf holds and should not."""


_THERE = Near(1.0, None)


def near(one: Explained) -> Near:
    """Return how near a policy is to a finding: as near as the condition that lacks most."""
    parts = [_near(one.when, wanted=True)]
    parts += [_near(root, wanted=False) for root in one.unless]
    return min(parts, key=_by_nearness)


def _near(branch: Branch, *, wanted: bool) -> Near:
    if branch.holds is None or branch.holds is wanted:
        return _THERE
    if isinstance(branch.condition, Negation):
        return _near(branch.parts[0], wanted=not wanted)
    if branch.composed:
        parts = [_near(part, wanted=wanted) for part in branch.parts]
        one_is_enough = isinstance(branch.condition, Any) is wanted
        chosen = max if one_is_enough else min
        return chosen(parts, key=_by_nearness, default=Near(0.0, branch, wanted))
    distance = 0.0 if branch.number is None else _distance(branch.number, wanted)
    return Near(distance, branch, wanted)


def _distance(number: Number, wanted: bool) -> float:  # noqa: FBT001 - the value is the whole of it
    operator = number.operator if wanted else _INVERSE[number.operator]
    return nearness(number.fact.low, number.fact.high, operator, number.threshold)


def _by_nearness(one: Near) -> float:
    return one.nearness
