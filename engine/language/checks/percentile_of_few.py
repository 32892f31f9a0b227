"""A percentile further out than the fewest peers can tell.

Among 30 peers whoever is above all of them is already above 99.9 % of them.

Accepted:

    policy: harness
    signals: {events: {count: all, window: 7d}, rank: {cohort: events, min_peers: 1000}}
    when: {rank: {gte: 0.999}}
    explain: "{rank:percent}"

Refused:

    policy: harness
    signals: {events: {count: all, window: 7d}, rank: {cohort: events, min_peers: 999}}
    when: {rank: {gte: 0.999}}
    explain: "{rank:percent}"
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from engine.language.checks.conditions import conditions_by_policy
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft
from engine.language.model.condition import Compare
from engine.language.model.measure import Cohort, Measure, MemberCohort
from engine.language.numerals import exact
from engine.language.words import CohortScale, Operator

ID = "EX440"
TITLE = "a percentile of too few peers"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield comparisons of percentiles with what lies between two neighbouring ranks."""
    for read, parts in conditions_by_policy(draft):
        measures = {signal.name: signal.measure for signal in read.model.signals}
        for part in parts:
            if not isinstance(part, Compare):
                continue
            cohort = _percentile(measures.get(part.signal))
            if cohort is not None and cohort.min_peers < (needed := _needed(part)):
                message = (
                    f"{cohort.min_peers} peers cannot tell {exact(part.threshold)} from an end"
                )
                hint = f"write `min_peers: {needed}` at {quote(part.signal)}"
                yield Problem(part.span, message, hint)


def _percentile(measure: Measure | None) -> Cohort | None:
    cohort = measure.cohort if isinstance(measure, MemberCohort) else measure
    if isinstance(cohort, Cohort) and cohort.scale is CohortScale.PERCENTILE:
        return cohort
    return None


def _needed(part: Compare) -> int:
    """Return how many peers there must be for one of them to lie beyond the threshold."""
    share = Fraction(str(part.threshold))
    beyond = share if part.operator in (Operator.LT, Operator.LTE) else 1 - share
    return math.ceil(1 / beyond) if 0 < beyond < 1 else 0
