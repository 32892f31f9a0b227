from __future__ import annotations

import math
from collections.abc import Iterable
from random import Random

from deciding import ACCOUNT, GTE, LT, compare, key, policy, response, table
from random_packs import AS_OF_US, trial

from engine.decide.cases import Cases
from engine.decide.compile import compile_kind
from engine.decide.finding import Outcome
from engine.decide.trace import Known, Tracer, fact_of
from engine.language.model.condition import All, Any, Found, FoundAny, Negation, Struck
from engine.language.model.policy import Policy
from engine.language.words import ActionKind, Status
from engine.signals.facts import Fact


def tracer(policies: Iterable[Policy], **intervals: tuple[float, float]) -> Tracer:
    """A tracer over policies and signals, with one warning at 5 us; it is 10 us now."""
    compiled = compile_kind(tuple(policies), (), ACCOUNT)
    assert compiled is not None
    facts = table({key(name): [ends] for name, ends in intervals.items()})
    return Tracer(compiled, fact_of(facts, 0), ((5, ActionKind.WARN),), 10)


def shape(outcome: Outcome) -> object:
    """The results of a tree."""
    parts = [shape(part) for part in outcome.parts]
    return (outcome.holds, *parts) if parts else outcome.holds


def test_every_branch_is_there() -> None:
    when = Any((compare("a", GTE, 1), All((compare("b", GTE, 1), compare("a", LT, 0)))))
    traced = tracer(
        [policy("p", when, Struck(GTE, 1, 4), compare("c", GTE, 1))], a=(1, 1), b=(0, 9)
    )
    outcome = traced.policy(0)
    assert outcome.condition == traced.compiled.policies[0].condition
    assert shape(outcome) == (
        None,
        (True, True, (False, None, False)),
        (True, False),
        (None, None),
    )
    strikes, unmeasured = outcome.parts[1].parts[0], outcome.parts[2].parts[0]
    assert strikes.fact == Fact("strikes", 0.0, 0.0, {"strikes": 0})
    assert unmeasured.fact == Fact(key("c"), -math.inf, math.inf, {})


def test_references_are_followed_however_deep() -> None:
    chain = [policy("c0000", compare("a", GTE, 1))]
    chain += [policy(f"c{n:04}", Negation(Found(f"c{n - 1:04}"))) for n in range(1, 600)]
    for value, expected in (((1, 1), False), ((0, 0), True), ((0, 1), None)):
        traced = tracer(chain, a=value)
        assert traced.policy(599).holds is expected


def test_what_is_known_saves_tracing() -> None:
    policies = [policy("a", compare("a", GTE, 1)), policy("z", FoundAny(), status=Status.DRAFT)]
    policies.append(policy("p", Negation(Found("a"))))
    plain = tracer(policies, a=(1, 1))
    for known, expected in (
        (Known(frozenset({0}), frozenset()), False),
        (Known(frozenset(), frozenset({0})), None),
        (Known(frozenset(), frozenset()), True),
    ):
        given = Tracer(plain.compiled, plain.fact, (), 10, known)
        assert given.policy(1).holds is expected


def test_rungs() -> None:
    traced = tracer([policy("p", compare("a", GTE, 1))], a=(1, 1))
    once, late = Struck(GTE, 1, 5), Struck(GTE, 1, 4)
    for guards, rung in (
        ((None, once, late), 1),
        ((once, None, late), 1),
        ((late,), None),
        ((), None),
        ((compare("members", GTE, 1), None, compare("payers", GTE, 1)), 1),
    ):
        made = response("r", Found("p"), *guards)
        assert traced.rung(made.when, made.ladder) == rung
    assert traced.rung(Found("nobody"), response("r", Found("p"), None).ladder) is None


def test_with_and_without_what_is_known_the_tree_is_the_same() -> None:
    rng = Random(11)
    for made in (trial(rng, 20) for _ in range(20)):
        compiled = compile_kind(made.pack.policies, made.pack.responses, ACCOUNT)
        if compiled is None:
            continue
        keys = {name for intervals, _ in made.subjects for name in intervals}
        unknown = (-math.inf, math.inf)
        facts = table({k: [one.get(k, unknown) for one, _ in made.subjects] for k in keys})
        cases = Cases(compiled, facts, lambda _subject: (), AS_OF_US)
        for one in cases.candidates(0):
            lookup = fact_of(facts, one.case.position)
            fast = Tracer(compiled, lookup, (), AS_OF_US, one.known)
            slow = Tracer(compiled, lookup, (), AS_OF_US)
            for number in range(len(compiled.policies)):
                assert fast.policy(number) == slow.policy(number)
