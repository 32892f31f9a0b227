"""A signal that no condition compares, no other signal refers to, and no explanation shows.

Accepted:

    policy: harness
    signals: {events: {count: all, window: 7d}}
    when: {events: {gte: 10}}
    explain: "{events} requests"

Refused:

    policy: harness
    signals: {events: {count: all, window: 7d}, tokens: {sum: input_tokens, window: 7d}}
    when: {events: {gte: 10}}
    explain: "{events} requests"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.conditions import conditions_by_policy
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft
from engine.language.model.condition import Compare
from engine.language.read.explanation import placeholders

ID = "EX401"
TITLE = "an unused signal"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the signals that change no finding and no text."""
    for read, parts in conditions_by_policy(draft):
        policy = read.model
        used = set(placeholders(policy.explain)) | read.signals_used
        used |= {part.signal for part in parts if isinstance(part, Compare)}
        for signal in policy.signals:
            if signal.name not in used:
                message = f"signal {quote(signal.name)} is never used"
                yield Problem(
                    signal.span, message, "compare it, show it in `explain`, or remove it"
                )
