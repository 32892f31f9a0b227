"""A step of a ladder that is never taken.

The last step whose `if` holds is taken. A step without `if` always holds, so the steps before it
are dead; so is a step whose `if` a later one repeats.

Accepted:

    response: answer
    ladder: [{do: warn}, {do: {throttle: {for: 7d}}, if: {strikes: {gte: 1, within: 90d}}}]

Refused:

    response: answer
    ladder: [{do: warn}, {do: {throttle: {for: 7d}}}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.canonical import canonical
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related
from engine.language.draft import Draft, sound
from engine.language.model.response import Step

ID = "EX423"
TITLE = "a step that is never taken"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the steps that a later one always takes the place of."""
    for _, response in sound(draft.responses):
        for position, step in enumerate(response.ladder):
            later = next((s for s in response.ladder[position + 1 :] if _covers(s, step)), None)
            if later is not None:
                related = (Related(later.span, "this one is taken instead"),)
                yield Problem(
                    step.span, "the step is never taken", "add `if` to the later one", related
                )


def _covers(later: Step, step: Step) -> bool:
    """Whether the later step holds wherever the earlier one does."""
    return later.guard is None or (
        step.guard is not None and canonical(later.guard) == canonical(step.guard)
    )
