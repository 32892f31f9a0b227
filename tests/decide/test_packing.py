from __future__ import annotations

import random

import pytest
from deciding import GTE, SIGNALS, compare, policy

from engine.decide.compile import compile_kind
from engine.decide.definition import definition
from engine.decide.encode import encode
from engine.decide.packing import (
    MAX_BOUNDS,
    MAX_JOINED,
    MAX_RULES,
    CompileError,
    check_hashes,
    fnv1a,
    pack_rules,
)
from engine.decide.program import Bound, End, NodePattern, NumberPattern, Rule, Ruleset
from engine.language.model.condition import All, Any
from engine.language.words import SubjectKind


def number_rule(gives: str, name: str, *thresholds: float) -> Rule:
    """A rule over one pattern, or several of numbers `name0`, `name1`..."""
    patterns = tuple(
        NumberPattern(f"{name}{position}" if position else name, (Bound(End.LOW, value, False),))
        for position, value in enumerate(thresholds)
    )
    return Rule(gives, patterns, "policy `x`")


def check_caps(rulesets: tuple[Ruleset, ...]) -> None:
    """Every ruleset is far below the engine's caps."""
    for ruleset in rulesets:
        patterns = [pattern for rule in ruleset.rules for pattern in rule.patterns]
        bounds = {(p.name, b) for p in patterns if isinstance(p, NumberPattern) for b in p.bounds}
        met = [sum(name == other for other, _ in bounds) for name in ruleset.numbers]
        assert len(ruleset.rules) <= MAX_RULES
        assert len(patterns) <= MAX_JOINED
        assert max(met, default=0) <= MAX_BOUNDS


def test_two_thousand_policies_stay_below_every_cap() -> None:
    rng = random.Random(5)
    policies = [
        policy(
            f"policy {number}",
            All(tuple(compare(n, GTE, rng.uniform(0, 9)) for n in rng.sample(SIGNALS, 3))),
        )
        for number in range(2000)
    ]
    compiled = compile_kind(policies, (), SubjectKind.ACCOUNT)
    assert compiled is not None
    rulesets = compiled.program.stages[0].rulesets
    check_caps(rulesets)
    assert sum(len(one.rules) for one in rulesets) == 2000
    assert [target for one in rulesets for target in one.served] == list(range(2000))
    assert max(len(encode(definition(one))) for one in rulesets) < 64_000


def test_a_policy_too_large_for_one_ruleset_goes_on_in_later_ones() -> None:
    parts = tuple(compare(SIGNALS[n % 8], GTE, float(n)) for n in range(500))
    compiled = compile_kind(
        [policy("huge", All((Any(parts), Any(parts[1:]))))], (), SubjectKind.ACCOUNT
    )
    assert compiled is not None
    rulesets = compiled.program.stages[0].rulesets
    check_caps(rulesets)
    assert len(rulesets) > 10
    derived: set[str] = set()
    for one in rulesets:
        derived |= {rule.gives for rule in one.rules}
        assert one.nodes <= derived
        assert set(one.served) == {0}


def test_rules_of_one_policy_stay_together() -> None:
    served = [(n, [number_rule(f"p{n}+", f"s{n}", 1.0, 2.0)] * 5) for n in range(20)]
    rulesets = pack_rules(served)
    assert [sorted(set(one.served)) for one in rulesets] == [
        [0, 1, 2, 3, 4, 5],
        [6, 7, 8, 9, 10, 11],
        [12, 13, 14, 15, 16, 17],
        [18, 19],
    ]


def test_no_fact_meets_too_many_bounds() -> None:
    served = [(n, [number_rule(f"p{n}+", "same", float(n))]) for n in range(60)]
    check_caps(pack_rules(served))
    equal = pack_rules([(n, [number_rule(f"p{n}+", "same", 1.0)]) for n in range(60)])
    assert [len(one.rules) for one in equal] == [32, 28]


def test_nothing_makes_no_ruleset() -> None:
    assert pack_rules([]) == ()
    assert pack_rules([(0, [])]) == ()


def test_names_are_hashed_like_the_engine_does() -> None:
    assert fnv1a("id") == 926444256
    assert fnv1a("sid") == 3593476751


def test_colliding_names_are_refused() -> None:
    check_hashes(["a", "b", "a"])
    assert fnv1a("costarring") == fnv1a("liquid")
    with pytest.raises(CompileError, match="`costarring` and `liquid`"):
        check_hashes(["x", "costarring", "liquid"])


def test_overlong_names_are_refused() -> None:
    rule = Rule("p0+", (NodePattern("n" * 5000),), "policy `x`")
    with pytest.raises(CompileError, match="too long"):
        pack_rules([(0, [rule])])
