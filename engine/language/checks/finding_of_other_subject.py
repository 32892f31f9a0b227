"""A condition asks for a finding of a policy that judges another kind of subject.

Findings are looked up for the subject being judged, so the condition could never hold.

Accepted:

    response: answer
    subject: campaign
    when: {finding: harness}

Refused:

    response: answer
    subject: account
    when: {finding: harness}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.checks.conditions import conditions_by_policy, response_conditions
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, a, quote
from engine.language.draft import Draft, sound
from engine.language.model.condition import Condition, Found
from engine.language.model.policy import Policy
from engine.language.words import SubjectKind

ID = "EX306"
TITLE = "a finding of another kind of subject"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the references from policies and responses of one kind of subject to another."""
    policies = {read.model.name: read.model for _, read in sound(draft.policies)}
    for read, parts in conditions_by_policy(draft):
        yield from _check(read.model.subject, parts, policies)
    for _, response in sound(draft.responses):
        yield from _check(response.subject, response_conditions(response), policies)


def _check(
    subject: SubjectKind, conditions: Iterable[Condition], policies: dict[str, Policy]
) -> Iterator[Problem]:
    for condition in conditions:
        target = policies.get(condition.policy) if isinstance(condition, Found) else None
        if target is None or target.subject is subject:
            continue
        message = (
            f"policy {quote(target.name)} judges {a(target.subject.value)}, not {a(subject.value)}"
        )
        related = (Related(target.span, "the policy"),)
        yield Problem(condition.span, message, None, related)
