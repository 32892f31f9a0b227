"""The members of a campaign, strongest tie first, and what ties them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from engine.review.case_view import DOUBTED, CaseView, Member, Tie
from engine.review.succession import Succession, headline, sentences
from engine.review.wording import counted
from tui.tone import BLANK, LazyLines, Line, Piece, Tone, fit, fit_right, line, paragraph, say

_NUMBERS, _SURE = 6, 5
_MEASURED = 200
"""Members whose ids set the width of the column; longer ones further down are cut."""
_ROOMY = 60
"""From this width on, a member's organisation is shown."""


def campaign_lines(view: CaseView, width: int) -> Sequence[Line]:
    """Return a summary by kind of tie, then one line a member."""
    if not view.members:
        return [line(say("one account; no campaign", Tone.DIM))]
    longest = max(cell_len(member.record.account_id) for member in view.members[:_MEASURED])
    account = max(min(longest, width // 3), 10)
    head = [
        *(text for one in view.successions for text in _succession(one, view, width)),
        *_summary(view.members, width),
        BLANK,
        _header(account, width),
    ]
    return LazyLines(head, len(view.members), lambda at: _member(view.members[at], account, width))


def _succession(one: Succession, view: CaseView, width: int) -> Iterator[Line]:
    """Yield which campaign it comes after or before, and by what that was recognised."""
    yield line(fit(headline(one, view.case.campaign_id).capitalize(), width, Tone.ACCENT))
    for text in sentences(one):
        yield from paragraph(text, width, indent=2)
    yield BLANK


def _summary(members: Sequence[Member], width: int) -> list[Line]:
    tied: dict[str, set[str]] = defaultdict(set)
    values: dict[str, set[str]] = defaultdict(set)
    for member in members:
        for tie in member.ties:
            tied[tie.shared].add(member.record.account_id)
            values[tie.shared].add(tie.value)
    kinds = sorted(tied, key=lambda kind: (-len(tied[kind]), kind))
    hanging = sum(any(tie.needed for tie in member.ties) for member in members)
    lone = sum(not member.ties for member in members)
    doubted = sum(member.doubted for member in members)
    lines = [
        line(
            fit(
                f"{counted(len(tied[kind]), 'account')} share {kind}: "
                f"{counted(len(values[kind]), 'value')}",
                width,
            )
        )
        for kind in kinds
    ]
    if hanging:
        text = f"{counted(hanging, 'account')} linked by one value alone"
        lines.append(line(fit(text, width, Tone.UNDECIDED)))
    if doubted:
        text = f"{counted(doubted, 'account')} less sure than {DOUBTED} of 1000"
        lines.append(line(fit(text, width, Tone.UNDECIDED)))
    if lone:
        lines.append(line(fit(f"{counted(lone, 'account')} without a tie", width, Tone.UNDECIDED)))
    return lines


def _header(account: int, width: int) -> Line:
    return (
        fit("account", account, Tone.DIM),
        fit_right("tie", _NUMBERS, Tone.DIM),
        fit_right("sure", _SURE, Tone.DIM),
        fit_right("calls", _NUMBERS, Tone.DIM),
        say("  "),
        fit("shares", max(width - account - 2 * _NUMBERS - _SURE - 2, 0), Tone.DIM),
    )


def _member(member: Member, account: int, width: int) -> Line:
    record = member.record
    shares = ", ".join(map(_tie, member.ties)) or "nothing"
    org = f"{record.org_id}: " if record.org_id and width >= _ROOMY else ""
    return (
        fit(record.account_id, account),
        fit_right(record.strength, _NUMBERS),
        _sure(member),
        fit_right(f"{record.exchanges:,}", _NUMBERS),
        say("  "),
        fit(org + shares, max(width - account - 2 * _NUMBERS - _SURE - 2, 0), Tone.DIM),
    )


def _sure(member: Member) -> Piece:
    if member.confidence is None:
        return fit_right("", _SURE)
    mark = "?" if member.doubted else ""
    tone = Tone.UNDECIDED if member.doubted else Tone.PLAIN
    return fit_right(f"{mark}{member.confidence}", _SURE, tone)


def _tie(tie: Tie) -> str:
    alone = ", alone" if tie.needed else ""
    return f"{tie.shared.removeprefix('account.')} {tie.value} ({tie.accounts:,}{alone})"
