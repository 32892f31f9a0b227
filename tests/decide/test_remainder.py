"""What remains of an answer is what the response gives with those findings in shadow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from deciding import ACCOUNT, key, table
from random_packs import AS_OF_US, Trial, trial

from engine.decide import reference
from engine.decide.decide import decide
from engine.decide.finding import Answer
from engine.decide.reference import evaluate
from engine.decide.references import leaves
from engine.decide.remainder import without
from engine.language.model.condition import All, Found, FoundAny
from engine.language.model.pack import Pack
from engine.language.subject import Subject
from engine.language.words import Status
from engine.signals.facts import Fact, signal_key

UNKNOWN = (-math.inf, math.inf)


@pytest.fixture(autouse=True, scope="module")
def _signal_keys_are_computed_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference, "signal_key", cache(signal_key), raising=False)
        yield


def unchained(pack: Pack) -> Pack:
    """The pack without policies that ask for findings, and with answers to more of the others."""
    policies = tuple(
        policy
        for policy in pack.policies
        if not any(isinstance(leaf, Found | FoundAny) for leaf in leaves(policy.condition))
    )
    responses = tuple(
        replace(one, when=All((FoundAny(), one.when)) if number % 2 else FoundAny())
        for number, one in enumerate(pack.responses)
    )
    return replace(pack, policies=policies, responses=responses)


def answers(made: Trial) -> tuple[Answer, ...]:
    keys = sorted({name for intervals, _ in made.subjects for name in intervals})
    facts = table({name: [one.get(name, UNKNOWN) for one, _ in made.subjects] for name in keys})
    past = {who: strikes for who, (_, strikes) in zip(facts.subjects, made.subjects, strict=True)}
    return decide(
        made.pack, {ACCOUNT: facts}, strikes=lambda who: past[who.id], as_of_us=AS_OF_US
    ).answers


def expected(made: Trial, answer: Answer, dropped: set[str]) -> int | None:
    intervals, strikes = made.subjects[int(answer.subject.id[1:])]
    policies = [
        replace(p, status=Status.SHADOW) if p.name in dropped else p for p in made.pack.policies
    ]
    known = {key(name): UNKNOWN for name in "abcdefgh"} | intervals
    facts = {name: Fact(name, low, high, {}) for name, (low, high) in known.items()}
    subject = Subject(ACCOUNT, "s")
    judged = evaluate(policies, made.pack.responses, subject, facts, strikes, AS_OF_US)
    return judged.rungs[answer.response.name]


def test_the_remainder_is_what_shadow_would_leave() -> None:
    rng, kept, lost = Random(20260703), 0, 0
    for _ in range(8):
        made = trial(rng, 60)
        made = replace(made, pack=unchained(made.pack))
        for answer in answers(made):
            names = [f.policy.name for f in answer.climb.findings] if answer.climb else []
            dropped = {name for name in names if rng.random() < 0.4}
            rest = without(answer, dropped)
            rung = expected(made, answer, dropped)
            if rest is None:
                assert rung is None or {f.policy.name for f in answer.findings} <= dropped
                lost += 1
                continue
            assert rung is not None
            kept += 1
            assert rest.step is answer.response.ladder[rung]
            assert not {f.policy.name for f in rest.findings} & dropped
            if not dropped:
                assert rest == answer
    assert min(kept, lost) > 20


def test_without_knowing_how_it_came_out_nothing_remains() -> None:
    (answer, *_) = answers(_one())
    assert without(answer, set()) is not None
    assert without(replace(answer, climb=None), set()) is None


def _one() -> Trial:
    rng = Random(1)
    while True:
        made = trial(rng, 20)
        made = replace(made, pack=unchained(made.pack))
        if made.pack.policies and made.pack.responses and answers(made):
            return made
