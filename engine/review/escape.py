"""Text that cannot steer a terminal.

Whatever a stranger wrote, a prompt, an account id, a reason, reaches a screen only as visible
characters. Nothing is dropped in silence: what would be invisible or would act is written out, as
`less` does: `^[` for ESC, `<U+202E>` for a bidi override.

The ranges are written out rather than taken from `unicodedata`, whose tables differ between
Python versions: escaped text is kept in the ledger, and the same input must give the same bytes.
"""

from __future__ import annotations

import re

CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029"
"""C0, DEL, C1 and the two Unicode line ends: they act on a terminal or break a line."""

INVISIBLES = (
    "\u00ad\u034f\u061c\u0600-\u0605\u06dd\u070f\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Zero-width, bidi and other format characters, variation selectors, tags, blank fillers."""

UNPRINTABLE = "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"
"""Lone surrogates, private use and noncharacters: no terminal agrees on what they look like."""

_HOSTILE = re.compile(f"[{CONTROLS}{INVISIBLES}{UNPRINTABLE}]")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARK_PILE = re.compile(f"({_MARK}{{2}}){_MARK}+")
_NOT_ASCII = re.compile("[^\x20-\x7e]")
_LINE_END = re.compile("\r\n|\n|\r")


def _written_out(found: re.Match[str]) -> str:
    code = ord(found.group())
    if found.group().isascii():
        return f"^{chr(code ^ 0x40)}"
    return f"<U+{code:04X}>"


def visible(text: str) -> str:
    """Return `text` as one line with everything that acts or hides written out, nothing lost."""
    return _HOSTILE.sub(_written_out, text)


def printable(text: str, *, ascii_only: bool = False) -> str:
    """Return `text` as one line in which every character is visible and inert.

    Piles of combining marks are cut to two, so that a character cannot grow over its neighbours.
    Printing printable text again changes nothing.
    """
    safe = _MARK_PILE.sub(r"\1", visible(text))
    return _NOT_ASCII.sub(_written_out, safe) if ascii_only else safe


def printable_lines(text: str) -> tuple[str, ...]:
    """Return the lines of `text`, tabs widened to four columns, each printable."""
    lines = _LINE_END.split(text)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple(printable(line.expandtabs(4)) for line in lines)
