"""One case as a row of the queue."""

from __future__ import annotations

from engine.ledger.records import CaseRecord
from engine.review.wording import utc
from tui import marks
from tui.tone import Line, Piece, Tone, fit, fit_right, say

_WIDE = 100
"""From this width on, behaviour and last activity have columns of their own."""


def queue_header(width: int) -> Line:
    """Return the names of the columns."""
    return _columns(
        width,
        say("  "),
        fit("severity", 9, Tone.DIM),
        fit_right("accounts", 9, Tone.DIM),
        "subject",
        "behaviour",
        "what",
        "last seen",
        fit("status", 10, Tone.DIM),
        Tone.DIM,
    )


def queue_row(case: CaseRecord, width: int, *, status: str, cursor: bool) -> Line:
    """Return a case in `width` cells; the row under the cursor has `>` in its gutter."""
    waits = status in ("open", "awaiting_second")
    tone = Tone.PLAIN if waits else Tone.DIM
    severity = marks.severity(case.severity, 9)
    return _columns(
        width,
        say("> " if cursor else "  ", Tone.STRONG),
        severity if waits else Piece(severity.text, Tone.DIM),
        fit_right(f"{case.accounts:,}", 9, tone),
        case.subject_id,
        case.behaviour,
        case.title,
        utc(case.last_event_us)[5:],
        marks.status(status),
        tone,
    )


def _columns(  # noqa: PLR0913 -- one argument a column
    width: int,
    gutter: Piece,
    severity: Piece,
    accounts: Piece,
    subject: str,
    behaviour: str,
    title: str,
    seen: str,
    status: Piece,
    tone: Tone,
) -> Line:
    wide = width >= _WIDE
    subject_width = 24 if wide else 14
    fixed = 2 + 9 + 9 + 2 + subject_width + 2 + (16 + 14 if wide else 0) + 2 + 10
    return (
        gutter,
        severity,
        accounts,
        say("  "),
        fit(subject, subject_width - 1, tone),
        say(" "),
        *((fit(behaviour, 16, tone),) if wide else ()),
        say("  "),
        fit(title, max(width - fixed, 8), tone),
        *((fit_right(seen, 14, Tone.DIM),) if wide else ()),
        say("  "),
        status,
    )
