"""A step that does the same thing twice.

Accepted:

    response: answer
    ladder: [{do: [warn, {throttle: {for: 7d}}]}]

Refused:

    response: answer
    ladder: [{do: [{throttle: {for: 1d}}, {throttle: {for: 7d}}]}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.model.response import ActionSpec, Step

ID = "EX321"
TITLE = "an action listed twice"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the actions that a step has already, for the same feature."""
    for _, response in sound(draft.responses):
        for step in response.ladder:
            yield from _repeated(step)


def _repeated(step: Step) -> Iterator[Problem]:
    seen: dict[tuple[object, str | None], ActionSpec] = {}
    for action in step.do:
        first = seen.setdefault((action.kind, action.feature), action)
        if first is not action:
            message = f"the step has {quote(action.kind.value)} already"
            yield Problem(action.span, message, None, (Related(first.span, "here"),))
