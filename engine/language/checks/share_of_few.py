"""A share, or an entropy, that one event can make as high as it gets.

Without `min_of`, an account with a single request has a share of 1.

Accepted:

    policy: harness
    signals: {part: {share: {turn: 1}, min_of: 100, window: 7d}}
    when: {part: {gte: 0.3}}
    explain: "{part:percent}"

Refused:

    policy: harness
    signals: {part: {share: {turn: 1}, window: 7d}}
    when: {part: {gte: 0.3}}
    explain: "{part:percent}"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model.condition import All, Compare, Condition
from engine.language.model.habit import ReleaseShift
from engine.language.model.measure import (
    Busiest,
    Count,
    Entropy,
    Sequence,
    Share,
    Together,
    TopShare,
    Windows,
)
from engine.language.model.policy import Policy
from engine.language.words import Operator

ID = "EX403"
TITLE = "a share without a minimum"
LEVEL = Level.WARNING
ALONE = True

_EVENTS = (Count, Busiest, Windows, Together, Sequence)
_FLOORS = frozenset({Operator.GT, Operator.GTE, Operator.EQ})


def check(draft: Draft) -> Iterator[Problem]:
    """Yield shares without `min_of` in policies that ask for no number of events either."""
    for _, read in sound(draft.policies):
        policy = read.model
        if _asks_for_events(policy, policy.when):
            continue
        for signal in policy.signals:
            if (
                isinstance(signal.measure, Share | TopShare | Entropy | ReleaseShift)
                and signal.measure.min_of == 1
            ):
                message = f"{quote(signal.name)} has no `min_of`: a single event decides it"
                yield Problem(signal.span, message, "such as `min_of: 100`")


def _asks_for_events(policy: Policy, condition: Condition) -> bool:
    """Whether the condition holds only with several events of some kind."""
    if isinstance(condition, All):
        return any(_asks_for_events(policy, part) for part in condition.parts)
    return (
        isinstance(condition, Compare)
        and condition.operator in _FLOORS
        and condition.threshold > 1
        and isinstance(policy.signal(condition.signal).measure, _EVENTS)
    )
