"""Policies use each other's findings in a loop, so none of them can be decided first.

A policy that counts `findings:` which describe itself is such a loop too.

Accepted:

    policy: harness
    ---
    policy: pool
    when: {finding: harness}

Refused:

    policy: harness
    when: {not: {finding: pool}}
    ---
    policy: pool
    when: {finding: harness}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.stages import Reference, loops

ID = "EX303"
TITLE = "policies in a loop"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield one problem a loop, at its first reference, with the others beside it."""
    for loop in loops([read.model for _, read in sound(draft.policies)]):
        yield _problem(loop)


def _problem(loop: tuple[Reference, ...]) -> Problem:
    first = loop[0]
    if len(loop) == 1:
        message = f"policy {quote(first.policy)} depends on its own findings"
        hint = "describe others only: another behaviour, axis or severity, or name the policy"
        return Problem(first.span, message, hint)
    names = " → ".join([*(reference.policy for reference in loop), first.policy])
    related = tuple(
        Related(reference.span, f"{quote(reference.policy)} uses {quote(reference.target)} here")
        for reference in loop[1:]
    )
    return Problem(first.span, f"policies depend on each other in a loop: `{names}`", None, related)
