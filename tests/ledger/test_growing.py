"""A case that waits for a decision grows with what later runs find of it."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_runs import AS_OF, DAY, growth_record, member_record, records_of
from tampering import places, tamper

from engine.ledger.recording import RecordsError
from engine.ledger.records import CaseRecord, RunRecords, Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify

FIRST = records_of("r1", subjects=1, accounts=2, approvals=2)
CASE = FIRST.cases[0]


def later(name: str, *accounts: str, **changed: object) -> RunRecords:
    """Return a run that finds no more than how the case stands, and these accounts in it."""
    run = records_of(name, subjects=0)
    grown = replace(growth_record(CASE, run.run.run_id), **changed)
    members = tuple(member_record(CASE.case_id, account) for account in accounts)
    return replace(run, growths=(grown,), members=members)


def case_of(ledger: Ledger) -> CaseRecord:
    found = ledger.case(CASE.case_id)
    assert found is not None
    return found


def accounts_of(ledger: Ledger) -> set[str]:
    return {member.account_id for member in ledger.members(CASE.case_id)}


def decide(ledger: Ledger, version: int, reviewer: str, verdict: Verdict = Verdict.APPROVE) -> None:
    ledger.decide(
        CASE.case_id, seen_version=version, verdict=verdict, reviewer=reviewer, reason="seen",
        decided_us=AS_OF + version,
    )  # fmt: skip


def test_it_stands_as_the_last_run_found_it(path: Path, ledger: Ledger) -> None:
    ledger.record(FIRST)
    last = CASE.last_event_us + DAY
    changed = {"severity": "critical", "title": "more", "last_event_us": last}
    added = ledger.record(later("r2", "subject-0-1", "late", **changed))
    assert added.entries == 2
    assert case_of(ledger) == replace(CASE, accounts=3, **changed)
    assert accounts_of(ledger) == {"subject-0-0", "subject-0-1", "late"}
    assert verify(str(path)).problems == ()
    ((rank,),) = sqlite3.connect(path).execute("SELECT severity_rank FROM cases")
    assert rank > 0
    assert ledger.cases()[0] == case_of(ledger)


def test_a_run_that_finds_nothing_else_adds_no_entry(ledger: Ledger) -> None:
    ledger.record(FIRST)
    assert ledger.record(later("r2", "subject-0-0")).entries == 1
    assert case_of(ledger) == CASE


def test_what_was_seen_before_can_still_be_decided(path: Path, ledger: Ledger) -> None:
    ledger.record(FIRST)
    ledger.record(later("r2", "late"))
    decide(ledger, 1, "ada")
    ledger.record(later("r3", "later"))
    assert (case_of(ledger).status, case_of(ledger).accounts) == ("awaiting_second", 4)
    decide(ledger, 2, "bob")
    assert case_of(ledger).status == "approved"
    assert verify(str(path)).problems == ()


def test_a_decided_case_stays_as_it_was_decided(path: Path, ledger: Ledger) -> None:
    ledger.record(FIRST)
    decide(ledger, 1, "ada", Verdict.REJECT)
    before = case_of(ledger)
    assert ledger.record(later("r2", "late", title="more")).entries == 1
    assert case_of(ledger) == before
    assert accounts_of(ledger) == {"subject-0-0", "subject-0-1"}
    assert verify(str(path)).problems == ()


def test_a_growth_of_no_case_is_refused(ledger: Ledger) -> None:
    with pytest.raises(RecordsError, match="which the ledger does not have"):
        ledger.record(later("r1"))


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE cases SET title = 'x', subject_id = 'y'", "does not change"),
        ("UPDATE cases SET title = 'x', status = 'approved'", "rises by one"),
        ("UPDATE cases SET title = 'x', version = version + 2", "rises by one"),
    ],
)
def test_nothing_else_changes_with_it(
    path: Path, ledger: Ledger, statement: str, message: str
) -> None:
    ledger.record(FIRST)
    with pytest.raises(sqlite3.IntegrityError, match=message):
        sqlite3.connect(path).execute(statement)


def test_a_decided_case_is_not_rewritten(path: Path, ledger: Ledger) -> None:
    ledger.record(FIRST)
    decide(ledger, 1, "ada", Verdict.REJECT)
    with pytest.raises(sqlite3.IntegrityError, match="grows until it is decided"):
        sqlite3.connect(path).execute("UPDATE cases SET title = 'x'")


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE cases SET accounts = 2", "cases"),
        ("UPDATE cases SET title = 'other'", "cases"),
        ("UPDATE members SET org_id = 'x' WHERE account_id = 'late'", "members of"),
        ("UPDATE members SET org_id = 'x' WHERE account_id = 'subject-0-0'", "members of"),
        ("DELETE FROM members WHERE account_id = 'late'", "members of"),
        ("DELETE FROM members WHERE account_id = 'subject-0-0'", "members of"),
    ],
)
def test_what_grew_is_covered(path: Path, statement: str, where: str) -> None:
    with Ledger.open(str(path)) as ledger:
        ledger.record(FIRST)
        ledger.record(later("r2", "late", title="more"))
    tamper(path, lambda connection: connection.execute(statement))
    assert where in places(verify(str(path)))


_RUNS = st.lists(
    st.tuples(
        st.sets(st.sampled_from("abcde"), max_size=3),
        st.sampled_from(["low", "high", "critical"]),
        st.integers(-2, 2),
        st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=30, deadline=None)
@given(_RUNS)
def test_any_course_of_runs_is_the_sum_of_what_they_found(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[set[str], str, int, bool]]
) -> None:
    path = tmp_path_factory.mktemp("grown") / "ledger.db"
    accounts, waits, now = {"subject-0-0", "subject-0-1"}, True, CASE
    with Ledger.open(str(path)) as ledger:
        ledger.record(FIRST)
        for number, (found, severity, days, reject) in enumerate(runs):
            moment = CASE.last_event_us + days * DAY
            run = later(f"r{number}+", *found, severity=severity, last_event_us=moment)
            added = ledger.record(run)
            assert ledger.record(run).entries == 0
            if waits:
                accounts |= found
                grown = replace(
                    now, severity=severity, last_event_us=moment, accounts=len(accounts)
                )
                assert added.entries == 1 + (grown != now)
                now = grown
            else:
                assert added.entries == 1
            if reject and waits:
                decide(ledger, 1, "ada", Verdict.REJECT)
                waits, now = False, replace(now, status="rejected", version=2)
            assert (case_of(ledger), accounts_of(ledger)) == (now, accounts)
    assert verify(str(path)).problems == ()
