"""An action that no cap limits.

Over a cap all of an action are held for review. Without one, a mistake reaches every account.

Accepted:

    response: answer
    ladder: [{do: terminate, approval: two}]

Refused:

    response: answer
    ladder: [{do: {suspend: {for: 7d}}}]
    when: {finding: harness}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model.response import Cap
from engine.language.words import ActionKind

ID = "EX421"
TITLE = "an action without a cap"
LEVEL = Level.WARNING

_HARSH = frozenset({ActionKind.SUSPEND, ActionKind.TERMINATE})
"""What cuts customers off."""


def check(draft: Draft) -> Iterator[Problem]:
    """Yield actions that cut off, in responses without a cap, that no guardrail of a run limits."""
    capped = {kind for _, pack in sound(draft.packs) for kind in pack.guardrails.per_run}
    for _, response in sound(draft.responses):
        if response.cap != Cap():
            continue
        for step in response.ladder:
            for action in step.do:
                if action.kind in _HARSH - capped:
                    message = f"nothing limits how many accounts {quote(action.kind.value)} hits"
                    hint = "add `cap` to the response, or `per_run` to the pack's guardrails"
                    yield Problem(action.span, message, hint)
