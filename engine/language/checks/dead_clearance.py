"""An `unless` that can never clear anybody.

Whoever it would clear does not meet `when` in the first place.

Accepted:

    policy: harness
    signals: {part: {share: demands, min_of: 100, window: 7d}}
    when: {part: {gte: 0.3}}
    unless: [{part: {gte: 0.99}}]
    explain: "{part:percent}"

Refused:

    policy: harness
    signals: {part: {share: demands, min_of: 100, window: 7d}}
    when: {part: {gte: 0.3}}
    unless: [{part: {lt: 0.2}}]
    explain: "{part:percent}"
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.empty_interval import contradictions, flat
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related
from engine.language.draft import Draft, sound
from engine.language.model.condition import All, Compare, Condition
from engine.language.model.policy import Policy

ID = "EX428"
TITLE = "an exception that clears nobody"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the parts of `unless` that contradict what `when` asks for in any case."""
    for _, read in sound(draft.policies):
        yield from _dead(read.model)


def _dead(policy: Policy) -> Iterator[Problem]:
    wanted = compares_of(policy.when)
    for part in policy.unless:
        for fault in contradictions([*wanted, *compares_of(part)]):
            message = "it clears nobody: `when` asks for the opposite"
            places = tuple(Related(one.span, "asked for here") for one in fault.related)
            yield Problem(part.span, message, "remove it, or mend the number", places)
            break


def compares_of(condition: Condition) -> list[Compare]:
    """Return the comparisons that must hold wherever the condition does."""
    parts = flat(condition) if isinstance(condition, All) else (condition,)
    return [part for part in parts if isinstance(part, Compare)]
