"""A ratio compared for equality.

Shares and means are quotients: hardly one is exactly 0.3.

Accepted:

    policy: harness
    signals: {part: {share: demands, min_of: 100, window: 7d}}
    when: {part: {gte: 0.3}}
    explain: "{part:percent}"

Refused:

    policy: harness
    signals: {part: {share: demands, min_of: 100, window: 7d}}
    when: {part: 0.3}
    explain: "{part:percent}"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.conditions import conditions_by_policy
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft
from engine.language.model.condition import Compare
from engine.language.model.habit import HourFlatness, ReleaseShift, Spike
from engine.language.model.measure import (
    Cohort,
    Entropy,
    GapCv,
    Mean,
    MemberCohort,
    PartitionIndex,
    Share,
    Shared,
    Tenants,
    TopShare,
)
from engine.language.words import Operator

ID = "EX429"
TITLE = "a ratio compared for equality"
LEVEL = Level.WARNING
ALONE = True

_RATIOS = (
    Share,
    TopShare,
    Entropy,
    Mean,
    GapCv,
    PartitionIndex,
    Shared,
    Tenants,
    Cohort,
    MemberCohort,
    HourFlatness,
    Spike,
    ReleaseShift,
)
_EXACT = frozenset({0.0, 1.0})
"""None and all are shares that occur."""


def check(draft: Draft) -> Iterator[Problem]:
    """Yield comparisons by `eq` or `neq` of what is computed by division."""
    for read, parts in conditions_by_policy(draft):
        measures = {signal.name: signal.measure for signal in read.model.signals}
        for part in parts:
            if (
                isinstance(part, Compare)
                and part.operator in (Operator.EQ, Operator.NEQ)
                and part.threshold not in _EXACT
                and isinstance(measures.get(part.signal), _RATIOS)
            ):
                message = f"{quote(part.signal)} is a quotient, hardly ever exactly this"
                yield Problem(part.span, message, "use `gte` or `lte`")
