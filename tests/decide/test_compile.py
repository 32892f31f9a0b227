from __future__ import annotations

import math

import pytest
from deciding import (
    ACCOUNT,
    EQ,
    GTE,
    LT,
    NEQ,
    SIGNALS,
    compare,
    key,
    pack,
    policy,
    response,
)

from engine.decide.compile import BUILT_IN_KEYS, Compiled, compile_kind, compile_pack
from engine.decide.packing import CompileError
from engine.decide.program import fails, holds
from engine.decide.references import ReferenceCycleError
from engine.language.model.condition import (
    All,
    Any,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.policy import Policy
from engine.language.words import ActionKind, Axis, Behaviour, Severity, Status, SubjectKind

GOLDEN = """\
account
  p0 = policy `first`
  p1 = policy `second`
  q0 = response `ladder`
  k0 = strikes within 90 us by suspend, throttle
stage 0
  ruleset
    n3 <- B high lt 3.0
    n3 <- B low gte 1e-09 and high lte 1e-09
    p0+ <- A low gte 5.0, n3
    p0- <- A high lt 5.0
    n4 <- B low gt 1e-09
    n4 <- B high lt 1e-09
    p0- <- B low gte 3.0, n4
stage 1
  t2 = tally of p0
  ruleset
    n2 <- B low gt 2.0
    n2 <- B high lt 2.0
    p1+ <- t2 high lt 1.0, n2
stage 2
  t0 = tally of p0, p1
  t1 = tally of p1
  ruleset
    q0.0 <- t0 low gte 1.0
    q0.1 <- t0 low gte 1.0, k0 low gte 2.0
    n1 <- MEMBERS low gte 20.0
    n1 <- t1 low gte 1.0
    q0.2 <- t0 low gte 1.0, n1
"""


def account(policies: list[Policy], **responses: Condition) -> Compiled:
    """Compile policies and one-rung responses for accounts."""
    made = [response(name, when, None) for name, when in responses.items()]
    compiled = compile_kind(policies, made, ACCOUNT)
    assert compiled is not None
    return compiled


def test_canonical_text() -> None:
    first = policy(
        "first",
        All((compare("a", GTE, 5), Any((compare("b", LT, 3), compare("b", EQ, 1e-9))))),
    )
    second = policy("second", compare("b", NEQ, 2.0), Found("first"), axis=Axis.ACCESS)
    strikes = Struck(GTE, 2, 90, frozenset({ActionKind.THROTTLE, ActionKind.SUSPEND}))
    guard = Any((compare("members", GTE, 20), FoundAny(axes=frozenset({Axis.ACCESS}))))
    ladder = response("ladder", FoundAny(), None, strikes, guard)
    texts = [
        compiled.text
        for policies in ((first, second), (second, first))
        for compiled in compile_pack(pack(policies, [ladder]))
    ]
    names = {key("a"): "A", key("b"): "B", BUILT_IN_KEYS["members"]: "MEMBERS"}
    for name, short in names.items():
        texts = [text.replace(name, short) for text in texts]
    assert texts == [GOLDEN, GOLDEN]


def test_only_evaluated_policies_of_the_kind_are_compiled() -> None:
    when = compare("a", GTE, 1)
    policies = [policy(status.value, when, status=status) for status in Status]
    policies.append(policy("campaign", when, subject=SubjectKind.CAMPAIGN))
    names = [one.name for one in account(policies).policies]
    assert names == ["enforce", "review", "shadow"]
    campaigns = compile_kind(policies, (), SubjectKind.CAMPAIGN)
    assert campaigns is not None
    assert [one.name for one in campaigns.policies] == ["campaign"]
    assert compile_kind(policies, (), SubjectKind.ORGANISATION) is None


def test_to_responses_a_finding_in_shadow_is_possible_at_most() -> None:
    when = compare("a", GTE, 1)
    policies = [policy("live", when), policy("dark", when, status=Status.SHADOW)]
    compiled = account(policies, any=FoundAny(), dark=Found("dark"), bright=Negation(Found("dark")))
    rules = [str(rule) for one in compiled.program.stages[-1].rulesets for rule in one.rules]
    assert rules == ["q0.0 <- t0 low gte 1.0", "q1.0 <- t1 high lt 1.0", "q2.0 <- t1 low gte 1.0"]
    every, dark = compiled.program.stages[-1].tallies
    assert (every.policies, every.shadowed) == ((1,), (0,))
    assert (dark.policies, dark.shadowed) == ((), (0,))
    assert [dark.count({node}) for node in (holds(0), fails(0), "")] == [(0, 1), (0, 0), (0, 1)]


def test_findings_are_described_by_behaviour_axis_and_severity() -> None:
    when = compare("a", GTE, 1)
    policies = [
        policy("p1", when, behaviour=Behaviour.RESALE, axis=Axis.ACCESS, severity=Severity.LOW),
        policy("p2", when, behaviour=Behaviour.RESALE, axis=Axis.CONTENT, severity=Severity.HIGH),
        policy("p3", when, behaviour=Behaviour.EVASION, severity=Severity.CRITICAL),
    ]
    compiled = account(
        policies,
        a=FoundAny(frozenset({Behaviour.RESALE})),
        b=FoundAny(axes=frozenset({Axis.CONTENT, Axis.RHYTHM})),
        c=FoundAny(minimum_severity=Severity.HIGH),
        d=FoundAny(frozenset({Behaviour.RESALE}), frozenset({Axis.ACCESS}), Severity.MEDIUM),
    )
    tallies = {tally.name: tally.policies for tally in compiled.program.stages[-1].tallies}
    assert tallies == {"t0": (0, 1), "t1": (1, 2)}


def test_failing_is_compiled_only_where_a_negation_asks_for_it() -> None:
    policies = [policy("x", compare("a", GTE, 1)), policy("y", compare("b", GTE, 1))]
    compiled = account(policies, r=All((Found("x"), Negation(Found("y")))))
    assert compiled.fails_needed == {1}
    given = {rule.gives for one in compiled.program.stages[0].rulesets for rule in one.rules}
    assert given == {"p0+", "p1+", "p1-"}


def test_long_conjunctions_are_cut_and_alternatives_become_rules() -> None:
    parts = tuple(
        Any((compare(name, GTE, number), compare(name, LT, -number)))
        for number in range(5)
        for name in SIGNALS
    )
    compiled = account([policy("long", All(parts))])
    rules = [rule for one in compiled.program.stages[0].rulesets for rule in one.rules]
    assert max(len(rule.patterns) for rule in rules) == 12
    given: set[str] = set()
    for rule in rules:
        assert {p.name for p in rule.patterns if p.name.startswith("n")} <= given
        given.add(rule.gives)
    assert "p0+" in given


def test_a_cycle_is_named() -> None:
    policies = [
        policy("a", Found("b")),
        policy("b", Negation(Found("c"))),
        policy("c", Found("a")),
        policy("d", Found("a")),
    ]
    with pytest.raises(ReferenceCycleError, match="`a` -> `b` -> `c` -> `a`"):
        account(policies)
    with pytest.raises(ReferenceCycleError, match="`self` -> `self`"):
        account([policy("self", FoundAny())])


@pytest.mark.parametrize("threshold", [math.inf, -math.inf, math.nan, 10**400])
def test_thresholds_are_finite(threshold: float) -> None:
    with pytest.raises(CompileError, match=r"policy `p`: .* finite"):
        account([policy("p", compare("a", GTE, threshold))])


def test_unknown_signals_are_named() -> None:
    with pytest.raises(CompileError, match="policy `p`: there is no signal `b`"):
        account([policy("p", compare("b", GTE, 1), signals="a")])
    with pytest.raises(CompileError, match="response `r`: there is no signal `a`"):
        account([], r=compare("a", GTE, 1))
