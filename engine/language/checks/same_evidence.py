"""Two policies of different axes that rest on the same evidence.

Actions need evidence of two kinds. When a policy on one axis compares the very measurement that a
policy on another axis compares, one fact is counted as two.

Accepted:

    policy: pool
    axis: coordination
    signals: {events: {count: {turn: 1}, window: 7d}}

Refused:

    policy: pool
    axis: coordination
    signals: {events: {count: demands, window: 7d}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.canonical import canonical
from engine.language.checks.problem import Problem
from engine.language.checks.reach import counted
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft
from engine.language.model.condition import Compare
from engine.language.model.measure import (
    Approved,
    Count,
    Members,
    Organisations,
    Payers,
    Portion,
)
from engine.language.model.policy import Policy, Signal
from engine.language.model.selection import EVERYTHING
from engine.language.walk import walk_condition

ID = "EX434"
TITLE = "one fact counted twice"
LEVEL = Level.WARNING

_SIZES = (Members, Organisations, Payers, Portion, Approved)
"""How large a subject is, is no evidence of either kind."""


def check(draft: Draft) -> Iterator[Problem]:
    """Yield signals compared by `when` whose like a policy of another axis compares, too."""
    first: dict[tuple[object, str], tuple[Policy, Signal]] = {}
    for policy in sorted(counted(draft), key=lambda one: one.name):
        for signal in _evidence(policy):
            key = (policy.subject, repr(canonical(signal.measure)))
            other, same = first.setdefault(key, (policy, signal))
            if other.axis is not policy.axis and other.behaviour is policy.behaviour:
                message = f"{quote(signal.name)} is what {quote(other.name)} rests on as well"
                related = (Related(same.span, f"as evidence of {other.axis.value}"),)
                yield Problem(signal.span, message, "measure something else", related)


def _evidence(policy: Policy) -> Iterator[Signal]:
    compared = {part.signal for part in walk_condition(policy.when) if isinstance(part, Compare)}
    for signal in policy.signals:
        measure = signal.measure
        volume = isinstance(measure, Count) and measure.where == EVERYTHING
        if signal.name in compared and not isinstance(measure, _SIZES) and not volume:
            yield signal
