"""A policy in review or enforce whose findings no response takes up.

It would be evaluated, and nothing would follow. Use `status: shadow` for that.

Accepted:

    policy: harness
    status: enforce

Refused:

    policy: harness
    status: enforce
    behaviour: resale
    ---
    response: answer
    when: {findings: {behaviour: distillation}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.conditions import response_conditions
from engine.language.checks.problem import Problem
from engine.language.checks.reach import counted, meets
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model.condition import Found, FoundAny
from engine.language.model.policy import Policy
from engine.language.walk import walk_condition

ID = "EX405"
TITLE = "a policy without a response"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield policies that neither a response nor a policy which is taken up asks for.

    Says nothing while a response or a policy could not be read: it might be the one.
    """
    unread = [*draft.responses, *draft.policies]
    if any(document.reading.failed for document in unread):
        return
    policies = counted(draft)
    reached = _closure(_by_responses(draft, policies), policies)
    unreached = {policy.name for policy in policies} - reached
    for document, read in sound(draft.policies):
        if read.model.name in unreached:
            message = f"no response takes up the findings of {quote(read.model.name)}"
            yield Problem(document.named_at, message, "write a response, or `status: shadow`")


def _by_responses(draft: Draft, policies: list[Policy]) -> set[str]:
    return {
        policy.name
        for _, response in sound(draft.responses)
        for condition in response_conditions(response)
        if isinstance(condition, Found | FoundAny)
        for policy in policies
        if policy.subject is response.subject and meets(condition, policy)
    }


def _closure(reached: set[str], policies: list[Policy]) -> set[str]:
    """Add the policies that reached ones ask for, and those that these ask for."""
    by_name = {policy.name: policy for policy in policies}
    left = [policy for policy in policies if policy.name not in reached]
    queue = sorted(reached)
    for name in queue:
        if not left:
            break
        for condition in walk_condition(by_name[name].condition):
            if not isinstance(condition, Found | FoundAny):
                continue
            for policy in left:
                if policy.name not in reached and meets(condition, policy):
                    reached.add(policy.name)
                    queue.append(policy.name)
            left = [policy for policy in left if policy.name not in reached]
    return reached
