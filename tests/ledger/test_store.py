"""Recording runs: once, whole, in any order of records."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_runs import AS_OF, action_record, records_of, with_actions
from sqlalchemy import event
from sqlalchemy.pool import Pool

from engine.errors import ExciseError, ExitCode, RetryableError
from engine.ledger.database import DamagedError
from engine.ledger.recording import RecordsError
from engine.ledger.records import ActionStatus, CaseStatus, RunRecords, Verdict
from engine.ledger.store import Ledger, Recorded
from engine.ledger.verify import verify


def dump(path: Path) -> list[str]:
    """Return every value of every table but the file's own seal."""
    connection = sqlite3.connect(path)
    lines = [line for line in connection.iterdump() if 'INTO "seal"' not in line]
    connection.close()
    return lines


def test_a_run_comes_back_as_it_went_in(ledger: Ledger) -> None:
    run = records_of(accounts=3)
    added = ledger.record(run)
    assert (added.added_findings, added.added_cases, added.added_actions) == (2, 2, 6)
    assert added.entries == added.size == 11
    assert ledger.runs() == (run.run,)
    assert set(ledger.findings()) == set(run.findings)
    assert set(ledger.cases()) == set(run.cases)
    assert set(ledger.actions()) == set(run.actions)
    for finding in run.findings:
        facts = ledger.facts(finding.finding_id)
        assert facts == tuple(fact for fact in run.facts if fact.finding_id == finding.finding_id)
    for case in run.cases:
        assert set(ledger.members(case.case_id)) == {
            x for x in run.members if x.case_id == case.case_id
        }
        assert ledger.samples(case.case_id) == tuple(
            sample for sample in run.samples if sample.case_id == case.case_id
        )
    assert [(point.size, point.root) for point in ledger.checkpoints()] == [(11, added.root)]


def test_a_run_without_findings_is_recorded(path: Path, ledger: Ledger) -> None:
    added = ledger.record(records_of(subjects=0))
    assert (added.entries, added.size) == (1, 1)
    assert verify(str(path), expected=(1, added.root)).ok


def test_recording_again_adds_nothing(path: Path, ledger: Ledger) -> None:
    run = records_of()
    first = ledger.record(run)
    before = dump(path)
    again = ledger.record(replace(run, run=replace(run.run, recorded_us=run.run.recorded_us + 1)))
    assert again == Recorded(0, 0, 0, 0, first.size, first.root)
    assert dump(path) == before


def test_the_order_of_records_does_not_matter(tmp_path: Path) -> None:
    run, dumps = records_of(subjects=4), []
    for seed in range(3):
        shuffled = [
            list(group)
            for group in (run.findings, run.facts, run.cases, run.members, run.samples, run.actions)
        ]
        for group in shuffled:
            random.Random(seed).shuffle(group)
        target = tmp_path / f"{seed}.db"
        with Ledger.open(str(target)) as ledger:
            ledger.record(RunRecords(run.run, *(tuple(group) for group in shuffled)))  # type: ignore[arg-type]
        dumps.append(dump(target))
    assert dumps[0] == dumps[1] == dumps[2]


def test_a_later_run_adds_only_what_is_new(path: Path, ledger: Ledger) -> None:
    ledger.record(records_of("r1", subjects=2))
    added = ledger.record(records_of("r2", subjects=3))
    assert (added.added_findings, added.added_cases, added.added_actions) == (1, 1, 3)
    assert added.entries == 6
    old = records_of("r1", subjects=2).cases[0]
    assert ledger.case(old.case_id) == old
    assert ledger.latest_run() == records_of("r2").run
    assert verify(str(path)).problems == ()


def test_more_actions_put_a_case_before_a_reviewer_again(path: Path, ledger: Ledger) -> None:
    first = records_of("r1", subjects=1, accounts=2, approvals=2)
    ledger.record(first)
    case = first.cases[0]
    approve = {"verdict": Verdict.APPROVE, "reason": "seen", "decided_us": AS_OF + 9}
    ledger.decide(case.case_id, seen_version=1, reviewer="ada", **approve)
    later = records_of("r2", subjects=1, accounts=3, approvals=2)
    assert ledger.record(later).added_actions == 1
    reopened = ledger.case(case.case_id)
    assert reopened == replace(case, status=CaseStatus.OPEN.value, version=3)
    assert {action.status for action in ledger.actions(case.case_id)} == {"proposed"}
    with pytest.raises(ExciseError, match="a later run proposed more actions"):
        ledger.decide(case.case_id, seen_version=2, reviewer="bob", **approve)
    ledger.decide(case.case_id, seen_version=3, reviewer="ada", **approve)
    ledger.decide(case.case_id, seen_version=4, reviewer="bob", **approve)
    assert {action.status for action in ledger.actions(case.case_id)} == {"approved"}
    assert verify(str(path)).problems == ()


def test_what_was_to_be_decided_on_an_exempted_account_is_exempt(
    path: Path, ledger: Ledger
) -> None:
    first = records_of("r1", subjects=2, accounts=3, approvals=2)
    ledger.record(first)
    case, other = sorted(first.cases, key=lambda item: item.case_id)
    approve = {"verdict": Verdict.APPROVE, "reason": "seen", "decided_us": AS_OF + 9}
    ledger.decide(case.case_id, seen_version=1, reviewer="ada", **approve)

    later = records_of("r2", subjects=2, accounts=3, approvals=2)
    spared, asked = f"{case.subject_id}-0", f"{case.subject_id}-1"
    # Something else is exempt for the one account, and the same still asked for the other.
    exempt, also = (
        replace(
            action_record(case, account, "throttle", status="exempt", run_id=later.run.run_id),
            action_id=f"exempt {account}",
        )
        for account in (spared, asked)
    )
    again = action_record(case, asked, approvals=2, run_id=later.run.run_id)
    ledger.record(with_actions(later, exempt, also, again))

    became = {(a.account_id, a.action): a.status for a in ledger.actions(case.case_id)}
    assert became == {
        (spared, "suspend"): "exempt",
        (spared, "throttle"): "exempt",
        (asked, "suspend"): "proposed",
        (asked, "throttle"): "exempt",
        (f"{case.subject_id}-2", "suspend"): "proposed",
    }
    assert ledger.case(case.case_id) == replace(case, status=CaseStatus.OPEN.value, version=3)
    assert {a.status for a in ledger.actions(other.case_id)} == {"proposed"}
    with pytest.raises(ExciseError, match="or exempted accounts"):
        ledger.decide(case.case_id, seen_version=2, reviewer="bob", **approve)
    ledger.decide(case.case_id, seen_version=3, reviewer="ada", **approve)
    ledger.decide(case.case_id, seen_version=4, reviewer="bob", **approve)
    assert ledger.strikes([spared, asked], 0).keys() == {asked}
    assert verify(str(path)).problems == ()


def test_settled_actions_do_not_reopen_a_case(ledger: Ledger) -> None:
    first = records_of("r1", subjects=1, accounts=1)
    ledger.record(first)
    case, later = first.cases[0], records_of("r2", subjects=1, accounts=1)
    exempt = action_record(
        case, "other", status="exempt", reason="research", run_id=later.run.run_id
    )
    assert ledger.record(with_actions(later, exempt)).added_actions == 1
    assert ledger.case(case.case_id) == case


def test_contradictions_are_refused_and_leave_nothing(path: Path, ledger: Ledger) -> None:
    run = records_of()
    action = run.actions[0]
    bad = {
        "two different ActionRecords": with_actions(run, action, replace(action, reason="other")),
        "neither in the run nor": with_actions(run, replace(action, case_id="nowhere")),
        "in run": with_actions(run, replace(action, run_id="other")),
        "does not start open": replace(run, cases=(replace(run.cases[0], version=2), run.cases[1])),
        "which the run does not have": replace(run, findings=()),
        "two different FactRecords": replace(
            run, facts=(*run.facts, replace(run.facts[0], low="0.1"))
        ),
    }
    for message, records in bad.items():
        with pytest.raises(RecordsError, match=message):
            ledger.record(records)
    with pytest.raises(ExciseError, match="CHECK constraint"):
        ledger.record(with_actions(run, replace(action, status="sent")))
    assert ledger.runs() == ()
    assert ledger.checkpoints() == ()
    assert verify(str(path)).ok


def test_a_busy_database_is_worth_another_try(path: Path, ledger: Ledger) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Ledger.open(str(path), busy_ms=1) as waiting:
        with pytest.raises(RetryableError, match="is busy") as caught:
            waiting.record(records_of())
        assert waiting.runs() == ()
    other.close()
    assert caught.value.exit_code is ExitCode.RETRY
    assert ledger.record(records_of()).entries == 11


def test_values_never_become_sql(ledger: Ledger) -> None:
    nasty = "x'); DROP TABLE log; --\u202e\x1b[31m\x00"
    run = records_of(subjects=1, accounts=1)
    case = replace(run.cases[0], title=nasty)
    ledger.record(replace(run, cases=(case,)))
    assert ledger.case(case.case_id) == case
    assert ledger.case(nasty) is None
    assert ledger.strikes([nasty], 0) == {}


_runs = st.lists(
    st.tuples(st.sampled_from(["r1", "r2", "r3"]), st.integers(0, 3), st.integers(0, 2)), max_size=6
)


@settings(max_examples=25, deadline=None)
@given(_runs)
def test_recording_everything_twice_is_recording_it_once(
    tmp_path_factory: pytest.TempPathFactory, runs: list[tuple[str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("twice")
    made = [records_of(name, subjects=subjects, first=first) for name, subjects, first in runs]
    roots = []
    for times in (1, 2):
        with Ledger.open(str(folder / f"{times}.db")) as ledger:
            for run in made:
                for _ in range(times):
                    last = ledger.record(run)
                    roots.append((last.size, last.root))
            for run in made[: len(made) * (times - 1)]:
                assert ledger.record(run).entries == 0
    assert dump(folder / "1.db") == dump(folder / "2.db")
    assert verify(str(folder / "1.db")).problems == ()


@settings(max_examples=15, deadline=None)
@given(st.permutations(["r1", "r2", "r3"]))
def test_any_order_of_runs_ends_with_the_same_cases(
    tmp_path_factory: pytest.TempPathFactory, order: list[str]
) -> None:
    path = tmp_path_factory.mktemp("order") / "ledger.db"
    firsts = {"r1": 0, "r2": 1, "r3": 2}
    with Ledger.open(str(path)) as ledger:
        for name in order:
            ledger.record(records_of(name, subjects=2, first=firsts[name]))
        assert {case.subject_id for case in ledger.cases()} == {f"subject-{n}" for n in range(4)}
        assert len(ledger.actions(status=ActionStatus.PROPOSED)) == 12
        assert {run.run_id for run in ledger.runs()} == {records_of(x).run.run_id for x in order}


def test_a_full_disk_leaves_nothing(path: Path, ledger: Ledger) -> None:
    def little_room(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 60")

    event.listen(Pool, "connect", little_room)
    try:
        with Ledger.open(str(path)) as full, pytest.raises(RetryableError, match="no room"):
            full.record(records_of(subjects=90))
    finally:
        event.remove(Pool, "connect", little_room)
    assert ledger.runs() == ()
    assert verify(str(path)).ok
    assert ledger.record(records_of(subjects=90)).added_cases == 90


def test_a_damaged_log_takes_no_more(path: Path, ledger: Ledger) -> None:
    ledger.record(records_of())
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER checkpoints_no_update")
    connection.execute("UPDATE checkpoints SET root = 'ab'")
    connection.commit()
    connection.close()
    with pytest.raises(DamagedError, match="does not fit") as caught:
        ledger.record(records_of("r2"))
    assert caught.value.exit_code is ExitCode.TAMPERED


def test_text_that_is_not_valid_is_damage(path: Path, ledger: Ledger) -> None:
    ledger.record(records_of())
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER runs_no_update")
    connection.execute("UPDATE runs SET report = CAST(x'ff' AS TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(DamagedError):
        ledger.runs()
    assert not verify(str(path)).ok
