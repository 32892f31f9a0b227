"""A temporary action without an end.

Accepted:

    response: answer
    ladder: [{do: {throttle: {for: 7d}}}]

Refused:

    response: answer
    ladder: [{do: throttle}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.words import ActionKind

ID = "EX422"
TITLE = "a temporary action without an end"
LEVEL = Level.WARNING

_ENDING = frozenset({ActionKind.THROTTLE, ActionKind.HOLD_QUOTA})


def check(draft: Draft) -> Iterator[Problem]:
    """Yield actions that would last until somebody thinks of them."""
    for _, response in sound(draft.responses):
        for step in response.ladder:
            for action in step.do:
                if action.kind in _ENDING and action.for_us is None:
                    word = action.kind.value
                    message = f"{quote(word)} lasts until somebody takes it back"
                    yield Problem(action.span, message, f"write `{word}: {{for: 7d}}`")
