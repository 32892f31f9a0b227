"""Drafts as they would come out in shadow; a run passes them over."""

from __future__ import annotations

from dataclasses import replace

from engine.authoring.closure import as_in_run
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.stages import references
from engine.language.words import Status


def drafts(pack: Pack) -> tuple[Policy, ...]:
    """Return the policies of a pack that are drafts."""
    return tuple(policy for policy in pack.policies if policy.status is Status.DRAFT)


def trials(pack: Pack) -> tuple[tuple[Pack, frozenset[str]], ...]:
    """Return packs without responses that judge its drafts, each with the drafts it is right about.

    A draft comes out as `explain` has it: evaluated in shadow, beside what a run evaluates. All
    drafts share one pack, unless something asks for the findings of one of them.
    """
    waiting = drafts(pack)
    if not waiting:
        return ()
    names = frozenset(policy.name for policy in waiting)
    if not any(_asks(policy, waiting) for policy in pack.policies):
        shadowed = tuple(_in_shadow(policy) for policy in pack.policies)
        return ((replace(pack, policies=shadowed, responses=()), names),)
    return tuple((as_in_run(pack, policy), frozenset({policy.name})) for policy in waiting)


def _asks(policy: Policy, others: tuple[Policy, ...]) -> bool:
    return any(
        reference.target != policy.name and reference.target in {one.name for one in others}
        for reference in references(policy, others)
    )


def _in_shadow(policy: Policy) -> Policy:
    return replace(policy, status=Status.SHADOW) if policy.status is Status.DRAFT else policy
