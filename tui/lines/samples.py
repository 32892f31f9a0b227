"""Example exchanges, redacted."""

from __future__ import annotations

from engine.review.case_view import CaseView
from engine.review.wording import utc
from tui.tone import BLANK, Line, Tone, fit, line, paragraph, say


def sample_lines(view: CaseView, width: int) -> list[Line]:
    """Return each sample: when, by whom and to which model, and its masked text."""
    if not view.samples:
        return [line(say("no text was kept: judged by metadata alone", Tone.DIM))]
    lines: list[Line] = []
    for sample in view.samples:
        head = f"{utc(sample.ts_us)}  {sample.account_id}  {sample.model}  {sample.policy}"
        lines += [BLANK] if lines else []
        lines += [line(fit(head, width, Tone.DIM)), *paragraph(sample.excerpt, width, indent=2)]
    return lines
