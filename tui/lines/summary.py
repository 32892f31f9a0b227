"""A case in a few lines: the head of its screen, and the preview beside the queue."""

from __future__ import annotations

from engine.review.case_view import CaseView
from engine.review.succession import headline
from engine.review.wording import counted, utc
from tui import marks
from tui.lines.evidence import course
from tui.lines.history import action_lines
from tui.tone import BLANK, Line, Tone, fit, line, paragraph, say, spread


def head_lines(view: CaseView, width: int, *, status: str, place: str) -> list[Line]:
    """Return whom the case is about and where it stands, its title, and what is proposed."""
    case = view.case
    left = (
        marks.severity(case.severity),
        say("  "),
        *marks.dotted(
            say(f"{case.subject_kind} {case.subject_id}", Tone.STRONG),
            say(counted(case.accounts, "account")),
            say(case.behaviour),
            say(_headline(view), Tone.ACCENT),
        ),
    )
    right = (marks.status_word(status), say(f"  {place}", Tone.DIM))
    effect = (
        ", ".join(f"{group.phrase} ({len(group.accounts):,})" for group in view.effect)
        or "nothing to approve"
    )
    approval = f" · needs {counted(view.approvals_needed, 'reviewer')}" if view.effect else ""
    return [
        spread(left, right, width),
        line(fit(case.title, width, Tone.HEADING)),
        line(
            fit(
                f"proposes {effect}{approval}",
                width,
                Tone.CRITICAL if view.approvals_needed > 1 else Tone.PLAIN,
            )
        ),
    ]


def _headline(view: CaseView) -> str:
    """Return which campaign it comes after or before, empty for none; the rest stands below."""
    return headline(view.successions[0], view.case.campaign_id) if view.successions else ""


def preview_lines(view: CaseView, width: int) -> list[Line]:
    """Return why the case is here and what it proposes."""
    case = view.case
    lines: list[Line] = [
        line(
            marks.severity(case.severity),
            say(f"  {case.subject_kind} "),
            say(case.subject_id, Tone.STRONG),
        ),
        *paragraph(case.title, width, Tone.HEADING),
        line(fit(f"{utc(case.first_event_us)} to {utc(case.last_event_us)}", width, Tone.DIM)),
        *(
            line(fit(headline(one, case.campaign_id), width, Tone.ACCENT))
            for one in view.successions
        ),
    ]
    for finding in view.findings:
        record = finding.record
        lines += [
            BLANK,
            line(
                marks.severity(record.severity),
                say(f"  {record.policy}", Tone.STRONG),
                say(f"  {record.axis}", Tone.DIM),
            ),
            *paragraph(record.explanation, width),
            *([marks.dotted(*told)] if (told := tuple(course(finding))) else []),
        ]
    lines += [BLANK, line(say("Proposed", Tone.STRONG))]
    return lines + [text for group in view.actions for text in action_lines(group, width)]
