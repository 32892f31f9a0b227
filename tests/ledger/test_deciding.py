"""Decisions: who may decide what, once, and what becomes of the actions."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from ledger_runs import AS_OF, action_record, records_of, with_actions

from engine.errors import UsageError
from engine.ledger.deciding import AlreadyDecided, SameReviewer, StaleCase, UnknownCase
from engine.ledger.records import DecisionRecord, RunRecords, Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify

APPROVE, REJECT = Verdict.APPROVE, Verdict.REJECT


def mixed() -> RunRecords:
    """A case with an action of every kind and status."""
    run = records_of(subjects=1, accounts=1)
    case = run.cases[0]
    return with_actions(
        run,
        action_record(case, "one", "suspend", approvals=1),
        action_record(case, "two", "terminate", approvals=2),
        action_record(case, "capped", "suspend", status="held", reason="cap: 3 of 2 accounts"),
        action_record(case, "floored", "suspend", status="held", reason="floor: one axis only"),
        action_record(case, "exempted", "suspend", status="exempt", reason="research"),
        action_record(case, "logged", "log", approvals=0, status="recorded"),
    )


def decide(
    ledger: Ledger,
    run: RunRecords,
    seen: int,
    verdict: Verdict,
    reviewer: str,
    *,
    reason: str = "looked at it",
    at: int = AS_OF + 10,
) -> DecisionRecord:
    return ledger.decide(
        run.cases[0].case_id,
        seen_version=seen,
        verdict=verdict,
        reviewer=reviewer,
        reason=reason,
        decided_us=at,
    )


def statuses(ledger: Ledger) -> dict[str, str]:
    return {action.account_id: action.status for action in ledger.actions()}


def case_state(ledger: Ledger) -> tuple[str, int]:
    (case,) = ledger.cases()
    return case.status, case.version


def test_two_people_approve_what_needs_two(path: Path, ledger: Ledger) -> None:
    run = mixed()
    ledger.record(run)
    first = decide(ledger, run, 1, APPROVE, "ada")
    assert case_state(ledger) == ("awaiting_second", 2)
    assert statuses(ledger) == {
        "one": "approved", "two": "awaiting_second", "capped": "approved",
        "floored": "held", "exempted": "exempt", "logged": "recorded",
    }  # fmt: skip
    with pytest.raises(SameReviewer, match="gave the first approval"):
        decide(ledger, run, 2, APPROVE, " ADA ")
    second = decide(ledger, run, 2, APPROVE, "bob")
    assert case_state(ledger) == ("approved", 3)
    assert statuses(ledger)["two"] == "approved"
    assert statuses(ledger)["floored"] == "held"
    assert ledger.decisions(run.cases[0].case_id) == (first, second)
    assert ledger.decisions() == (first, second)
    assert verify(str(path)).problems == ()


def test_one_approval_settles_a_case_that_needs_one(ledger: Ledger) -> None:
    run = records_of(subjects=1)
    ledger.record(run)
    decide(ledger, run, 1, APPROVE, "ada")
    assert case_state(ledger) == ("approved", 2)


def test_rejecting_rejects_all_that_is_undecided(path: Path, ledger: Ledger) -> None:
    run = mixed()
    ledger.record(run)
    decide(ledger, run, 1, REJECT, "ada")
    assert case_state(ledger) == ("rejected", 2)
    assert statuses(ledger) == {
        "one": "rejected", "two": "rejected", "capped": "rejected",
        "floored": "rejected", "exempted": "exempt", "logged": "recorded",
    }  # fmt: skip
    assert verify(str(path)).problems == ()


def test_the_first_approver_may_take_the_approval_back(ledger: Ledger) -> None:
    run = mixed()
    ledger.record(run)
    decide(ledger, run, 1, APPROVE, "ada")
    decide(ledger, run, 2, REJECT, "ada")
    assert case_state(ledger) == ("rejected", 3)
    assert statuses(ledger)["two"] == "rejected"
    assert statuses(ledger)["one"] == "approved"


def test_a_stale_decision_says_who_decided(path: Path, ledger: Ledger) -> None:
    run = records_of(subjects=1)
    ledger.record(run)
    decide(ledger, run, 1, APPROVE, "ada")
    before = ledger.checkpoints()
    with pytest.raises(StaleCase, match="ada approved case"):
        decide(ledger, run, 1, REJECT, "bob")
    with pytest.raises(AlreadyDecided, match="is approved already by ada"):
        decide(ledger, run, 2, REJECT, "bob")
    with pytest.raises(StaleCase, match=r"is at version 2|in the meantime"):
        decide(ledger, run, 7, REJECT, "bob")
    assert ledger.checkpoints() == before
    assert verify(str(path)).ok


def test_an_unknown_case(ledger: Ledger) -> None:
    with pytest.raises(UnknownCase, match="there is no case"):
        decide(ledger, records_of(), 1, APPROVE, "ada")


@pytest.mark.parametrize(
    ("reviewer", "reason", "message"),
    [
        ("  ", "x", "needs a reviewer"),
        ("ada", " \n", "needs a reason"),
        ("a\x1b[2J", "x", "control characters"),
        ("ada", "x\x00", "control characters"),
        ("ada\nbob", "x", "control characters"),
        ("ada", "\ud800", "control characters"),
        ("a" * 201, "x", "longer than 200"),
        ("ada", "x" * 4001, "longer than 4000"),
    ],
)
def test_who_and_why_are_needed(ledger: Ledger, reviewer: str, reason: str, message: str) -> None:
    run = records_of(subjects=1)
    ledger.record(run)
    with pytest.raises(UsageError, match=message):
        decide(ledger, run, 1, APPROVE, reviewer, reason=reason)
    assert ledger.decisions() == ()


def forced(path: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.execute(statement, values)
        connection.commit()
    finally:
        connection.close()


def test_the_database_itself_wants_a_second_person(path: Path, ledger: Ledger) -> None:
    run = mixed()
    ledger.record(run)
    decide(ledger, run, 1, APPROVE, "ada")
    with pytest.raises(sqlite3.IntegrityError, match="a different reviewer"):
        forced(
            path,
            "INSERT INTO decisions VALUES ('d', ?, 2, 'approve', 'Ada', 'again', 5)",
            run.cases[0].case_id,
        )


def test_the_database_itself_keeps_the_floor(path: Path, ledger: Ledger) -> None:
    ledger.record(mixed())
    with pytest.raises(sqlite3.IntegrityError, match="the floor holds"):
        forced(path, "UPDATE actions SET status = 'approved' WHERE account_id = 'floored'")
    with pytest.raises(sqlite3.IntegrityError, match="decided once"):
        forced(path, "UPDATE actions SET status = 'approved' WHERE account_id = 'exempted'")
