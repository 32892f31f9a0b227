"""A case read from the ledger."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from engine.errors import ExciseError
from engine.review.case_view import HIDDEN_NOTE, load_case_view


def test_findings_come_by_severity_with_their_conditions_apart(made: ModuleType) -> None:
    view = load_case_view(made.FakeLedger(), "case-0001")
    harness, triad = view.findings
    assert (harness.record.policy, triad.record.policy) == ("reasoning-harness", "access-triad")
    assert [(row.depth, row.node.text, row.node.holds) for row in harness.conditions] == [
        (0, "demanding gte 2000", True),
        (0, "demanding_share gte 0.3", True),
        (0, "any of", True),
        (1, "carriers gte 20", True),
        (1, "payers gte 50", False),
    ]
    assert [row.node.text for row in harness.counter_evidence] == ["partition lte 0.5"]
    assert harness.conditions[0].counts == {"events": 5_134, "matched": 4_812}
    assert harness.clauses[0].section == "Model scraping"
    assert [row.node.text for row in triad.conditions] == ["triad gte 0.6"]
    assert triad.counter_evidence == ()


def test_a_policy_that_run_after_run_found_is_shown_as_last_found(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    harness, triad, *others = ledger.made_findings
    days = [
        replace(harness, finding_id=f"day {day}", as_of_us=harness.as_of_us + day, explanation=day)
        for day in (2, 1, 3)
    ]
    ledger.made_findings = [days[0], harness, triad, *days[1:], *others]
    shown, other = load_case_view(ledger, "case-0001").findings
    assert (shown.record.finding_id, shown.earlier, shown.outdated) == ("day 3", 3, False)
    assert (other.record, other.earlier, other.outdated) == (triad, 0, True)


def test_members_come_by_strength_with_their_ties(made: ModuleType) -> None:
    members = load_case_view(made.FakeLedger(), "case-0001").members
    strengths = [float(member.record.strength) for member in members]
    assert strengths == sorted(strengths, reverse=True)
    assert [(tie.shared, tie.accounts) for tie in members[0].ties] == [
        ("account.payment_id", 4),
        ("prompt_shape", 40),
    ]


def test_equal_actions_are_one_group(made: ModuleType) -> None:
    view = load_case_view(made.FakeLedger(), "case-0001")
    assert [(group.phrase, group.status, len(group.accounts)) for group in view.actions] == [
        ("require_verification", "exempt", 1),
        ("require_verification", "proposed", 39),
        ("suspend 30 d", "exempt", 1),
        ("suspend 30 d", "proposed", 39),
    ]
    assert [group.phrase for group in view.effect] == ["require_verification", "suspend 30 d"]


def test_what_the_floor_holds_is_no_effect_of_an_approval(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    ledger.made_actions = [
        replace(action, status="held", reason=reason, approvals_needed=2, action="terminate")
        for action, reason in zip(
            made.actions(1, 2), ["floor: no access finding", "cap of 10 accounts"] * 2, strict=True
        )
    ]
    view = load_case_view(ledger, "case-0001")
    assert [group.reason for group in view.effect] == ["cap of 10 accounts"] * 2
    assert view.approvals_needed == 2


def test_samples_are_redacted_again(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    ledger.made_samples = [replace(made.samples()[0], excerpt="mail a@b.example \x1b[31m")]
    assert load_case_view(ledger, "case-0001").samples[0].excerpt == ("mail ████ 11 chars, email �")


@pytest.mark.parametrize(
    ("reviewer", "reason"), [("ana", "evidence confirmed"), ("ben", HIDDEN_NOTE)]
)
def test_the_second_reviewer_does_not_see_the_first_note(
    made: ModuleType, reviewer: str, reason: str
) -> None:
    view = load_case_view(made.FakeLedger(), "case-0004", reviewer=reviewer)
    assert [decision.reason for decision in view.decisions] == [reason]


def test_once_decided_the_first_note_shows(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    ledger.made_cases["case-0004"] = made.case(4, status="approved", version=3)
    view = load_case_view(ledger, "case-0004", reviewer="ben")
    assert view.decisions[0].reason == "evidence confirmed"


def test_a_case_that_is_not_there_is_an_error(made: ModuleType) -> None:
    with pytest.raises(ExciseError, match="no case case-9999"):
        load_case_view(made.FakeLedger(), "case-9999")


@pytest.mark.parametrize("clauses", ["{", "[", "nonsense"])
def test_unreadable_records_are_named(made: ModuleType, clauses: str) -> None:
    ledger = made.FakeLedger()
    ledger.made_findings = [replace(ledger.made_findings[0], clauses=clauses)]
    with pytest.raises(ExciseError, match="finding-0001-harness: its clauses cannot be read"):
        load_case_view(ledger, "case-0001")


def test_missing_parts_are_empty_not_wrong(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    ledger.made_findings = [replace(ledger.made_findings[0], clauses="null", policy_text="")]
    ledger.made_members = [replace(made.members()[0], evidence="{}", strength="strong")]
    view = load_case_view(ledger, "case-0001")
    assert view.findings[0].clauses == ()
    assert [line.text for line in view.findings[0].policy] == [""]
    assert view.members[0].ties == ()


@pytest.mark.parametrize(
    ("evidence", "sure", "doubted"),
    [
        ('{"confidence":712,"ties":[{"shared":"device_id","value":"d","accounts":2}]}', 712, False),
        ('{"confidence":499,"ties":[{"shared":"device_id","value":"d","accounts":2}]}', 499, True),
        ('{"ties":[{"shared":"device_id","value":"d","accounts":2}]}', None, False),
        ('[{"shared":"device_id","value":"d","accounts":2}]', None, False),
        ('{"confidence":true,"ties":[{"shared":"device_id","value":"d"}]}', None, False),
        ('{"confidence":712,"ties":[7,{"shared":"device_id","value":"d"},null]}', 712, False),
    ],
)
def test_how_sure_a_membership_is_is_read_where_it_is_recorded(
    made: ModuleType, evidence: str, sure: int | None, doubted: bool
) -> None:
    ledger = made.FakeLedger()
    ledger.made_members = [replace(made.members()[0], evidence=evidence)]
    (member,) = load_case_view(ledger, "case-0001").members
    assert (member.confidence, member.doubted) == (sure, doubted)
    assert [tie.value for tie in member.ties] == ["d"]
