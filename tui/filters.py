"""The last things that happen to text before the terminal gets it."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from engine.review.escape import CONTROLS, INVISIBLES, UNPRINTABLE

_HOSTILE = re.compile(f"[{CONTROLS}{INVISIBLES}{UNPRINTABLE}]")
_NOT_ASCII = re.compile("[^\x20-\x7e]")
_LIKENESS = {
    **dict.fromkeys("─━╌╍┄┅═╴╶╸╺", "-"),
    **dict.fromkeys("│┃║╎╏▏▎▍▌▋▊▉▕▐", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╯╰┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬", "+"),
    **dict.fromkeys("█▓▒░▀▄▁▂▃▅▆▇■▬", "#"),
    **dict.fromkeys("▲△↑", "^"),
    **dict.fromkeys("▼▽↓", "v"),
    **dict.fromkeys("●○◉•", "o"),
    **dict.fromkeys("·…", "."),
    **dict.fromkeys("›»→▶", ">"),
    **dict.fromkeys("‹«←◀", "<"),
    **dict.fromkeys("×✗✘", "x"),
    "✓": "+",
    "§": "S",
    "µ": "u",
    "–": "-",
    "—": "-",
}


class Shield(LineFilter):
    """Drops whatever could steer the terminal, should a widget ever let it through.

    Text from the ledger is printable long before it comes here; this is for what is typed or
    pasted into a field, and for mistakes.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments without control and format characters."""
        return [
            Segment(_HOSTILE.sub("", segment.text), segment.style, segment.control)
            if _HOSTILE.search(segment.text)
            else segment
            for segment in segments
        ]


class Ascii(LineFilter):
    """Replaces every character outside ASCII by its likeness, or by `?`, of the same width."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments in ASCII."""
        return [
            Segment(_NOT_ASCII.sub(_in_ascii, segment.text), segment.style, segment.control)
            for segment in segments
        ]


def _in_ascii(found: re.Match[str]) -> str:
    character = found.group()
    return _LIKENESS.get(character) or "?" * cell_len(character)
