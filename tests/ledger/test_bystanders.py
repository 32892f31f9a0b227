"""Actions on bystanders wait until everything else in their case is decided, for somebody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from ledger_runs import AS_OF, action_record, records_of, with_actions

from engine.ledger.deciding import SameReviewer
from engine.ledger.records import ActionRecord, CaseRecord, RunRecords, Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify
from engine.review.case_view import load_case_view

APPROVE, REJECT = Verdict.APPROVE, Verdict.REJECT
WHY = "bystander: conduct at most 0.05; conduct 0.01"


def aside(case: CaseRecord, account: str, run_id: str | None = None, **given: int) -> ActionRecord:
    made = action_record(case, account, status="held", reason=WHY, run_id=run_id, **given)
    return replace(made, action_id=f"{made.action_id}-apart")


def pool(approvals: int = 1) -> RunRecords:
    """A case with an action on a member, one that a cap holds, and one on a bystander."""
    run = records_of(subjects=1, accounts=1)
    case = run.cases[0]
    return with_actions(
        run,
        action_record(case, "member", approvals=approvals),
        action_record(case, "capped", status="held", reason="cap: 3 of 2 accounts"),
        aside(case, "bystander"),
    )


def decide(ledger: Ledger, seen: int, verdict: Verdict, reviewer: str) -> None:
    (case,) = ledger.cases()
    ledger.decide(
        case.case_id, seen_version=seen, verdict=verdict, reviewer=reviewer, reason="r",
        decided_us=AS_OF + seen,
    )  # fmt: skip


def state(ledger: Ledger) -> tuple[str, dict[str, str]]:
    (case,) = ledger.cases()
    return case.status, {action.account_id: action.status for action in ledger.actions()}


@pytest.fixture
def ledger(path: Path) -> Ledger:
    with Ledger.open(str(path)) as opened:
        yield opened


def test_an_approval_leaves_bystanders_for_somebody_else(path: Path, ledger: Ledger) -> None:
    ledger.record(pool())
    decide(ledger, 1, APPROVE, "ana")
    approved = {"member": "approved", "capped": "approved"}
    assert state(ledger) == ("open", {**approved, "bystander": "held"})
    with pytest.raises(SameReviewer, match="approved the rest"):
        decide(ledger, 2, APPROVE, "Ana")
    decide(ledger, 2, APPROVE, "ben")
    assert state(ledger) == ("approved", {**approved, "bystander": "approved"})
    assert verify(str(path)).problems == ()


def test_sparing_a_bystander_does_not_call_the_campaign_a_mistake(
    path: Path, ledger: Ledger
) -> None:
    ledger.record(pool())
    decide(ledger, 1, APPROVE, "ana")
    decide(ledger, 2, REJECT, "ana")
    status, actions = state(ledger)
    assert status == "approved"
    assert actions == {"member": "approved", "capped": "approved", "bystander": "rejected"}
    assert verify(str(path)).problems == ()


def test_rejecting_the_campaign_spares_everybody(ledger: Ledger) -> None:
    ledger.record(pool())
    decide(ledger, 1, REJECT, "ana")
    status, actions = state(ledger)
    assert status == "rejected"
    assert set(actions.values()) == {"rejected"}


def test_two_approvals_come_before_bystanders(path: Path, ledger: Ledger) -> None:
    ledger.record(pool(approvals=2))
    decide(ledger, 1, APPROVE, "ana")
    assert state(ledger)[0] == "awaiting_second"
    decide(ledger, 2, APPROVE, "ben")
    assert state(ledger) == (
        "open", {"member": "approved", "capped": "approved", "bystander": "held"},
    )  # fmt: skip
    decide(ledger, 3, APPROVE, "ana")
    assert state(ledger)[0] == "approved"
    assert verify(str(path)).problems == ()


def test_a_bystander_may_need_two_approvals(path: Path, ledger: Ledger) -> None:
    run = pool()
    ledger.record(with_actions(run, run.actions[0], aside(run.cases[0], "x", approvals=2)))
    decide(ledger, 1, APPROVE, "ana")
    decide(ledger, 2, APPROVE, "ben")
    assert state(ledger) == ("awaiting_second", {"member": "approved", "x": "awaiting_second"})
    with pytest.raises(SameReviewer):
        decide(ledger, 3, APPROVE, "ben")
    decide(ledger, 3, APPROVE, "ana")
    assert state(ledger) == ("approved", {"member": "approved", "x": "approved"})
    assert verify(str(path)).problems == ()


def test_where_there_are_only_bystanders_one_decision_is_about_them(ledger: Ledger) -> None:
    run = pool()
    ledger.record(with_actions(run, aside(run.cases[0], "x")))
    decide(ledger, 1, APPROVE, "ana")
    assert state(ledger) == ("approved", {"x": "approved"})


def test_what_was_proposed_is_taken_back_when_the_account_turns_out_a_bystander(
    path: Path, ledger: Ledger
) -> None:
    first = pool()
    case = first.cases[0]
    ledger.record(first)
    later = records_of("r2", subjects=1, accounts=1)
    run = later.run.run_id
    ledger.record(
        with_actions(
            later, aside(case, "member", run), action_record(case, "bystander", run_id=run)
        )
    )
    became = {(one.account_id, one.reason[:9]): one.status for one in ledger.actions()}
    assert became == {
        ("member", ""): "exempt",
        ("member", "bystander"): "held",
        ("bystander", "bystander"): "exempt",  # it takes part after all, and is asked for as others
        ("bystander", ""): "proposed",
        ("capped", "cap: 3 of"): "held",
    }
    (reopened,) = ledger.cases()
    assert (reopened.status, reopened.version) == ("open", 2)
    assert verify(str(path)).problems == ()


def test_a_reviewer_sees_whom_an_approval_leaves(ledger: Ledger) -> None:
    run = pool()
    more = aside(run.cases[0], "other")
    more = replace(more, reason="bystander: conduct at most 0.05; conduct 0.04")
    ledger.record(with_actions(run, *run.actions, more))
    (case,) = ledger.cases()
    view = load_case_view(ledger, case.case_id)
    assert {group.accounts for group in view.effect} == {("member",), ("capped",)}
    (later,) = view.later
    assert later.accounts == ("bystander", "other")
    assert later.reason == "bystander: conduct at most 0.05"
    assert later.details == ("conduct 0.01", "conduct 0.04")
    decide(ledger, 1, APPROVE, "ana")
    view = load_case_view(ledger, case.case_id)
    assert [group.accounts for group in view.effect] == [("bystander", "other")]
    assert view.later == ()
