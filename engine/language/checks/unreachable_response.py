"""A response that no policy's findings can ever call for.

Only policies in review or enforce count for responses.

Accepted:

    response: answer
    when: {findings: {behaviour: distillation}}

Refused:

    response: answer
    when: {findings: {behaviour: resale}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.checks.reach import counted, possible
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound

ID = "EX404"
TITLE = "an unreachable response"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield responses whose condition needs findings that nothing gives.

    Says nothing while a policy could not be read: it might be the one.
    """
    if any(document.reading.failed for document in draft.policies):
        return
    policies = counted(draft)
    for document, response in sound(draft.responses):
        fitting = [policy for policy in policies if policy.subject is response.subject]
        if not possible(response.when, fitting):
            message = f"no policy in review or enforce can call for {quote(response.name)}"
            yield Problem(document.at("when"), message)
            continue
        for position, step in enumerate(response.ladder):
            if step.guard is not None and not possible(step.guard, fitting):
                message = "no policy in review or enforce can lead to this step"
                hint = "move a policy that it asks for to `review`, or remove the step"
                yield Problem(document.at("ladder", position, "if"), message, hint)
