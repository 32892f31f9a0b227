"""Something acts on a finding of a policy in shadow, which decides nothing while it is there.

To a response, and to a policy in review or enforce, a finding in shadow is possible at most: the
condition that asks for it is undecided, and so is its negation. Nothing follows from either.

Accepted:

    policy: harness
    status: review
    ---
    policy: pool
    status: review
    when: {finding: harness}

Refused:

    policy: harness
    status: shadow
    ---
    policy: pool
    status: review
    when: {finding: harness}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.checks.conditions import conditions_by_policy, response_conditions
from engine.language.checks.problem import Problem
from engine.language.checks.reach import counted, possible
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, Written, sound
from engine.language.model.condition import Condition, Found
from engine.language.read.policy import ReadPolicy
from engine.language.words import Status

ID = "EX450"
TITLE = "a finding in shadow"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield references from what acts; a response that could not apply at all has its own check."""
    shadowed = {
        read.model.name: document
        for document, read in sound(draft.policies)
        if read.model.status is Status.SHADOW
    }
    for read, parts in conditions_by_policy(draft):
        if read.model.status.acts:
            yield from _asked(parts, shadowed)
    acting = counted(draft)
    for _, response in sound(draft.responses):
        if possible(response.when, [p for p in acting if p.subject is response.subject]):
            yield from _asked(response_conditions(response), shadowed)


def _asked(
    conditions: Iterable[Condition], shadowed: dict[str, Written[ReadPolicy]]
) -> Iterator[Problem]:
    for condition in conditions:
        if isinstance(condition, Found) and condition.policy in shadowed:
            message = (
                f"policy {quote(condition.policy)} is in `shadow`: nothing acts on its finding"
            )
            related = (Related(shadowed[condition.policy].at("status"), "its status"),)
            hint = "promote it first, or keep what asks for it in shadow as well"
            yield Problem(condition.span, message, hint, related)
