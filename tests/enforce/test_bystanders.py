"""Members that do not take part are decided about apart, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.finding import Answer, Finding, Outcome
from engine.enforce import action as enforced
from engine.enforce.action import Disposition, PlannedAction, Target
from engine.enforce.bystanders import accused, bystander
from engine.enforce.plan import plan_actions
from engine.language.fields import FieldRef
from engine.language.model.condition import All, Any, Compare, Condition, Negation
from engine.language.model.measure import Count, Measure, Members, Share
from engine.language.model.pack import Guardrails, Pack
from engine.language.model.policy import Policy, Signal
from engine.language.model.response import ActionSpec, Cap, Response, Step
from engine.language.model.selection import EVERYTHING, Selection, Test
from engine.language.subject import Subject
from engine.language.words import (
    ActionKind,
    Approval,
    Axis,
    Behaviour,
    Match,
    Operator,
    Severity,
    Status,
    SubjectKind,
)
from engine.ledger import triggers

NAMES = ("conduct", "requests")
comparisons = st.builds(
    Compare, st.sampled_from(NAMES), st.sampled_from(list(Operator)), st.integers(0, 3)
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    comparisons,
    lambda inner: (
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple))
        | st.builds(Negation, inner)
    ),
    max_leaves=5,
)
intervals = st.tuples(st.integers(0, 3), st.integers(0, 2)).map(lambda one: (one[0], sum(one)))
SUBJECT = Subject(SubjectKind.CAMPAIGN, "c-1")
THROTTLE = ActionSpec(ActionKind.THROTTLE)
SPARING = All((Compare("requests", Operator.GTE, 20), Compare("conduct", Operator.LTE, 0.05)))


def plainly(condition: Condition, values: dict[str, int]) -> bool:
    """Return whether a condition holds for exact values."""
    match condition:
        case All(parts):
            return all(plainly(part, values) for part in parts)
        case Any(parts):
            return any(plainly(part, values) for part in parts)
        case Negation(part):
            return not plainly(part, values)
        case Compare(signal, operator, threshold):
            value = values[signal]
            return {
                Operator.GT: value > threshold, Operator.GTE: value >= threshold,
                Operator.LT: value < threshold, Operator.LTE: value <= threshold,
                Operator.EQ: value == threshold, Operator.NEQ: value != threshold,
            }[operator]  # fmt: skip
    raise AssertionError(condition)


@given(condition=conditions, ends=st.tuples(intervals, intervals))
def test_what_is_certain_is_so_for_every_value_that_could_be(
    condition: Condition, ends: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    numbers = {
        name: (float(low), float(high)) for name, (low, high) in zip(NAMES, ends, strict=True)
    }
    ranges = [range(low, high + 1) for low, high in ends]
    results = {
        plainly(condition, dict(zip(NAMES, values, strict=True))) for values in product(*ranges)
    }
    found = bystander(condition, numbers)
    assert found.holds is None or results == {found.holds}
    if all(len(one) == 1 for one in ranges):
        assert {found.holds} == results


def test_without_a_rule_everybody_takes_part() -> None:
    assert bystander(None, {"conduct": (0.0, 0.0)}).holds is False


def test_rule_and_values_are_told_in_words() -> None:
    told = bystander(SPARING, {"requests": (212.0, 212.0), "conduct": (0.0, 0.0375)})
    assert told.rule == "requests at least 20 and conduct at most 0.05"
    assert told.values == "requests 212, conduct 0 to 0.0375"
    assert told.holds is True
    nested = All((Any((SPARING, Compare("days_before", Operator.GT, 7))), Negation(SPARING)))
    assert bystander(nested, None).rule == (
        "((requests at least 20 and conduct at most 0.05) or days_before over 7) and "
        "not (requests at least 20 and conduct at most 0.05)"
    )


def finding(axis: Axis) -> Finding:
    policy = Policy(
        f"p-{axis.value}", "", 1, Status.ENFORCE, "", Behaviour.DISTILLATION, axis, Severity.HIGH,
        SubjectKind.CAMPAIGN, (), (), (), (Signal("s", Members()),),
        Compare("s", Operator.GTE, 1), (Compare("s", Operator.LT, 0),), "", (), "",
    )  # fmt: skip
    return Finding(policy, SUBJECT, {}, Outcome(All(()), holds=True))


def answer(
    name: str = "r",
    approval: Approval = Approval.NONE,
    most: int | None = None,
    exculpate: Condition | None = SPARING,
) -> Answer:
    step = Step((THROTTLE,), approval=approval)
    response = Response(name, "", SUBJECT.kind, All(()), (step,), Cap(most), exculpate)
    return Answer(response, step, SUBJECT, (finding(Axis.CONTENT), finding(Axis.COORDINATION)))


def plan(conduct: list[tuple[float, float]], *answers: Answer) -> tuple[PlannedAction, ...]:
    """Plan answers over members that sent fifty requests each, with so much of the conduct."""
    pack = Pack("p", "1", (), Guardrails(), (), (), (), (), (), (), (), "")
    accounts = [Target(f"a{n}", None, frozenset()) for n in range(len(conduct))]
    numbers = {
        target.account_id: {"requests": (50.0, 50.0), "conduct": shown}
        for target, shown in zip(accounts, conduct, strict=True)
    }
    return plan_actions(
        pack, answers, {SUBJECT: accounts}, active_accounts=1_000, already_today={}, as_of_us=100,
        members={SUBJECT: numbers},
    )  # fmt: skip


def planned(conduct: list[tuple[float, float]], one: Answer) -> list[tuple[Disposition, int, str]]:
    return [(action.disposition, action.approvals, action.reason) for action in plan(conduct, one)]


def test_a_bystander_waits_for_a_reviewer_where_the_others_are_acted_on() -> None:
    takes_part, aside, unknown = planned([(0.9, 0.9), (0.01, 0.01), (0.0, 0.4)], answer())
    assert takes_part == (Disposition.AUTOMATIC, 0, "")
    assert aside == (
        Disposition.APART, 1, "bystander: requests at least 20 and conduct at most 0.05",
    )  # fmt: skip
    assert unknown == (Disposition.PROPOSE, 1, "")


def test_two_approvals_stay_two() -> None:
    ((disposition, approvals, _),) = planned([(0.0, 0.0)], answer(approval=Approval.TWO))
    assert (disposition, approvals) == (Disposition.APART, 2)


def test_a_bystander_pushes_nobody_over_a_cap() -> None:
    found = planned([(0.9, 0.9), (0.0, 0.0)], answer(most=1))
    assert [disposition for disposition, *_ in found] == [Disposition.AUTOMATIC, Disposition.APART]
    found = planned([(0.9, 0.9), (0.8, 0.8), (0.0, 0.0)], answer(most=1))
    dispositions = [disposition for disposition, *_ in found]
    assert dispositions == [Disposition.HOLD, Disposition.HOLD, Disposition.APART]


def test_what_one_response_decides_apart_no_other_lets_through() -> None:
    other = answer("other", Approval.TWO, exculpate=None)
    (action,) = plan([(0.0, 0.0)], answer(), other)
    assert action.disposition is Disposition.APART
    assert action.detail == "requests 50, conduct 0"


def test_the_ledger_knows_the_word_by_which_such_actions_are_told() -> None:
    assert enforced.APART == triggers.APART


DEMANDS, FIRST = (Test((FieldRef(name),), Match.GTE, (1,)) for name in ("n", "turn"))


@pytest.mark.parametrize(
    ("measure", "operator", "expected"),
    [
        (Count(where=DEMANDS), Operator.GTE, (DEMANDS,)),
        (Share(where=DEMANDS, of=FIRST), Operator.GT, (DEMANDS,)),
        (Count(where=DEMANDS), Operator.LTE, ()),
        (Count(where=EVERYTHING), Operator.GTE, ()),
    ],
)
def test_what_a_finding_holds_against_a_campaign(
    measure: Measure, operator: Operator, expected: tuple[Selection, ...]
) -> None:
    def found(axis: Axis) -> Any:
        one = finding(axis)
        when = All((Compare("m", operator, 3), Compare("s", Operator.GTE, 1)))
        signals = (*one.policy.signals, Signal("m", measure))
        return replace(one, policy=replace(one.policy, signals=signals, when=when))

    assert accused((found(Axis.CONTENT),)) == expected
    assert accused((found(Axis.ACCESS),)) == ()


def test_what_must_not_be_is_not_held_against_it() -> None:
    one = finding(Axis.CONTENT)
    when = Negation(Compare("m", Operator.GTE, 3))
    policy = replace(one.policy, signals=(Signal("m", Count(where=DEMANDS)),), when=when)
    assert accused((replace(one, policy=policy),)) == ()
