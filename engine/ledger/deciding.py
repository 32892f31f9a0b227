"""What a decision does to a case and its actions: pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import ExciseError, ExitCode, UsageError
from engine.language.canonical import digest
from engine.ledger.records import (
    ActionRecord,
    ActionStatus,
    CaseRecord,
    CaseStatus,
    DecisionRecord,
    Verdict,
)
from engine.ledger.triggers import APART, FLOOR

REASON_LIMIT = 4_000
REVIEWER_LIMIT = 200


class CaseError(ExciseError):
    """A decision that the case does not admit."""

    exit_code = ExitCode.USAGE


class UnknownCase(CaseError):  # noqa: N818  # reads as what happened
    """No case has this id."""


class AlreadyDecided(CaseError):  # noqa: N818  # reads as what happened
    """The case needs no more decisions."""


class SameReviewer(CaseError):  # noqa: N818  # reads as what happened
    """The second approval must come from somebody else."""


class StaleCase(CaseError):  # noqa: N818  # reads as what happened
    """The case changed after the reviewer opened it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What changes: the case's status, and the actions that get a new one.

    A case that has only actions left to be decided about apart is open again, for these alone.
    """

    case_status: CaseStatus
    actions: dict[ActionStatus, list[str]]


def decision_of(  # the fields of a decision
    case_id: str,
    *,
    seen_version: int,
    verdict: Verdict,
    reviewer: str,
    reason: str,
    decided_us: int,
) -> DecisionRecord:
    """Return the record of a decision; its id follows from the case and the version decided upon.

    Raises UsageError when the reviewer or the reason is empty, too long or not plain text.
    """
    return DecisionRecord(
        decision_id=digest(["decision", case_id, seen_version]),
        case_id=case_id,
        case_version=seen_version,
        verdict=verdict.value,
        reviewer=_plain("reviewer", reviewer, REVIEWER_LIMIT, allowed=""),
        reason=_plain("reason", reason, REASON_LIMIT, allowed="\n\t"),
        decided_us=decided_us,
    )


def _plain(what: str, text: str, limit: int, *, allowed: str) -> str:
    text = text.strip()
    if not text:
        message = f"a decision needs a {what}"
        raise UsageError(message)
    if len(text) > limit:
        message = f"the {what} is longer than {limit} characters"
        raise UsageError(message)
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in text):
        message = f"the {what} has control characters"
        raise UsageError(message)
    return text


def outcome(
    case: CaseRecord,
    actions: Sequence[ActionRecord],
    decision: DecisionRecord,
    last: DecisionRecord | None,
) -> Outcome:
    """Return what a decision changes; `last` is the case's latest decision so far.

    Raises StaleCase, AlreadyDecided or SameReviewer when the case does not admit it.
    """
    _admit(case, decision, last)
    about = decided_now(actions)
    alone = bool(about) and all(map(set_apart, about))
    approved_before = last is not None and last.verdict == Verdict.APPROVE.value
    if decision.verdict == Verdict.REJECT.value:
        rejected = [item.action_id for item in actions if item.status in _UNDECIDED]
        status = CaseStatus.APPROVED if alone and approved_before else CaseStatus.REJECTED
        return Outcome(status, {ActionStatus.REJECTED: rejected})
    if alone and last is not None and approved_before:
        _refuse_same(decision, last)
    second = case.status == CaseStatus.AWAITING_SECOND.value
    waiting = [item.action_id for item in about if item.approvals_needed > 1 and not second]
    approved = [item.action_id for item in about if item.approvals_needed <= 1 or second]
    left = not alone and any(map(set_apart, actions))
    done = CaseStatus.OPEN if left else CaseStatus.APPROVED
    return Outcome(
        CaseStatus.AWAITING_SECOND if waiting else done,
        {ActionStatus.APPROVED: approved, ActionStatus.AWAITING_SECOND: waiting},
    )


def decided_now(actions: Sequence[ActionRecord]) -> tuple[ActionRecord, ...]:
    """Return the actions that an approval is about.

    Those on bystanders are decided by themselves, once nothing else is left.
    """
    waiting = [item for item in actions if item.status in _UNDECIDED and not by_floor(item)]
    return tuple(item for item in waiting if not set_apart(item)) or tuple(waiting)


def _refuse_same(decision: DecisionRecord, last: DecisionRecord) -> None:
    """Raise SameReviewer for who has approved the rest: they have made up their mind."""
    if _same_person(last.reviewer, decision.reviewer):
        message = f"{decision.reviewer} approved the rest of case {decision.case_id}"
        hint = "a different reviewer decides about those who do not take part, or reject it"
        raise SameReviewer(message, hint=hint)


_UNDECIDED = frozenset(
    status.value
    for status in (ActionStatus.PROPOSED, ActionStatus.HELD, ActionStatus.AWAITING_SECOND)
)


def by_floor(action: ActionRecord) -> bool:
    """Say whether law 5 holds the action, which no reviewer can change."""
    return action.status == ActionStatus.HELD.value and action.reason.startswith(FLOOR)


def set_apart(action: ActionRecord) -> bool:
    """Say whether an action waits by itself: its account does not do what its campaign does."""
    return action.status in _UNDECIDED and action.reason.startswith(APART)


def _admit(case: CaseRecord, decision: DecisionRecord, last: DecisionRecord | None) -> None:
    if case.version != decision.case_version:
        raise StaleCase(_stale(case, last), hint="open it again and look at what changed")
    if case.status in (CaseStatus.APPROVED.value, CaseStatus.REJECTED.value):
        who = f" by {last.reviewer}" if last else ""
        message = f"case {case.case_id} is {case.status} already{who}"
        raise AlreadyDecided(message)
    approves = decision.verdict == Verdict.APPROVE.value
    second = approves and case.status == CaseStatus.AWAITING_SECOND.value
    if second and last is not None and _same_person(last.reviewer, decision.reviewer):
        message = f"{decision.reviewer} gave the first approval of case {case.case_id}"
        raise SameReviewer(message, hint="the second one must come from a different reviewer")


def _stale(case: CaseRecord, last: DecisionRecord | None) -> str:
    """Say why the version moved on: the last change was a decision, or a run's new actions."""
    if last is not None and last.case_version == case.version - 1:
        verb = "approved" if last.verdict == Verdict.APPROVE.value else "rejected"
        return f"{last.reviewer} {verb} case {case.case_id} in the meantime"
    if case.version > 1:
        return f"a later run proposed more actions in case {case.case_id}, or exempted accounts"
    return f"case {case.case_id} is at version {case.version}"


def _same_person(one: str, other: str) -> bool:
    """Compare names so that a change of case or width does not make a second person."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
