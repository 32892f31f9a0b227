"""An action that cannot be undone without the approval of two people.

The engine holds this floor whatever the pack says; a pack that says less is a mistake.

Accepted:

    response: answer
    ladder: [{do: terminate, approval: two}]

Refused:

    response: answer
    ladder: [{do: terminate, approval: one}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.words import Approval

ID = "EX309"
TITLE = "an irreversible action without two approvals"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the irreversible actions of steps that do not ask for two reviewers."""
    for _, response in sound(draft.responses):
        for step in response.ladder:
            if step.approval is Approval.TWO:
                continue
            for action in step.do:
                if not action.kind.reversible:
                    message = (
                        f"{quote(action.kind.value)} cannot be undone: two people must approve"
                    )
                    yield Problem(action.span, message, "write `approval: two` in this step")
