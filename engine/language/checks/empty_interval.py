"""Two comparisons of one signal that cannot hold together.

Accepted:

    policy: harness
    when: {events: {gte: 10, lt: 100}}

Refused:

    policy: harness
    when: {events: {gte: 100, lt: 10}}
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.language.checks.conditions import written_conditions
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft
from engine.language.model.condition import All, Compare
from engine.language.words import Operator

ID = "EX312"
TITLE = "comparisons that exclude each other"
LEVEL = Level.ERROR

_LOWER = frozenset({Operator.GT, Operator.GTE, Operator.EQ})
_UPPER = frozenset({Operator.LT, Operator.LTE, Operator.EQ})


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the comparisons that contradict another part of the same `all`."""
    for condition in written_conditions(draft):
        if isinstance(condition, All):
            compares = [part for part in _flat(condition) if isinstance(part, Compare)]
            yield from _contradictions(compares)


def _flat(condition: All) -> Iterator[object]:
    """Yield the parts, those of comparisons with several operators among them."""
    for part in condition.parts:
        if isinstance(part, All):
            yield from part.parts
        else:
            yield part


def _contradictions(compares: Sequence[Compare]) -> Iterator[Problem]:
    for position, second in enumerate(compares):
        for first in compares[:position]:
            if first.signal == second.signal and _exclude(first, second):
                related = (Related(first.span, "excluded by this"),)
                message = f"{quote(second.signal)} cannot be both"
                yield Problem(second.span, message, None, related)
                break


def _exclude(one: Compare, other: Compare) -> bool:
    for lower, upper in ((one, other), (other, one)):
        if lower.operator not in _LOWER or upper.operator not in _UPPER:
            continue
        strict = lower.operator is Operator.GT or upper.operator is Operator.LT
        if lower.threshold > upper.threshold or (strict and lower.threshold == upper.threshold):
            return True
    return False
