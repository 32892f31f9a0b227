"""Sigma's wildcards in plain values: `*` for any text, `?` for one character."""

from __future__ import annotations

import re
from itertools import groupby

from engine.language.words import Match

_PIECE = re.compile(r"\\[*?\\]|[*?]|[^*?\\]+|\\", re.DOTALL)


def split_wildcards(value: str, *, elements: bool = False) -> tuple[Match, str]:
    r"""Return how a plain value compares, and with what.

    `\*` and `\?` are the characters themselves, `\\` before them is a backslash. One star at an end
    is a prefix or suffix, two are a substring, a lone star asks whether there is a value; anything
    else becomes an anchored RE2 pattern. With `elements` the value is compared with the elements of
    a list, of which `contains` would ask for the whole element, so that a substring is a pattern.
    """
    pieces = [_meaning(piece) for piece in _PIECE.findall(value)]
    wild = [is_wild for is_wild, _ in pieces]
    words = "".join(text for is_wild, text in pieces if not is_wild)
    if not any(wild):
        return Match.EQUALS, words
    shape = "".join(text if is_wild else "-" for is_wild, text in pieces)
    shape = "".join(char for char, _ in groupby(shape))
    simple = {"-*": Match.STARTSWITH, "*-": Match.ENDSWITH, "*-*": Match.CONTAINS}
    if shape in simple and not (elements and simple[shape] is Match.CONTAINS):
        return simple[shape], words
    if shape == "*":
        return Match.EXISTS, ""
    return Match.RE, r"(?s)\A" + "".join(_pattern(*piece) for piece in pieces) + r"\z"


def _meaning(piece: str) -> tuple[bool, str]:
    if piece in ("*", "?"):
        return True, piece
    return False, piece[1:] if piece[0] == "\\" and len(piece) == len("\\*") else piece


def _pattern(is_wild: bool, text: str) -> str:  # noqa: FBT001 - a pair taken apart
    if is_wild:
        return {"*": ".*", "?": "."}[text]
    return re.escape(text)
