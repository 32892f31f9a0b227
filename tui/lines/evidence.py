"""The evidence of a case: each condition with what was seen, the threshold and the margin."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.review.case_view import CaseView, Clause, Condition, FindingView
from engine.review.outcome import Comparison
from engine.review.wording import counted, interval, number, operator, utc
from tui import marks
from tui.tone import BLANK, Line, Piece, Tone, fit, fit_right, line, paragraph, say

_OBSERVED, _THRESHOLD, _MARGIN, _BAR = 13, 11, 7, 12
_MARK = 8
_TIMES = "\N{MULTIPLICATION SIGN}"


def evidence_lines(view: CaseView, width: int) -> list[Line]:
    """Return the findings of a case, gravest first."""
    if not view.findings:
        return [line(say("no findings are kept for this case", Tone.UNDECIDED))]
    lines: list[Line] = []
    for finding in view.findings:
        lines += [BLANK, *_finding(finding, width)] if lines else _finding(finding, width)
    return lines


def _finding(finding: FindingView, width: int) -> list[Line]:
    record = finding.record
    return [
        (
            marks.severity(record.severity),
            say("  "),
            *marks.dotted(
                say(f"{record.policy} v{record.policy_version}", Tone.STRONG),
                say(record.axis),
                say("" if record.policy_status == "enforce" else f"{record.policy_status} only"),
                *course(finding),
            ),
        ),
        *paragraph(record.explanation, width),
        *(text for clause in finding.clauses for text in _clause(clause, width)),
        _header(width),
        *(text for row in finding.conditions for text in _condition(row, width)),
        *_counter_evidence(finding, width),
    ]


def course(finding: FindingView) -> Iterator[Piece]:
    """Yield since when a finding stands as it does, and how often it was made before."""
    if finding.outdated:
        yield say(f"as of {utc(finding.record.as_of_us)}", Tone.DIM)
    if finding.earlier:
        yield say(counted(finding.earlier, "earlier run"), Tone.DIM)


def _clause(clause: Clause, width: int) -> list[Line]:
    """Return which words of the terms were broken, and since when they apply."""
    name = clause.section or clause.clause
    terms = f"{clause.terms} {clause.version}".strip()
    effective = f", in force from {clause.effective[:10]}" if clause.effective else ""
    if not clause.version:
        effective = ", not in force at the time"
    told = f"§ {name} ({terms}{effective})"
    if clause.organisations:
        told += f"{' waived' if clause.waived else ''} for {', '.join(clause.organisations)}"
    return paragraph(told, width, Tone.UNDECIDED if clause.waived else Tone.ACCENT)


def _signal_width(width: int) -> int:
    return max(width - _MARK - _OBSERVED - _THRESHOLD - _MARGIN - _bar_width(width), 10)


def _bar_width(width: int) -> int:
    return _BAR if width >= 68 else 0  # noqa: PLR2004 -- below this, names matter more


def _header(width: int) -> Line:
    return (
        fit("", _MARK),
        fit("signal", _signal_width(width), Tone.DIM),
        fit_right("observed", _OBSERVED, Tone.DIM),
        fit_right("threshold", _THRESHOLD, Tone.DIM),
        fit_right("margin", _MARGIN, Tone.DIM),
    )


def _counter_evidence(finding: FindingView, width: int) -> Iterator[Line]:
    if not finding.counter_evidence:
        yield line(say("No counter-evidence is named by this policy.", Tone.DIM))
        return
    clears = any(row.node.holds for row in finding.counter_evidence if row.node.comparison)
    result = "clears the subject" if clears else "none clears the subject"
    yield line(say("Counter-evidence checked: ", Tone.STRONG), say(result))
    for row in finding.counter_evidence:
        yield from _condition(row, width)


def _condition(row: Condition, width: int) -> Iterator[Line]:
    mark = marks.holds(row.node.holds, _MARK)
    indent = "  " * min(row.depth, 4)
    seen = row.node.comparison
    tone = Tone.STRONG if row.node.holds else mark.tone if row.node.holds is False else Tone.PLAIN
    if seen is None:
        yield (mark, fit(indent + row.node.text, width - _MARK, tone))
        return
    yield (
        mark,
        fit(indent + seen.signal, _signal_width(width), tone),
        fit_right(interval(seen.low, seen.high), _OBSERVED, tone),
        fit_right(f"{operator(seen.operator)} {number(seen.threshold)}", _THRESHOLD),
        fit_right(_margin(seen, holds=row.node.holds), _MARGIN, mark.tone),
        *_bar(seen, _bar_width(width), holds=row.node.holds),
    )
    detail = _detail(row, seen)
    if detail:
        yield (fit("", _MARK), fit(indent + detail, width - _MARK, Tone.DIM))


def _detail(row: Condition, seen: Comparison) -> str:
    counts = [f"{name} {number(count)}" for name, count in sorted(row.counts.items())]
    measure = "" if seen.measure == seen.signal else seen.measure
    return " · ".join(part for part in (measure, *counts) if part)


def _margin(seen: Comparison, *, holds: bool | None) -> str:
    """Return the margin as a ratio, rounded down so that a near miss never reads as 1."""
    ratio = seen.margin(holds=holds)
    if ratio is None:
        return "open" if holds is None else "-"
    if ratio >= 100:  # noqa: PLR2004
        return f"{_TIMES}{ratio:,.0f}"
    rounded = math.floor(ratio * 100) / 100
    return f"{_TIMES}{rounded:.2f}"


def _bar(seen: Comparison, width: int, *, holds: bool | None) -> tuple[Piece, ...]:
    """Return the value as a bar with the threshold as a tick; what is uncertain is dotted."""
    cells = width - 2
    finite = [end for end in (seen.low, seen.high, seen.threshold) if math.isfinite(end)]
    if cells < 4 or min(finite) < 0 or max(finite) == 0 or seen.low == -math.inf:  # noqa: PLR2004
        return ()
    scale = (cells - 1) / max(finite)
    tick = round(seen.threshold * scale)
    sure = round(seen.low * scale)
    likely = cells - 1 if math.isinf(seen.high) else round(seen.high * scale)
    drawn = ["━" if at <= sure else "╌" if at <= likely else " " for at in range(cells)]
    tone = Tone.MET if holds else Tone.DIM
    return (
        say("  "),
        say("".join(drawn[:tick]), tone),
        say("┃", Tone.STRONG),
        say("".join(drawn[tick + 1 :]), tone),
    )
