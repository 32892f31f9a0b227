"""Durations and times in the few spellings that the language accepts."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from engine.language.moments import parse_duration, parse_instant

DURATION = re.compile(r"[0-9]{1,9}[smhdw]")
TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_US = parse_duration("1d")
_length = lru_cache(maxsize=4096)(parse_duration)
_instant = lru_cache(maxsize=4096)(parse_instant)
"""A pack names the same few durations and days again and again."""
LONGEST_US = parse_duration("3660d")
"""Ten years: longer than any log is kept, and small enough to take from any time."""


def duration_us(text: str) -> int | None:
    """Return a duration such as `90s` or `7d` in microseconds.

    None for any other spelling, for nothing, and for more than ten years.
    """
    if DURATION.fullmatch(text) is None:
        return None
    length = _length(text)
    return length if 0 < length <= LONGEST_US else None


_MEANT = re.compile(r"P?T?(?P<number>[0-9]{1,6}(?:\.[0-9]{1,3})?)\s*(?P<unit>[A-Za-z]+)")
_PARTS = re.compile(r"(?:[0-9]{1,6}[smhdw])+")
_UNITS = {
    "s": "s sec secs second seconds", "m": "min mins minute minutes",
    "h": "h hr hrs hour hours", "d": "d day days", "w": "w week weeks", "y": "y yr year years",
}  # fmt: skip
_BY_WORD = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_DAYS_OF_YEAR = 365
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}


def duration_meant(text: str) -> str | None:
    """Return a duration as it is written here for one in another spelling: `7 days`, `1.5h`."""
    written = _MEANT.fullmatch(text)
    if written:
        unit, number = _BY_WORD.get(written["unit"].casefold()), Decimal(written["number"])
        if unit is None:
            return None
        if unit == "y":
            unit, number = "d", number * _DAYS_OF_YEAR
        seconds = number * _SECONDS[unit]
    elif _PARTS.fullmatch(text):
        parts = re.findall("([0-9]+)([smhdw])", text)
        seconds = Decimal(sum(int(number) * _SECONDS[unit] for number, unit in parts))
    else:
        return None
    for unit, length in _SECONDS.items():
        if seconds and unit != "w" and seconds % length == 0:
            meant = f"{int(seconds / length)}{unit}"
            return meant if duration_us(meant) is not None else None
    return None


def time_us(text: str) -> int | None:
    """Return a date, or a date and time, in microseconds since 1970, UTC.

    A date is its first instant; without a zone the time is UTC. None for any other spelling, for a
    day that does not exist, and for times before 1970.
    """
    if TIME.fullmatch(text) is None:
        return None
    try:
        moment = _instant(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment >= 0 else None


def end_us(text: str) -> int | None:
    """Return the last microsecond that belongs to an end: `until: 2027-06-30` is that whole day.

    A date and time is itself. None for what `time_us` refuses.
    """
    moment = time_us(text)
    if moment is None or DATE.fullmatch(text) is None:
        return moment
    return moment + _DAY_US - 1
