"""An `unless` that clears everybody whom the policy could find.

Whoever meets `when` meets it, too, so nothing is ever found.

Accepted:

    policy: harness
    when: {events: {gte: 100}}
    unless: [{events: {gte: 5000}}]

Refused:

    policy: harness
    when: {events: {gte: 100}}
    unless: [{events: {gte: 50}}]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.language.checks.always_either import opposite
from engine.language.checks.dead_clearance import compares_of
from engine.language.checks.empty_interval import contradictions, flat
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related
from engine.language.draft import Draft, sound
from engine.language.model.condition import All, Compare, Condition
from engine.language.model.policy import Policy
from engine.language.span import Span

ID = "EX315"
TITLE = "an exception that clears everybody"
LEVEL = Level.ERROR
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the parts of `unless` that hold wherever what `when` asks for in any case does."""
    for _, read in sound(draft.policies):
        yield from _swallowing(read.model)


def _swallowing(policy: Policy) -> Iterator[Problem]:
    wanted = compares_of(policy.when)
    for part in policy.unless:
        inner = list(flat(part)) if isinstance(part, All) else [part]
        if all(isinstance(one, Compare) and _follows(one, wanted) for one in inner):
            message = "it clears everybody whom the policy could find"
            related = (Related(_first(policy.when), "whoever meets this is cleared"),)
            yield Problem(part.span, message, "remove it, or mend the number", related)


def _follows(part: Compare, wanted: Sequence[Compare]) -> bool:
    """Whether a comparison holds wherever all of these do."""
    return any(any(contradictions([one, opposite(part)])) for one in wanted)


def _first(when: Condition) -> Span:
    return compares_of(when)[0].span
