"""A policy with those it rests on: all that its own outcome can depend on, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.stages import references
from engine.language.words import Status


def isolate(pack: Pack, policy: Policy) -> Pack:
    """Return a pack of the policy and those whose findings it asks for, without responses.

    All of them stand in shadow, whatever their status, so that a chain can be tried before any of
    it is promoted. `findings:` asks for what a run evaluates, as in a run.
    """
    alone = _closed(pack, policy)
    return replace(alone, policies=tuple(_in_shadow(one) for one in alone.policies))


def as_in_run(pack: Pack, policy: Policy) -> Pack:
    """Return a pack in which the policy comes out as it does in a run of the whole pack.

    The policy itself is evaluated even as a draft, as it would be in shadow; a draft that it names
    is not, as in a run.
    """
    return _with_policy_evaluated(_closed(pack, policy), policy)


def acting(pack: Pack, policy: Policy) -> Pack:
    """Return the whole pack as if the policy, and those it rests on, had been promoted to review.

    So what would be done about a finding can be tried before it may act on anybody.
    """
    needed = {one.name for one in _closed(pack, policy).policies}
    policies = (_in_review(one) if one.name in needed else one for one in pack.policies)
    return replace(pack, policies=tuple(policies))


def whole_run(pack: Pack, policy: Policy) -> Pack:
    """Return the whole pack, in which just the policy is evaluated whatever its status."""
    return _with_policy_evaluated(pack, policy)


def all_evaluated(pack: Pack) -> Pack:
    """Return the whole pack, in which every policy is evaluated whatever its status."""
    policies = (one if one.status.evaluated else _in_shadow(one) for one in pack.policies)
    return replace(pack, policies=tuple(policies))


def _closed(pack: Pack, policy: Policy) -> Pack:
    others = [one for one in pack.policies if one.name != policy.name]
    known = {one.name: one for one in others}
    evaluated = [one for one in others if one.status.evaluated]
    needed = {policy.name}
    waiting = [policy]
    while waiting:
        one = waiting.pop()
        asked = {reference.target for reference in references(one, evaluated)}
        for name in sorted((asked & known.keys()) - needed):
            needed.add(name)
            waiting.append(known[name])
    policies = tuple(one for one in pack.policies if one.name in needed)
    return replace(pack, policies=policies, responses=())


def _with_policy_evaluated(pack: Pack, policy: Policy) -> Pack:
    if policy.status.evaluated:
        return pack
    policies = (_in_shadow(one) if one.name == policy.name else one for one in pack.policies)
    return replace(pack, policies=tuple(policies))


def _in_review(policy: Policy) -> Policy:
    return policy if policy.status.acts else replace(policy, status=Status.REVIEW)


def _in_shadow(policy: Policy) -> Policy:
    return replace(policy, status=Status.SHADOW)
