"""What is proposed for the accounts of a case, and what was decided so far."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from engine.ledger.records import DecisionRecord
from engine.review.action_group import ActionGroup
from engine.review.case_view import CaseView
from engine.review.wording import counted, utc
from tui import marks
from tui.tone import BLANK, Line, Tone, fit, fit_right, line, paragraph, say

_STATUS, _ACCOUNTS = 11, 14
_SHOWN = 3
"""Accounts of which it is told one by one why they are held."""


def history_lines(view: CaseView, width: int) -> list[Line]:
    """Return the actions, grouped, then the decisions, latest last."""
    lines = [text for group in view.actions for text in action_lines(group, width)]
    lines = lines or [line(say("no action is proposed", Tone.DIM))]
    lines += [BLANK, line(say("Decisions", Tone.STRONG))]
    if not view.decisions:
        return [*lines, line(say("none yet", Tone.DIM))]
    return [*lines, *(text for made in view.decisions for text in _decision(made, width))]


def action_lines(group: ActionGroup, width: int) -> Iterator[Line]:
    """Yield what is done to how many accounts, what it takes, and why it is held or exempt."""
    several = group.undecided and group.approvals_needed > 1
    accounts = counted(len(group.accounts), "account")
    phrase = max(min(width - _STATUS - _ACCOUNTS, 32), 12)
    yield (
        marks.status(group.status, _STATUS),
        fit(group.phrase, phrase, Tone.STRONG if group.undecided else Tone.DIM),
        fit_right(accounts, _ACCOUNTS, Tone.PLAIN if group.undecided else Tone.DIM),
    )
    notes = marks.dotted(
        say(f"needs {group.approvals_needed} reviewers" if several else "", Tone.UNDECIDED),
        say("" if group.reversible else "cannot be undone", Tone.CRITICAL),
        say("no reviewer can approve it" if group.by_floor else "", Tone.UNDECIDED),
        say("decided by itself, after all others" if group.apart else "", Tone.UNDECIDED),
    )
    if notes:
        yield (say(" " * _STATUS), *notes)
    if group.reason:
        yield from paragraph(group.reason, width, Tone.DIM, indent=_STATUS)
    told = zip(group.accounts, group.details, strict=False)
    for account, detail in itertools.islice(told, _SHOWN):
        yield from paragraph(f"{account}: {detail}", width, Tone.DIM, indent=_STATUS)
    if len(group.details) > _SHOWN:
        more = f"and {counted(len(group.details) - _SHOWN, 'more account')}"
        yield (say(" " * _STATUS), say(more, Tone.DIM))


def _decision(made: DecisionRecord, width: int) -> Iterator[Line]:
    verdict = {"approve": "approved", "reject": "rejected"}.get(made.verdict, made.verdict)
    yield (
        marks.status_word(verdict),
        say(f" by {made.reviewer}"),
        say(f"  {utc(made.decided_us)}", Tone.DIM),
    )
    yield from paragraph(made.reason, width, indent=2)
