"""What can be asked of a ledger, and in which order it answers."""

from __future__ import annotations

from dataclasses import replace

from ledger_runs import AS_OF, DAY, action_record, case_record, records_of, run_record, with_actions

from engine.ledger.queries import ActionKey
from engine.ledger.records import ActionStatus, CaseStatus, RunRecords, Verdict
from engine.ledger.store import Ledger


def test_the_gravest_and_largest_cases_come_first(ledger: Ledger) -> None:
    run = run_record()
    made = [
        ("a", "low", 900),
        ("b", "critical", 1),
        ("c", "high", 5),
        ("d", "high", 70),
        ("e", "info", 2),
    ]
    cases = tuple(case_record(run, name, severity, accounts) for name, severity, accounts in made)
    ledger.record(RunRecords(run, (), (), cases, (), (), ()))
    assert [case.subject_id for case in ledger.cases()] == ["b", "d", "c", "a", "e"]
    assert [case.subject_id for case in ledger.cases(limit=2, offset=1)] == ["d", "c"]
    assert [case.subject_id for case in ledger.cases(offset=3)] == ["a", "e"]
    decided = ledger.cases()[0]
    ledger.decide(
        decided.case_id,
        seen_version=1,
        verdict=Verdict.REJECT,
        reviewer="ada",
        reason="x",
        decided_us=1,
    )
    assert [case.subject_id for case in ledger.cases(CaseStatus.OPEN)] == ["d", "c", "a", "e"]
    assert [
        case.subject_id for case in ledger.cases([CaseStatus.REJECTED, CaseStatus.APPROVED])
    ] == ["b"]
    assert ledger.cases(run_id="other") == ()


def test_runs_are_in_the_order_recorded_whatever_their_clocks(ledger: Ledger) -> None:
    assert (ledger.runs(), ledger.latest_run(), ledger.run("x")) == ((), None, None)
    late = records_of("r1", recorded_us=AS_OF + 99)
    early = records_of("r2", recorded_us=AS_OF + 1, as_of_us=AS_OF + DAY)
    ledger.record(late)
    ledger.record(early)
    assert ledger.runs() == (late.run, early.run)
    assert ledger.latest_run() == early.run
    assert ledger.run(late.run.run_id) == late.run
    assert [point.run_id for point in ledger.checkpoints()] == [late.run.run_id, early.run.run_id]


def test_findings_and_actions_of_a_run_or_a_case(ledger: Ledger) -> None:
    first, second = records_of("r1"), records_of("r2", as_of_us=AS_OF + DAY)
    loose = replace(second.findings[0], finding_id="loose", case_id=None)
    ledger.record(first)
    ledger.record(replace(second, findings=(*second.findings, loose)))
    assert set(ledger.findings(run_id=first.run.run_id)) == set(first.findings)
    assert ledger.findings(case_id=first.cases[0].case_id) == (first.findings[0],)
    assert loose in ledger.findings(run_id=second.run.run_id)
    assert set(ledger.actions(run_id=second.run.run_id)) == set(second.actions)
    assert len(ledger.actions(first.cases[0].case_id, status=ActionStatus.PROPOSED)) == 3
    assert ledger.actions(first.cases[0].case_id, second.run.run_id) == ()


def test_strikes_count_from_the_decision(ledger: Ledger) -> None:
    run = records_of(subjects=2, accounts=2)
    first, second = run.cases
    ledger.record(
        with_actions(
            run,
            action_record(first, "a", "warn"),
            action_record(first, "a", "log", approvals=0, status="approved"),
            action_record(first, "b", "terminate", approvals=2),
            action_record(first, "auto", "throttle", approvals=0, status="approved"),
            action_record(second, "a", "suspend"),
            action_record(second, "c", "suspend"),
        )
    )
    everybody = ["a", "b", "c", "auto", "unknown"]
    assert ledger.strikes(everybody, 0) == {"auto": [(AS_OF, "throttle")]}
    for case, version, reviewer, at in (
        (second, 1, "ada", 50),
        (first, 1, "ada", 70),
        (first, 2, "bob", 90),
    ):
        ledger.decide(
            case.case_id,
            seen_version=version,
            verdict=Verdict.APPROVE,
            reviewer=reviewer,
            reason="x",
            decided_us=AS_OF + at,
        )
    assert ledger.strikes(everybody, AS_OF + 50) == {
        "a": [(AS_OF + 50, "suspend"), (AS_OF + 70, "warn")],
        "b": [(AS_OF + 90, "terminate")],
        "c": [(AS_OF + 50, "suspend")],
    }
    assert ledger.strikes(["a"], AS_OF + 51) == {"a": [(AS_OF + 70, "warn")]}
    assert ledger.strikes([], 0) == {}
    many = [f"account-{number}" for number in range(1_500)]
    assert ledger.strikes([*many, "c"], 0) == {"c": [(AS_OF + 50, "suspend")]}


def test_accounts_acted_on_in_a_day(ledger: Ledger) -> None:
    run = records_of(subjects=2, accounts=0)
    first, second = run.cases
    ledger.record(
        with_actions(
            run,
            action_record(first, "a"),
            action_record(second, "a"),
            action_record(second, "b", status="approved"),
            action_record(second, "c", status="held", reason="cap"),
            action_record(second, "d", status="exempt", reason="research"),
            action_record(second, "e", "warn"),
        )
    )
    assert len(ledger.accounts_acted_on(AS_OF, AS_OF + 1, "suspend")) == 2
    assert len(ledger.accounts_acted_on(AS_OF, AS_OF + 1, "warn")) == 1
    assert len(ledger.accounts_acted_on(AS_OF - DAY, AS_OF, "suspend")) == 0
    assert len(ledger.accounts_acted_on(AS_OF + 1, AS_OF + DAY, "suspend")) == 0


def test_open_actions_are_those_that_wait(ledger: Ledger) -> None:
    run = records_of(subjects=1, accounts=0)
    case = run.cases[0]
    ledger.record(
        with_actions(
            run,
            action_record(case, "a"),
            action_record(case, "b", status="held", reason="cap"),
            action_record(case, "c", status="exempt", reason="research"),
            action_record(case, "d", approvals=2),
        )
    )

    def key(account: str) -> ActionKey:
        return ActionKey("stop-distillation", "suspend", "account", "subject-0", account)

    assert ledger.open_action_keys() == {key("a"), key("b"), key("d")}
    ledger.decide(
        case.case_id,
        seen_version=1,
        verdict=Verdict.APPROVE,
        reviewer="ada",
        reason="x",
        decided_us=1,
    )
    assert ledger.open_action_keys() == {key("d")}
