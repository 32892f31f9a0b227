"""The result of a verification, and the runs of the ledger."""

from __future__ import annotations

import json
from collections.abc import Sequence

from engine.ledger.records import RunRecord
from engine.review.audit import Audit
from engine.review.wording import utc
from tui.tone import LazyLines, Line, Tone, fit, line, paragraph, say


def audit_lines(result: Audit, width: int) -> list[Line]:
    """Return the headline, then every problem."""
    lines = paragraph(result.headline, width, Tone.GOOD if result.ok else Tone.BAD)
    lines += [text for problem in result.problems[1:] for text in paragraph(problem, width)]
    if result.ok:
        return [*lines, line(fit(f"root {result.root}", width, Tone.DIM))]
    return lines


def run_lines(runs: Sequence[RunRecord], width: int) -> Sequence[Line]:
    """Return one line a run, the latest first."""
    if not runs:
        return [line(say("no run is recorded yet", Tone.DIM))]
    head = [
        line(
            fit("run", 18, Tone.DIM),
            fit("as of", 19, Tone.DIM),
            fit("recorded", 19, Tone.DIM),
            fit("pack", max(width - 56, 8), Tone.DIM),
        )
    ]
    return LazyLines(head, len(runs), lambda at: _run(runs[-1 - at], width))


def _run(run: RunRecord, width: int) -> Line:
    pack = f"{run.pack_name} {run.pack_version} {run.pack_digest[:12]}"
    return line(
        fit(run.run_id, 17),
        say(" "),
        fit(utc(run.as_of_us), 19),
        fit(utc(run.recorded_us), 19),
        fit(f"{pack}  {_rows(run)}", max(width - 56, 8)),
    )


def _rows(run: RunRecord) -> str:
    try:
        tables = json.loads(run.report).get("tables", {})
        return " ".join(f"{name} {counts['kept']:,}" for name, counts in sorted(tables.items()))
    except (ValueError, AttributeError, TypeError, KeyError):
        return ""
