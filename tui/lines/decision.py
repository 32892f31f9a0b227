"""What the reviewer sees while deciding: the effect, the counter-evidence, the reasons."""

from __future__ import annotations

from engine.ledger.records import CaseStatus, Verdict
from engine.review.case_view import CaseView
from engine.review.decisions import REASONS
from engine.review.wording import counted, interval, number, operator
from tui import marks
from tui.lines.history import action_lines
from tui.tone import BLANK, Line, Tone, fit, line, paragraph, say

_SHOWN = 3
"""Kinds of action, and pieces of counter-evidence, that are listed; the others are counted."""

VERBS = {Verdict.APPROVE: ("Approve", Tone.HIGH), Verdict.REJECT: ("Reject", Tone.ACCENT)}


def decision_lines(view: CaseView, verdict: Verdict, width: int) -> list[Line]:
    """Return the verb, the case, the effect, and the counter-evidence."""
    case = view.case
    verb, tone = VERBS[verdict]
    return [
        line(
            say(f"{verb} ", tone),
            marks.severity(case.severity),
            fit(f"  {case.subject_kind} {case.subject_id}", max(width - 16, 8), Tone.STRONG),
        ),
        line(fit(case.title, width)),
        BLANK,
        *(_approving(view, width) if verdict is Verdict.APPROVE else _rejecting(view, width)),
        *_counter_evidence(view, width),
    ]


def reason_lines(verdict: Verdict, picked: int | None, width: int) -> list[Line]:
    """Return the reasons with their digits, the picked one marked."""
    return [
        line(
            say("> " if at == picked else "  ", Tone.STRONG),
            say(f"{at}", Tone.ACCENT),
            fit(f"  {reason}", max(width - 4, 8), Tone.STRONG if at == picked else Tone.PLAIN),
        )
        for at, reason in enumerate(REASONS[verdict], start=1)
    ]


def _approving(view: CaseView, width: int) -> list[Line]:
    if not view.effect:
        return [line(say("No action can be approved here; the case will be closed.", Tone.DIM))]
    lines = [text for group in view.effect[:_SHOWN] for text in action_lines(group, width)]
    if len(view.effect) > _SHOWN:
        lines.append(line(say(f"and {counted(len(view.effect) - _SHOWN, 'more kind')}")))
    second = view.case.status == CaseStatus.AWAITING_SECOND.value
    if view.approvals_needed > 1:
        told = (
            "You are the second reviewer: this goes out."
            if second
            else ("A second, different reviewer must approve too.")
        )
        lines.append(line(say(told, Tone.UNDECIDED)))
    return [*lines, *_left(view, width)]


def _left(view: CaseView, width: int) -> list[Line]:
    """Return whom an approval leaves as they are, to be decided about by somebody else."""
    accounts = {account for group in view.later for account in group.accounts}
    if not accounts:
        return []
    told = (
        f"{counted(len(accounts), 'account')} of it do not take part: nothing is done to them yet, "
        "and the case stays open for a different reviewer to decide about them."
    )
    return paragraph(told, width, Tone.UNDECIDED)


def _rejecting(view: CaseView, width: int) -> list[Line]:
    undecided = [group for group in view.actions if group.undecided]
    accounts = {account for group in undecided for account in group.accounts}
    actions = sum(len(group.accounts) for group in undecided)
    what = f"{counted(actions, 'action')} on {counted(len(accounts), 'account')}"
    return [line(fit(f"Closes the case: {what} will not be taken.", width))]


def _counter_evidence(view: CaseView, width: int) -> list[Line]:
    rows = [
        (finding.record.policy, row.node.holds, row.node.comparison)
        for finding in view.findings
        for row in finding.counter_evidence
        if row.node.comparison is not None
    ]
    if not rows:
        return [line(say("No counter-evidence is named by the policies.", Tone.DIM))]
    lines = [line(say("Counter-evidence", Tone.STRONG))]
    for policy, holds, seen in rows[:_SHOWN]:
        text = (
            f"{seen.signal} {interval(seen.low, seen.high)}, would clear at "
            f"{operator(seen.operator)} {number(seen.threshold)}  ({policy})"
        )
        lines.append(line(marks.holds(holds, 9), fit(text, max(width - 9, 8))))
    return lines
