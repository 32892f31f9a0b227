"""Law 5: no single indicator acts, whatever the pack says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.decide.finding import Answer, Finding, Outcome
from engine.enforce.floor import shortfall
from engine.language.fields import FieldRef
from engine.language.model.condition import All, Compare
from engine.language.model.measure import Count, Distinct, Members
from engine.language.model.policy import Policy, Signal
from engine.language.model.response import ActionSpec, Response, Step
from engine.language.model.selection import AllOf, Test
from engine.language.subject import Subject
from engine.language.words import (
    ActionKind,
    Axis,
    Behaviour,
    Match,
    Operator,
    Severity,
    Status,
    SubjectKind,
)

SUBJECT = Subject(SubjectKind.CAMPAIGN, "c-1")
PROBE = AllOf(
    (
        Test(FieldRef("logprobs"), Match.EQUALS, (True,)),
        Test(FieldRef("max_tokens"), Match.LTE, (5,)),
    )
)
PROMPT = Test(FieldRef("prompt"), Match.CONTAINS, ("x",))
REVERSIBLE = [kind for kind in ActionKind if kind.reversible and kind is not ActionKind.LOG]


def finding(axis: Axis, *signals: Signal, tested: bool = True) -> Finding:
    when = Compare("s", Operator.GTE, 1)
    policy = Policy(
        f"p-{axis.value}", "", 1, Status.ENFORCE, "", Behaviour.DISTILLATION, axis, Severity.HIGH,
        SubjectKind.CAMPAIGN, (), (), (), signals or (Signal("s", Members()),), when,
        (Compare("s", Operator.LT, 0),) if tested else (), "", (), "",
    )  # fmt: skip
    return Finding(policy, SUBJECT, {}, Outcome(All(()), holds=True))


def answer(*findings: Finding) -> Answer:
    step = Step(())
    return Answer(Response("r", "", SUBJECT.kind, All(()), (step,)), step, SUBJECT, findings)


ALL_AXES = [finding(axis) for axis in Axis]


@pytest.mark.parametrize("axis", list(Axis))
@pytest.mark.parametrize("kind", [kind for kind in ActionKind if kind is not ActionKind.LOG])
def test_no_single_axis_acts(axis: Axis, kind: ActionKind) -> None:
    assert shortfall(ActionSpec(kind), answer(finding(axis))) is not None


@pytest.mark.parametrize("axis", list(Axis))
def test_one_indicator_may_be_logged(axis: Axis) -> None:
    assert shortfall(ActionSpec(ActionKind.LOG), answer(finding(axis))) is None


@pytest.mark.parametrize("kind", REVERSIBLE)
@pytest.mark.parametrize("second", [Axis.COORDINATION, Axis.ACCESS])
def test_reversible_steps_need_two_axes(kind: ActionKind, second: Axis) -> None:
    both = answer(finding(Axis.CONTENT), finding(second))
    assert shortfall(ActionSpec(kind), both) is None


@pytest.mark.parametrize("kind", REVERSIBLE)
def test_rhythm_is_no_second_axis(kind: ActionKind) -> None:
    both = answer(finding(Axis.CONTENT), finding(Axis.RHYTHM))
    assert shortfall(ActionSpec(kind), both) is not None


@pytest.mark.parametrize("missing", [Axis.CONTENT, Axis.COORDINATION, Axis.ACCESS])
def test_irreversible_steps_need_three_axes(missing: Axis) -> None:
    terminate = ActionSpec(ActionKind.TERMINATE)
    assert shortfall(terminate, answer(*ALL_AXES)) is None
    rest = [f for f in ALL_AXES if f.policy.axis is not missing]
    assert shortfall(terminate, answer(*rest)) is not None


def test_irreversible_steps_need_recorded_look_alike_tests() -> None:
    untested = [finding(axis, tested=False) for axis in Axis]
    lacking = shortfall(ActionSpec(ActionKind.TERMINATE), answer(*untested))
    assert lacking == "p-content has no look-alike test"


def restrict(feature: str) -> ActionSpec:
    return ActionSpec(ActionKind.RESTRICT, feature=feature)


def test_the_abused_feature_may_be_restricted_on_its_parameters_alone() -> None:
    probes = finding(Axis.CONTENT, Signal("s", Count(where=PROBE)))
    assert shortfall(restrict("logprobs"), answer(probes)) is None
    assert shortfall(restrict("logit_bias"), answer(probes)) is not None
    assert shortfall(restrict("batch"), answer(probes)) is not None
    assert shortfall(ActionSpec(ActionKind.THROTTLE), answer(probes)) is not None


@pytest.mark.parametrize(
    "weaker",
    [
        Signal("t", Count(where=PROMPT)),
        Signal("t", Distinct(field=FieldRef("ip"))),
        Signal("t", Count(where=AllOf((PROBE, PROMPT)))),
    ],
)
def test_evidence_beyond_request_parameters_ends_the_exception(weaker: Signal) -> None:
    mixed = finding(Axis.CONTENT, Signal("s", Count(where=PROBE)), weaker)
    assert shortfall(restrict("logprobs"), answer(mixed)) is not None


def test_the_exception_needs_a_content_finding() -> None:
    probes = finding(Axis.RHYTHM, Signal("s", Count(where=PROBE)))
    assert shortfall(restrict("logprobs"), answer(probes)) is not None
    content = replace(probes, policy=replace(probes.policy, axis=Axis.CONTENT))
    assert shortfall(restrict("logprobs"), answer(content)) is None
