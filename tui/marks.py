"""Severity, state and status as a mark and a word: never a colour alone."""

from __future__ import annotations

from engine.review.outcome import LineState
from tui.tone import Line, Piece, Tone, fit, say

_SEVERITY = {
    "critical": ("▲▲ CRIT", Tone.CRITICAL),
    "high": ("▲  HIGH", Tone.HIGH),
    "medium": ("●  MED", Tone.MEDIUM),
    "low": ("·  LOW", Tone.LOW),
    "info": ("-  INFO", Tone.LOW),
}
_STATUS = {
    "open": ("open", Tone.PLAIN),
    "awaiting_second": ("2nd needed", Tone.UNDECIDED),
    "approved": ("✓ approved", Tone.GOOD),
    "rejected": ("✗ rejected", Tone.BAD),
    "skipped": ("» skipped", Tone.DIM),
    "proposed": ("proposed", Tone.PLAIN),
    "held": ("held", Tone.UNDECIDED),
    "exempt": ("exempt", Tone.DIM),
    "recorded": ("recorded", Tone.DIM),
}
_HOLDS = {
    True: ("✓ met", Tone.MET),
    False: ("· unmet", Tone.DIM),
    None: ("? open", Tone.UNDECIDED),
}
GUTTER = {
    LineState.MATCHED: (">", Tone.MET),
    LineState.UNMET: ("·", Tone.DIM),
    LineState.UNDECIDED: ("?", Tone.UNDECIDED),
    LineState.NONE: (" ", Tone.PLAIN),
}
"""The mark in front of a policy's line, and the tone of the line."""


def severity(word: str, width: int = 7) -> Piece:
    """Return a severity as a mark and a word, in `width` cells."""
    text, tone = _SEVERITY.get(word, (f"▲▲ {word.upper()}", Tone.CRITICAL))
    return fit(text, width, tone)


def status(word: str, width: int = 10) -> Piece:
    """Return the status of a case or an action in `width` cells."""
    text, tone = _STATUS.get(word, (word, Tone.PLAIN))
    return fit(text, width, tone)


def status_word(word: str) -> Piece:
    """Return the status of a case or an action, as wide as it is."""
    text, tone = _STATUS.get(word, (word, Tone.PLAIN))
    return say(text, tone)


def holds(result: bool | None, width: int = 8) -> Piece:  # noqa: FBT001 -- the result itself
    """Return how a condition came out in `width` cells."""
    text, tone = _HOLDS[result]
    return fit(text, width, tone)


def dotted(*pieces: Piece) -> Line:
    """Return pieces with dim dots between them; empty ones are left out."""
    shown = [piece for piece in pieces if piece.text]
    joined: list[Piece] = []
    for piece in shown:
        joined += ([say(" · ", Tone.DIM)] if joined else []) + [piece]
    return tuple(joined)
