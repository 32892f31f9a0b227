"""A case stays one case while it is open, and a decided one is not opened again for nothing."""

from __future__ import annotations

from dataclasses import replace

from engine.batch.cases import Extent, OpenedCase, grown, open_cases
from engine.decide.finding import Answer, Finding, Outcome
from engine.language.model.condition import All
from engine.language.model.policy import Policy
from engine.language.model.response import ActionSpec, Response, Step
from engine.language.subject import Subject
from engine.language.words import ActionKind, Axis, Behaviour, Severity, Status, SubjectKind
from engine.ledger.records import CaseRecord, CaseStatus

SUBJECT = Subject(SubjectKind.CAMPAIGN, "c-1")
EXTENT = Extent(first_us=10, last_us=20, accounts=40)


def finding(axis: Axis, behaviour: Behaviour, severity: Severity) -> Finding:
    policy = Policy(
        f"p-{axis.value}", "", 1, Status.REVIEW, "", behaviour, axis, severity, SUBJECT.kind,
        (), (), (), (), All(()), (), "", (), "",
    )  # fmt: skip
    return Finding(policy, SUBJECT, {}, Outcome(All(()), holds=True))


ANSWER = Answer(
    Response("r", "A pool", SUBJECT.kind, All(()), (Step(()),)),
    Step(()),
    SUBJECT,
    (
        finding(Axis.COORDINATION, Behaviour.ACCOUNT_FRAUD, Severity.CRITICAL),
        finding(Axis.CONTENT, Behaviour.DISTILLATION, Severity.HIGH),
    ),
)


def opened(*earlier: CaseRecord, extent: Extent = EXTENT, run_id: str = "run-2") -> OpenedCase:
    (case,) = open_cases([ANSWER], earlier, {SUBJECT: extent}, run_id=run_id, as_of_us=30)
    return case


def test_a_case_is_named_after_its_content_and_as_grave_as_its_worst_finding() -> None:
    record = opened().record
    assert (record.behaviour, record.severity) == ("distillation", "critical")
    assert (record.accounts, record.campaign_id, record.status) == (40, "c-1", "open")


def test_an_open_case_takes_later_runs_up() -> None:
    first = opened(run_id="run-1").record
    again = opened(first, extent=replace(EXTENT, last_us=99))
    assert again == OpenedCase((ANSWER,), first, settled=False)
    waiting = replace(first, status=CaseStatus.AWAITING_SECOND.value)
    assert opened(waiting).record == waiting


def test_a_decided_case_settles_conduct_up_to_its_end() -> None:
    decided = replace(opened(run_id="run-1").record, status=CaseStatus.REJECTED.value)
    assert opened(decided).settled
    later = opened(decided, extent=replace(EXTENT, last_us=21))
    assert not later.settled
    assert later.record.case_id != decided.case_id
    assert later.record.run_id == "run-2"


def test_cases_of_other_subjects_do_not_count() -> None:
    other = replace(opened(run_id="run-1").record, subject_id="c-2")
    assert opened(other).record.run_id == "run-2"


def test_ids_do_not_depend_on_the_run() -> None:
    assert opened(run_id="a").record.case_id == opened(run_id="b").record.case_id


def test_a_subject_has_one_case_named_after_its_gravest_response() -> None:
    log, suspend = (Step((ActionSpec(kind),)) for kind in (ActionKind.LOG, ActionKind.SUSPEND))
    lead = replace(ANSWER, step=log, findings=ANSWER.findings[:1])
    grave = replace(ANSWER, response=replace(ANSWER.response, name="s"), step=suspend)
    (case,) = open_cases([lead, grave], (), {SUBJECT: EXTENT}, run_id="run-1", as_of_us=30)
    assert case.record.response == "s"
    assert [finding.policy.axis for finding in case.findings] == [Axis.CONTENT, Axis.COORDINATION]


def test_an_open_case_is_called_by_the_gravest_that_was_found_of_it() -> None:
    first = opened(run_id="run-1").record
    milder = replace(first, severity=Severity.LOW.value, title="less", response="q")
    now = grown(opened(milder), Extent(first_us=15, last_us=50, accounts=2), "run-2")
    assert (now.severity, now.title, now.response) == ("critical", "A pool", "r")
    assert (now.first_event_us, now.last_event_us, now.run_id) == (10, 50, "run-2")
    equal = replace(first, title="by what came first", response="q")
    now = grown(opened(equal), Extent(first_us=5, last_us=15, accounts=2), "run-2")
    assert (now.title, now.response) == ("by what came first", "q")
    assert (now.first_event_us, now.last_event_us) == (5, 20)
