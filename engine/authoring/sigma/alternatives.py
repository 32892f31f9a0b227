"""Extended conditions of temporal correlations as alternatives: what must come, and what must not.

Each alternative of the disjunctive normal form is a measure of its own, `together`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    CorrelationConditionNOT,
    SigmaRuleReference,
)

from engine.authoring.sigma import codes
from engine.authoring.sigma.refusal import RefusalError

MOST = 32
"""Alternatives of one condition: each is a measure over all events."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Rules that must occur in an interval, and rules that must not."""

    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()

    def both(self, other: Alternative) -> Alternative:
        """Return the alternative that asks for what either asks for."""
        return Alternative(self.present | other.present, self.absent | other.absent)

    @property
    def possible(self) -> bool:
        """Whether nothing must occur and not occur."""
        return not self.present & self.absent


def alternatives(condition: CorrelationConditionItem | SigmaRuleReference) -> list[Alternative]:
    """Return the alternatives of a condition; RefusalError when there is none, or too many.

    One that asks for all that another asks for, and more, adds nothing and is left out.
    """
    found = list(dict.fromkeys(_of(condition, wanted=True)))
    if not found:
        raise RefusalError(codes.BAD_CONDITION, "the condition can never hold")
    return [
        each
        for each in found
        if not any(
            other != each and other.present <= each.present and other.absent <= each.absent
            for other in found
        )
    ]


def _of(
    node: CorrelationConditionItem | SigmaRuleReference, *, wanted: bool
) -> Iterable[Alternative]:
    if isinstance(node, SigmaRuleReference):
        one = frozenset({node.reference})
        return [Alternative(present=one) if wanted else Alternative(absent=one)]
    if isinstance(node, CorrelationConditionNOT):
        return _of(node.args[0], wanted=not wanted)
    parts = [list(_of(part, wanted=wanted)) for part in node.args]
    if isinstance(node, CorrelationConditionAND) is not wanted:
        return _few(part for each in parts for part in each)
    return _few(joined for joined in map(_joined, product(*parts)) if joined.possible)


def _joined(parts: Iterable[Alternative]) -> Alternative:
    joined = Alternative()
    for part in parts:
        joined = joined.both(part)
    return joined


def _few(found: Iterable[Alternative]) -> list[Alternative]:
    kept: dict[Alternative, None] = {}
    for each in found:
        kept[each] = None
        if len(kept) > MOST:
            message = f"the condition has more than {MOST} alternatives"
            raise RefusalError(codes.BAD_CONDITION, message, hint="split the correlation")
    return list(kept)
