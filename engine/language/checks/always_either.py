"""Two comparisons of one signal of which one always holds.

Every number is at least 500 or below 500, so nothing is asked.

Accepted:

    policy: harness
    when: {any: [{events: {gte: 500}}, {events: {lt: 10}}]}

Refused:

    policy: harness
    when: {any: [{events: {gte: 500}}, {events: {lt: 500}}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from engine.language.checks.conditions import written_conditions
from engine.language.checks.empty_interval import contradictions
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft
from engine.language.model.condition import Any, Compare
from engine.language.words import Operator

ID = "EX314"
TITLE = "comparisons of which one always holds"
LEVEL = Level.ERROR
ALONE = True

_OPPOSITE = {
    Operator.GT: Operator.LTE, Operator.LTE: Operator.GT, Operator.GTE: Operator.LT,
    Operator.LT: Operator.GTE, Operator.EQ: Operator.NEQ, Operator.NEQ: Operator.EQ,
}  # fmt: skip


def opposite(part: Compare) -> Compare:
    """Return the comparison that holds where this one does not."""
    return Compare(part.signal, _OPPOSITE[part.operator], part.threshold, part.span)


def check(draft: Draft) -> Iterator[Problem]:
    """Yield comparisons in an `any` that hold wherever an earlier one of them does not."""
    for condition in written_conditions(draft):
        if isinstance(condition, Any):
            parts = [part for part in condition.parts if isinstance(part, Compare)]
            for first, second in combinations(parts, 2):
                if any(contradictions([opposite(first), opposite(second)])):
                    message = f"whatever {quote(second.signal)} is, one of the two holds"
                    related = (Related(first.span, "the other one"),)
                    yield Problem(second.span, message, "mend a number, or use `all`", related)
