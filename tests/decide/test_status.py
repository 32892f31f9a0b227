"""A policy's status, over random packs: shadow never acts, what rests is not judged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from deciding import ACCOUNT, SIGNALS, key, table
from random_packs import AS_OF_US, Trial, trial

from engine.decide import reference
from engine.decide.decide import Decisions, decide
from engine.decide.reference import Verdicts, evaluate
from engine.enforce.action import Disposition, PlannedAction, Target
from engine.enforce.plan import plan_actions
from engine.language.model.condition import All, Found, FoundAny, Negation
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.model.response import ActionSpec, Response, Step
from engine.language.subject import Subject
from engine.language.words import ActionKind, Approval, Axis, Status
from engine.signals.facts import Fact, signal_key

UNKNOWN = (-math.inf, math.inf)


@pytest.fixture(autouse=True, scope="module")
def _signal_keys_are_computed_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference, "signal_key", cache(signal_key), raising=False)
        yield


def verdicts(made: Trial, policies: Sequence[Policy]) -> list[Verdicts]:
    """What the independent evaluator says of every subject."""
    keys = [key(name) for name in SIGNALS]
    return [
        evaluate(
            policies,
            made.pack.responses,
            Subject(ACCOUNT, "s"),
            {name: Fact(name, *intervals.get(name, UNKNOWN), {}) for name in {*keys, *intervals}},
            strikes,
            AS_OF_US,
        )
        for intervals, strikes in made.subjects
    ]


def moved(policies: Sequence[Policy], one: Policy, status: Status) -> list[Policy]:
    """The policies with one of them in another status."""
    return [replace(p, status=status) if p is one else p for p in policies]


def height(rung: int | None) -> int:
    return -1 if rung is None else rung


def test_moving_a_policy_into_shadow_never_adds_a_finding_that_acts_nor_a_rung() -> None:
    rng, less = Random(20260701), 0
    for made in [trial(rng, 25) for _ in range(60)]:
        before = verdicts(made, made.pack.policies)
        for one in made.pack.policies:
            if not one.status.acts:
                continue
            after = verdicts(made, moved(made.pack.policies, one, Status.SHADOW))
            acting = [p.name for p in made.pack.policies if p.status.acts and p is not one]
            for was, now in zip(before, after, strict=True):
                assert all(was.findings[n] is True for n in acting if now.findings[n] is True)
                for name, rung in now.rungs.items():
                    assert height(rung) <= height(was.rungs[name])
                    less += height(rung) < height(was.rungs[name])
    assert less > 50  # it does take away what rested on the policy


def decided(made: Trial, pack: Pack) -> tuple[Decisions, tuple[PlannedAction, ...]]:
    """Decide by the rules engine, and plan without any approval that the pack asks for."""
    keys = sorted({name for intervals, _ in made.subjects for name in intervals})
    facts = table({name: [one.get(name, UNKNOWN) for one, _ in made.subjects] for name in keys})
    past = {who: strikes for who, (_, strikes) in zip(facts.subjects, made.subjects, strict=True)}
    decisions = decide(pack, {ACCOUNT: facts}, strikes=lambda who: past[who.id], as_of_us=AS_OF_US)
    answered = {a.subject: [Target(a.subject.id, None, frozenset())] for a in decisions.answers}
    planned = plan_actions(
        pack, decisions.answers, answered,
        active_accounts=1000, already_today={}, as_of_us=AS_OF_US,
    )  # fmt: skip
    return decisions, planned


def eager(pack: Pack) -> Pack:
    """The pack with responses that ask for enough evidence for the floor, and for no approval."""
    first = pack.policies[0]
    content, access = (FoundAny(axes=frozenset({axis})) for axis in (Axis.CONTENT, Axis.ACCESS))
    whens = (
        All((content, access)),
        All((content, access, Negation(Found(first.name)))),
        All((content, access, Negation(FoundAny(frozenset({first.behaviour}))))),
    )
    step = Step((ActionSpec(ActionKind.THROTTLE),), approval=Approval.NONE)
    responses = [
        Response(f"eager {number}", "", ACCOUNT, when, (step,)) for number, when in enumerate(whens)
    ]
    policies = tuple(
        replace(policy, axis=(Axis.CONTENT, Axis.ACCESS)[number % 2])
        for number, policy in enumerate(pack.policies)
    )
    return replace(pack, policies=policies, responses=tuple(responses))


def sent(planned: Sequence[PlannedAction], *dispositions: Disposition) -> set[tuple[object, ...]]:
    return {
        (a.account_id, a.answer.response.name) for a in planned if a.disposition in dispositions
    }


OUT = (Disposition.PROPOSE, Disposition.AUTOMATIC, Disposition.HOLD)


def test_through_the_rules_engine_and_the_plan() -> None:
    rng, automatic, fewer = Random(20260702), 0, 0
    for made in [trial(rng, 40) for _ in range(6)]:
        pack = eager(made.pack)
        decisions, planned = decided(made, pack)
        judged = {p.name for p in pack.policies if p.status.evaluated}
        assert {finding.policy.name for finding in decisions.findings} <= judged
        automatic += len(sent(planned, Disposition.AUTOMATIC))

        tame = replace(pack, policies=tuple(_in_review(p) for p in pack.policies))
        assert sent(decided(made, tame)[1], Disposition.AUTOMATIC) == set()

        one = rng.choice(pack.policies)
        if one.status is Status.ENFORCE:
            shadowed = replace(pack, policies=tuple(moved(pack.policies, one, Status.SHADOW)))
            rest = decided(made, shadowed)[1]
            assert sent(rest, *OUT) <= sent(planned, *OUT)
            assert sent(rest, Disposition.AUTOMATIC) <= sent(planned, *OUT)
            fewer += len(sent(rest, *OUT)) < len(sent(planned, *OUT))
    assert automatic > 0
    assert fewer > 0


def _in_review(policy: Policy) -> Policy:
    return replace(policy, status=Status.REVIEW) if policy.status.evaluated else policy
