"""Deciding, skipping, and which case comes next."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from engine.ledger.records import Verdict
from engine.review.decisions import (
    EmptyReasonError,
    ReadOnlyError,
    Reviewer,
    Sitting,
    decide,
)
from engine.review.queue import in_order


def sitting(made: ModuleType, count: int = 4) -> Sitting:
    return Sitting(in_order(made.case(n, accounts=100 - n) for n in range(1, count + 1)))


def following(a_sitting: Sitting, case_id: str | None) -> str | None:
    case = a_sitting.next_after(case_id)
    return None if case is None else case.case_id


def test_a_verdict_states_the_version_seen(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    case = ledger.case("case-0002")
    decision = decide(
        ledger, Reviewer("ana"), case, Verdict.APPROVE, " clear\n case ", clock=lambda: 7
    )
    assert (decision.case_version, decision.reason, decision.decided_us) == (1, "clear case", 7)
    with pytest.raises(made.StaleCase):
        decide(ledger, Reviewer("ben"), case, Verdict.REJECT, "no", clock=lambda: 8)


def test_an_auditor_decides_nothing(made: ModuleType) -> None:
    ledger = made.FakeLedger()
    with pytest.raises(ReadOnlyError, match="ana may only read"):
        decide(ledger, Reviewer("ana", True), ledger.case("case-0002"), Verdict.APPROVE, "x")
    assert ledger.case("case-0002").status == "open"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_verdict_needs_a_reason(made: ModuleType, reason: str) -> None:
    ledger = made.FakeLedger()
    with pytest.raises(EmptyReasonError):
        decide(ledger, Reviewer("ana"), ledger.case("case-0002"), Verdict.APPROVE, reason)


def test_next_goes_down_and_starts_again_at_the_top(made: ModuleType) -> None:
    now = sitting(made)
    now.settle("case-0002", "approved")
    assert following(now, "case-0002") == "case-0003"
    now.settle("case-0004", "rejected")
    assert following(now, "case-0004") == "case-0001"
    assert following(now, None) == "case-0001"
    assert following(now, "gone") == "case-0001"


def test_skipped_cases_come_last_in_the_order_of_skipping(made: ModuleType) -> None:
    now = sitting(made)
    now.skip("case-0003")
    now.skip("case-0001")
    assert following(now, "case-0001") == "case-0002"
    now.settle("case-0002", "approved")
    now.settle("case-0004", "approved")
    assert following(now, "case-0004") == "case-0003"
    now.skip("case-0003")
    assert following(now, "case-0003") == "case-0001"


def test_nothing_is_left_when_all_is_decided(made: ModuleType) -> None:
    now = sitting(made, 2)
    now.settle("case-0001", "approved")
    assert following(now, "case-0002") is None
    now.settle("case-0002", "approved")
    assert following(now, None) is None


def test_a_first_approval_of_ones_own_is_not_offered_again(made: ModuleType) -> None:
    now = sitting(made)
    now.queue = replace(now.queue, own=frozenset({"case-0002"}))
    assert following(now, "case-0001") == "case-0003"


def test_a_renewed_queue_remembers_skips_that_still_wait(made: ModuleType) -> None:
    now = sitting(made)
    now.skip("case-0001")
    now.skip("case-0002")
    now.settle("case-0003", "approved")
    now.renew(in_order([made.case(1), made.case(3)]))
    assert list(now.skipped) == ["case-0001"]
    assert now.settled == {}
    assert following(now, None) == "case-0003"


def test_neighbours_end_at_the_ends(made: ModuleType) -> None:
    now = sitting(made, 2)
    assert now.beside("case-0001", -1) is None
    beside = now.beside("case-0001", 1)
    assert beside is not None
    assert beside.case_id == "case-0002"
    assert now.beside("case-0002", 1) is None
    assert now.beside("gone", 1) is None
