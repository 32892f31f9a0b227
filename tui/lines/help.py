"""The keys and the filter language as text."""

from __future__ import annotations

from collections.abc import Mapping

from engine.review.filter import FIELDS
from tui.tone import BLANK, Line, Tone, fit, line, paragraph, say

_KEYS = 18


def help_lines(keys: Mapping[tuple[str, str], list[str]], width: int) -> list[Line]:
    """Return one section for each group of keys, by (group, verb), then the filter's fields."""
    lines: list[Line] = []
    for heading in ("Here", "Moving", "Everywhere"):
        rows = [(names, what) for (group, what), names in keys.items() if group == heading]
        lines += [line(say(heading, Tone.HEADING))]
        lines += [_row(" ".join(names), what, width) for names, what in rows]
        lines += [BLANK]
    lines += [
        line(say("Filter", Tone.HEADING)),
        *paragraph(
            "Terms side by side must all hold; or joins groups; - in front of a term leaves out. "
            "field:a,b means either; * and ? are wildcards; quotes ask for the exact text.",
            width,
            Tone.DIM,
        ),
    ]
    return lines + [_row(f"{name}:", what, width) for name, what in FIELDS.items()]


def _row(names: str, what: str, width: int) -> Line:
    return (fit(f"  {names}", _KEYS, Tone.ACCENT), fit(what, max(width - _KEYS, 8)))
