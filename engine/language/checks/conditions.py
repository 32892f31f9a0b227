"""The conditions of a draft, for checks that look at them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.gathered import gathered
from engine.language.draft import Draft, sound
from engine.language.model.condition import Condition
from engine.language.model.response import Response
from engine.language.read.policy import ReadPolicy
from engine.language.walk import walk_condition


@gathered
def conditions_by_policy(draft: Draft) -> Iterator[tuple[ReadPolicy, tuple[Condition, ...]]]:
    """Yield every policy with every part of its condition."""
    for _, read in sound(draft.policies):
        yield read, tuple(walk_condition(read.model.condition))


@gathered
def written_conditions(draft: Draft) -> Iterator[Condition]:
    """Yield every condition of every policy and response, and every part of it."""
    for _, read in sound(draft.policies):
        for written in (read.model.when, *read.model.unless):
            yield from walk_condition(written)
    for _, response in sound(draft.responses):
        yield from response_conditions(response)
        if response.exculpate is not None:
            yield from walk_condition(response.exculpate)


def response_conditions(response: Response) -> Iterator[Condition]:
    """Yield the conditions of a response and of its steps, and every part of them."""
    yield from walk_condition(response.when)
    for step in response.ladder:
        if step.guard is not None:
            yield from walk_condition(step.guard)
