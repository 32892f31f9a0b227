"""The reference evaluator says what conditions mean."""

from __future__ import annotations

import math

import pytest

from engine.decide.reference import evaluate
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
from engine.language.model.measure import Members
from engine.language.model.policy import Policy, Signal
from engine.language.model.response import ActionSpec, Response, Step
from engine.language.subject import Subject
from engine.language.words import (
    ActionKind,
    Axis,
    Behaviour,
    Operator,
    Severity,
    Status,
    SubjectKind,
)
from engine.signals.facts import Fact, signal_key

MEMBERS = signal_key(Members())
SUBJECT = Subject(SubjectKind.CAMPAIGN, "c-1")


def policy(
    name: str, when: Condition, *unless: Condition, status: Status = Status.ENFORCE
) -> Policy:
    return Policy(
        name, name, 1, status, "owner", Behaviour.DISTILLATION, Axis.CONTENT, Severity.HIGH,
        SubjectKind.CAMPAIGN, (), (), (), (Signal("size", Members()),), when, unless, "", (), "",
    )  # fmt: skip


def size(operator: Operator, threshold: float) -> Compare:
    return Compare("size", operator, threshold)


def judge(condition: Condition, low: float, high: float) -> bool | None:
    facts = {MEMBERS: Fact(MEMBERS, low, high, {})}
    return evaluate([policy("p", condition)], [], SUBJECT, facts, (), 0).findings["p"]


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [
        (Operator.GTE, False, True, True),
        (Operator.GT, False, False, True),
        (Operator.LTE, True, True, False),
        (Operator.LT, True, False, False),
        (Operator.EQ, False, True, False),
        (Operator.NEQ, True, False, True),
    ],
)
def test_a_known_value_is_decided(operator: Operator, below: bool, at: bool, above: bool) -> None:
    results = [judge(size(operator, 5), value, value) for value in (4.0, 5.0, 6.0)]
    assert results == [below, at, above]


@pytest.mark.parametrize("operator", list(Operator))
def test_an_interval_around_the_threshold_is_undecided(operator: Operator) -> None:
    assert judge(size(operator, 5), 4, 6) is None
    assert judge(size(operator, 5), -math.inf, math.inf) is None


def test_kleene() -> None:
    true, false, unknown = size(Operator.GTE, 1), size(Operator.LT, 0), size(Operator.GTE, 5)
    assert judge(All((true, unknown)), 4, 6) is None
    assert judge(All((false, unknown)), 4, 6) is False
    assert judge(Any((true, unknown)), 4, 6) is True
    assert judge(Any((false, unknown)), 4, 6) is None
    assert judge(Negation(unknown), 4, 6) is None
    assert judge(Negation(false), 4, 6) is True


def test_an_undecided_look_alike_test_leaves_the_policy_undecided() -> None:
    facts = {MEMBERS: Fact(MEMBERS, 4, 6, {})}
    judged = policy("p", size(Operator.GTE, 1), size(Operator.GTE, 5))
    assert evaluate([judged], [], SUBJECT, facts, (), 0).findings["p"] is None


def test_findings_of_other_policies_and_of_shadow_ones() -> None:
    facts = {MEMBERS: Fact(MEMBERS, 9, 9, {})}
    shadow = policy("shadow", size(Operator.GTE, 1), status=Status.SHADOW)
    chained = policy("chained", Found("shadow"))
    cleared = policy("cleared", Negation(Found("shadow")))
    tried = policy("tried", Found("shadow"), status=Status.SHADOW)
    unknown = policy("unknown", Negation(Found("draft")))
    draft = policy("draft", size(Operator.GTE, 1), status=Status.DRAFT)
    wants_shadow = Response("r", "r", SubjectKind.CAMPAIGN, Found("shadow"), (Step(()),))
    not_shadow = Response("s", "s", SubjectKind.CAMPAIGN, Negation(Found("shadow")), (Step(()),))
    policies = [chained, cleared, tried, shadow, unknown, draft]
    verdicts = evaluate(policies, [wants_shadow, not_shadow], SUBJECT, facts, (), 0)
    assert verdicts.findings == {
        "chained": None, "cleared": None, "tried": True, "shadow": True, "unknown": None
    }  # fmt: skip
    assert verdicts.rungs == {"r": None, "s": None}
    few = {MEMBERS: Fact(MEMBERS, 0, 0, {})}
    verdicts = evaluate(policies, [wants_shadow, not_shadow], SUBJECT, few, (), 0)
    assert (verdicts.findings["cleared"], verdicts.rungs) == (True, {"r": None, "s": 0})


def test_the_last_rung_whose_guard_holds_is_taken() -> None:
    facts = {MEMBERS: Fact(MEMBERS, 9, 9, {})}
    log, stop = ActionSpec(ActionKind.LOG), ActionSpec(ActionKind.SUSPEND)
    struck = Struck(Operator.GTE, 1, 10)
    content = FoundAny(frozenset({Behaviour.DISTILLATION}), frozenset({Axis.CONTENT}))
    response = Response(
        "r", "r", SubjectKind.CAMPAIGN, content, (Step((log,)), Step((stop,), guard=struck))
    )
    judged = policy("p", size(Operator.GTE, 1))

    def rung(*strikes: tuple[int, ActionKind]) -> int | None:
        return evaluate([judged], [response], SUBJECT, facts, strikes, 100).rungs["r"]

    assert rung() == 0
    assert rung((90, ActionKind.THROTTLE)) == 1
    assert rung((89, ActionKind.THROTTLE)) == 0
    assert rung((101, ActionKind.THROTTLE)) == 0
