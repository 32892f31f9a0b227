"""The policies of a case as they were evaluated, with what each line contributed."""

from __future__ import annotations

from engine.review.case_view import CaseView, FindingView
from engine.review.outcome import LineState, PolicyLine
from tui import marks
from tui.tone import BLANK, Line, Piece, Tone, fit, fit_right, line, paragraph, say


def policy_lines(view: CaseView, width: int) -> list[Line]:
    """Return each finding's clauses and its policy, matched lines marked `>`, unmet `·`."""
    lines: list[Line] = []
    for finding in view.findings:
        lines += [BLANK, *_policy(finding, width)] if lines else _policy(finding, width)
    return lines


def first_match(view: CaseView, width: int) -> int:
    """Return the row to scroll to: just above the first line that matched."""
    rows = policy_lines(view, width)
    matched = (at for at, row in enumerate(rows) if row and row[0].text == "> ")
    return max(next(matched, 0) - 3, 0)


def _policy(finding: FindingView, width: int) -> list[Line]:
    record = finding.record
    lines: list[Line] = []
    for clause in finding.clauses:
        lines += paragraph(clause.summary, width)
    digits = len(str(finding.policy[-1].number)) if finding.policy else 1
    place = f"{record.policy_file}:{record.policy_line}"
    return [
        line(say(f"{record.policy} v{record.policy_version}", Tone.STRONG)),
        *lines,
        line(fit(place, width, Tone.DIM)),
        *(_policy_line(policy_line, digits, width) for policy_line in finding.policy),
    ]


def _policy_line(source: PolicyLine, digits: int, width: int) -> Line:
    gutter, tone = marks.GUTTER[source.state]
    shade = Tone.DIM if source.state is LineState.NONE else tone
    text: tuple[Piece, ...] = (fit(source.text, max(width - digits - 3, 1), tone),)
    if source.state is LineState.NONE and source.text.lstrip().startswith("#"):
        text = (fit(source.text, max(width - digits - 3, 1), Tone.DIM),)
    return (say(f"{gutter} ", tone), fit_right(str(source.number), digits, shade), say(" "), *text)
