"""Halves of surrogate pairs, which JSON can escape and no text may hold.

Programs that cut texts by UTF-16 units leave them, and anybody can send them, so a record is not
set aside for one in a prompt: it is replaced, as wherever such text becomes UTF-8 (U+FFFD).
"""

from __future__ import annotations

import re

HALF = "has half of a surrogate pair"

_HALF = re.compile("[\ud800-\udfff]")
_HIGH, _LOW = r"\\u[dD][89abAB][0-9a-fA-F]{2}", r"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_ESCAPED = re.compile(rf"{_HIGH}(?!{_LOW})|(?<!{_HIGH}){_LOW}|\\\\u[dD]")
"""Also a backslash before the text of an escape, which may look like the other half of a pair."""


def has_half(text: object) -> bool:
    """Whether something is a text with half of a pair."""
    return isinstance(text, str) and not text.isascii() and _HALF.search(text) is not None


def may_escape_half(json_text: str) -> bool:
    """Whether JSON text may escape half of a pair; wrong only where it says yes."""
    return "\\u" in json_text and _ESCAPED.search(json_text) is not None


def without_halves(value: object) -> object:
    """Return a JSON value with each half in its texts and keys replaced."""
    match value:
        case str():
            return value if value.isascii() else _HALF.sub("\ufffd", value)
        case list():
            return [without_halves(one) for one in value]
        case dict():
            return {without_halves(key): without_halves(one) for key, one in value.items()}
    return value
