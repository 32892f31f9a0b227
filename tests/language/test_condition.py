"""Conditions of policies and responses, and the order of policies that follows from them."""

from __future__ import annotations

import pytest
from small_pack import POLICY, codes_of, document, load_small, pack_of, policy_faults, policy_with

from engine.errors import ExciseError
from engine.language.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.policy import Policy
from engine.language.stages import loops, stages
from engine.language.words import ActionKind, Axis, Behaviour, Operator, Severity

_DAY = 86_400_000_000


def _shape(condition: Condition) -> object:
    match condition:
        case Compare(signal, operator, threshold):
            return (signal, operator.value, threshold)
        case All(parts):
            return ("all", *map(_shape, parts))
        case Any(parts):
            return ("any", *map(_shape, parts))
        case Negation(part):
            return ("not", _shape(part))
    return type(condition).__name__


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"events": {"gte": 1}}, ("events", "gte", 1.0)),
        ({"events": 5}, ("events", "eq", 5.0)),
        ({"events": {"gte": 1, "lt": 5}}, ("all", ("events", "gte", 1.0), ("events", "lt", 5.0))),
        ([{"events": 5}], ("events", "eq", 5.0)),
        ([{"events": 5}, {"tokens": 7}], ("all", ("events", "eq", 5.0), ("tokens", "eq", 7.0))),
        ({"events": 5, "tokens": 7}, ("all", ("events", "eq", 5.0), ("tokens", "eq", 7.0))),
        ({"any": [{"events": 5}, {"not": {"tokens": 7}}]},
         ("any", ("events", "eq", 5.0), ("not", ("tokens", "eq", 7.0)))),
        ({"any": {"events": 5, "tokens": 7}},
         ("any", ("events", "eq", 5.0), ("tokens", "eq", 7.0))),
    ],
)  # fmt: skip
def test_conditions_by_their_words(written: object, expected: object) -> None:
    signals = {"events": "count", "tokens": {"sum": "input_tokens"}}
    assert _shape(policy_with(select=None, signals=signals, when=written).when) == expected


def test_each_item_of_unless_clears_on_its_own() -> None:
    policy = policy_with(
        unless=[{"events": {"gt": 900}}, [{"events": 500}, {"not": {"events": 7}}]]
    )
    assert [_shape(part) for part in policy.unless] == [
        ("events", "gt", 900.0),
        ("all", ("events", "eq", 500.0), ("not", ("events", "eq", 7.0))),
    ]
    assert len(policy_with(unless={"events": {"gt": 900}}).unless) == 1


def test_findings_and_strikes() -> None:
    when = [
        {"findings": {"behaviour": "resale", "axis": ["content", "access"], "severity": "high"}},
        {"findings": {}},
        {"strikes": {"gte": 2, "within": "90d", "actions": "suspend"}},
        {"finding": "harness"},
        {"members": {"gte": 20}},
    ]
    response = pack_of(load_small(response=document("response", when=when))).responses[0]
    assert isinstance(response.when, All)
    described, anything, struck, found, compared = response.when.parts
    assert isinstance(described, FoundAny)
    assert described.behaviours == {Behaviour.RESALE}
    assert described.axes == {Axis.CONTENT, Axis.ACCESS}
    assert described.minimum_severity is Severity.HIGH
    assert isinstance(anything, FoundAny)
    assert (anything.behaviours, anything.axes) == (frozenset(), frozenset())
    assert isinstance(struck, Struck)
    assert (struck.operator, struck.threshold, struck.within_us) == (Operator.GTE, 2, 90 * _DAY)
    assert struck.actions == {ActionKind.SUSPEND}
    assert isinstance(found, Found)
    assert found.policy == "harness"
    assert isinstance(compared, Compare)


def test_the_span_of_a_comparison_is_its_key() -> None:
    policy = pack_of(load_small()).policies[0]
    span = policy.when.span
    line = policy.text.splitlines()[span.line - policy.span.line]
    assert line[span.column - 1 : span.end_column - 1] == "events"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({}, "EX129"),
        ([], "EX129"),
        ("events", "EX123"),
        ({"events": "many"}, "EX123"),
        ({"events": {"gte": True}}, "EX123"),
        ({"events": {"gte": 1e300}}, "EX125"),
        ({"events": {"between": [1, 2]}}, "EX121"),
        ({"all": "events"}, "EX123"),
        ({"finding": "no such name"}, "EX128"),
        ({"findings": {"behavior": "resale"}}, "EX121"),
        ({"strikes": {"gte": 1}}, "EX122"),
        ({"strikes": {"gte": -1, "within": "1d"}}, "EX125"),
        ({"approval": ["a"]}, "EX123"),
    ],
)
def test_what_makes_no_sense_is_refused(written: object, code: str) -> None:
    assert code in policy_faults(when=written)


def test_responses_compare_numbers_of_campaigns_only() -> None:
    for name in ("events", "approval"):
        written = document("response", when={name: 1})
        assert codes_of(load_small(response=written)) != []


def _policies(**conditions: object) -> list[Policy]:
    """Return policies by name with these conditions beside a comparison."""
    documents = [
        document("policy", policy=name, when=[{"events": {"gte": 1}}, condition])
        for name, condition in conditions.items()
    ]
    loaded = load_small(policy="\n---\n".join(documents))
    return list(pack_of(loaded).policies)


def test_policies_stand_in_stages_after_those_they_use() -> None:
    policies = _policies(
        c={"not": {"finding": "b"}}, b={"finding": "a"}, a={"events": 5}, d={"finding": "a"}
    )
    names = [[policy.name for policy in stage] for stage in stages(policies)]
    assert names == [["a"], ["b", "d"], ["c"]]
    assert stages([]) == ()


def test_loops_are_named_once_each() -> None:
    a = POLICY.replace("policy: harness", "policy: a")
    texts = [
        a.replace("policy: a", f"policy: {name}").replace(
            "when: {events: {gte: 100}}", f"when: [{{events: 1}}, {{finding: {target}}}]"
        )
        for name, target in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e")]
    ]
    loaded = load_small(policy="\n---\n".join(texts))
    messages = [found.message for found in loaded.diagnostics if found.code == "EX303"]
    assert messages == [
        "policies depend on each other in a loop: `a → b → c → a`",
        "policy `e` depends on its own findings",
    ]


def test_stages_of_a_loop_are_an_error() -> None:
    first = _policies(a={"events": 5}, b={"finding": "a"})
    second = _policies(b={"events": 5}, a={"finding": "b"})
    looped = [first[1], second[0]]
    assert len(loops(looped)) == 1
    with pytest.raises(ExciseError, match="in a loop: a, b"):
        stages(looped)
