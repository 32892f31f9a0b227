"""What an unquoted YAML scalar means: the core schema of YAML 1.2, and nothing of YAML 1.1.

So `no`, `on`, `1_000`, `190:20:30` and `2026-06-05` are text. `010` is ten to this schema and eight
to the one before it, so it is refused.
"""

from __future__ import annotations

import math
import re

Plain = str | int | float | bool | None

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LIMIT = 2**63
_DIGITS = 25
"""No 64-bit number is longer; Python refuses to convert very long ones."""


class NumberError(ValueError):
    """Something that looks like a number, and is none that the language takes."""


class NotFiniteError(NumberError):
    """A number that the language cannot hold: infinite, not a number, or beyond 64 bits."""


class AmbiguousNumberError(NumberError):
    """A number that readers of YAML 1.1 take for an octal one."""


def resolve(text: str) -> Plain:
    """Return the value of an unquoted scalar; NumberError for a number that is not accepted."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        if _LEADING_ZERO.match(text):
            raise AmbiguousNumberError
        return _integer(text)
    if _DECIMAL.fullmatch(text):
        return _decimal(text)
    if _NOT_FINITE.fullmatch(text):
        raise NotFiniteError
    return text


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise NotFiniteError
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    value = int(text, base)
    if not -_LIMIT <= value < _LIMIT:
        raise NotFiniteError
    return value


def _decimal(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise NotFiniteError
    return value
