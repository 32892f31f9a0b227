"""A named selection that nothing refers to.

Accepted:

    policy: harness
    select: {first: {turn: 1}}
    signals: {events: {count: first, window: 7d}}

Refused:

    policy: harness
    select: {first: {turn: 1}, late: {turn|gt: 1}}
    signals: {events: {count: first, window: 7d}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound

ID = "EX402"
TITLE = "an unused selection"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the entries of `select` that no signal and no other selection names."""
    for _, read in sound(draft.policies):
        for selection in read.model.select:
            if selection.name not in read.selections_used:
                message = f"selection {quote(selection.name)} is never used"
                yield Problem(selection.span, message, "refer to it, or remove it")
