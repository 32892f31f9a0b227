"""A condition asks for a finding of a policy that is not evaluated, so it is never decided.

Whether a draft or a retired policy would hold is not known. A part that asks is undecided for
everybody, and so is its negation: an `unless` that asks leaves the policy without findings.

Accepted:

    policy: harness
    status: shadow
    ---
    policy: pool
    status: shadow
    when: {finding: harness}

Refused:

    policy: harness
    status: draft
    ---
    policy: pool
    status: shadow
    when: {finding: harness}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.conditions import written_conditions
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.model.condition import Found

ID = "EX409"
TITLE = "a finding that nobody makes"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield references to policies that are drafts or retired."""
    resting = {
        read.model.name: (document, read.model)
        for document, read in sound(draft.policies)
        if not read.model.status.evaluated
    }
    for condition in written_conditions(draft):
        if isinstance(condition, Found) and condition.policy in resting:
            document, policy = resting[condition.policy]
            message = (
                f"policy {quote(policy.name)} is `{policy.status.value}`: it is never evaluated"
            )
            related = (Related(document.at("status"), "its status"),)
            yield Problem(condition.span, message, None, related)
