"""The order in which cases wait."""

from __future__ import annotations

from types import ModuleType

from engine.review.queue import in_order, load_queue


def test_order_is_severity_then_accounts_then_id(made: ModuleType) -> None:
    cases = [
        made.case(4, severity="low", accounts=900),
        made.case(3, severity="high", accounts=2),
        made.case(2, severity="high", accounts=9),
        made.case(1, severity="high", accounts=2),
        made.case(5, severity="unheard-of", accounts=1),
    ]
    numbers = [int(case.case_id[-4:]) for case in in_order(cases).cases]
    assert numbers == [5, 2, 1, 3, 4]


def test_only_waiting_cases_are_queued_and_counted(made: ModuleType) -> None:
    ledger = made.FakeLedger(
        made_cases={
            case.case_id: case
            for case in (
                made.case(1, status="approved"),
                made.case(2, accounts=3),
                made.case(3, status="awaiting_second", severity="critical", accounts=4),
                made.case(4, status="rejected"),
            )
        }
    )
    queue = load_queue(ledger)
    assert [case.case_id for case in queue.cases] == ["case-0003", "case-0002"]
    counts = queue.counts
    assert (counts.open, counts.awaiting_second, counts.waiting, counts.accounts) == (1, 1, 2, 7)
    assert counts.by_severity == {"critical": 1, "high": 1}


def test_the_first_reviewer_of_two_is_known(made: ModuleType) -> None:
    assert load_queue(made.FakeLedger(), "ana").own == {"case-0004"}
    assert load_queue(made.FakeLedger(), "ben").own == frozenset()
