"""How numbers, times and actions are written for a reviewer: English, UTC, no locale."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = (
    (86_400_000_000, "d"),
    (3_600_000_000, "h"),
    (60_000_000, "min"),
    (1_000_000, "s"),
)
_THOUSAND = 1000
_EXACT = 1e15
"""From here on a float's digits mean nothing."""
_OPERATORS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<", "eq": "=", "neq": "!="}


def utc(us: int, *, seconds: bool = False) -> str:
    """Return microseconds since 1970 as `2026-06-05 13:42Z`; as a number when no calendar fits."""
    try:
        moment = _EPOCH + timedelta(microseconds=us)
    except OverflowError:
        return f"{us} µs"
    return moment.strftime("%Y-%m-%d %H:%M:%SZ" if seconds else "%Y-%m-%d %H:%MZ")


def duration(us: int) -> str:
    """Return a length of time in the largest unit that divides it: `30 d`, `36 h`, `90 s`."""
    for size, unit in _UNITS:
        if us and us % size == 0:
            return f"{us // size:,} {unit}"
    return f"{us:,} µs"


def ago(us: int) -> str:
    """Return a length of time roughly, in its largest unit: `12 s`, `3 d`."""
    for size, unit in _UNITS:
        if us >= size:
            return f"{us // size:,} {unit}"
    return "0 s"


def number(value: float) -> str:
    """Return a value with separators and four significant digits: `4,800`, `0.3125`, `inf`."""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == int(value) and abs(value) < _EXACT:
        return f"{int(value):,}"
    if abs(value) >= _THOUSAND:
        return f"{value:,.1f}" if abs(value) < _EXACT else f"{value:.3e}"
    return f"{value:.4g}"


def interval(low: float, high: float) -> str:
    """Return what is known of a value: `0.93`, `18 .. 40`, or `unknown`."""
    if low == high:
        return number(low)
    if math.isinf(low) and math.isinf(high):
        return "unknown"
    return f"{number(low)} .. {number(high)}"


def operator(word: str) -> str:
    """Return a comparison as a sign in ASCII, or the word itself when it has none."""
    return _OPERATORS.get(word, word)


def counted(count: int, noun: str) -> str:
    """Return `1 account`, `37 accounts`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def action_phrase(action: str, parameters: Mapping[str, object]) -> str:
    """Return an action with what it is done for and to: `suspend 30 d`, `restrict logprobs`."""
    words = [action]
    for name, value in sorted(parameters.items()):
        if name == "for_us" and isinstance(value, int):
            words.append(duration(value))
        elif name == "feature":
            words.append(str(value))
        elif value is not None:
            words.append(f"{name} {value}")
    return " ".join(words)
