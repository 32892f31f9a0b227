"""Durations and instants as people write them: `30m`, `7d`, `2026-06-05T00:00Z`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_UNIT_US = {
    "ms": 1_000,
    "s": 1_000_000,
    "m": 60_000_000,
    "h": 3_600_000_000,
    "d": 86_400_000_000,
    "w": 604_800_000_000,
}
_DURATION = re.compile(r"([0-9]{1,9})(ms|s|m|h|d|w)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def parse_duration(text: str) -> int:
    """Return microseconds; raises ValueError naming the forms that are understood."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        message = f"`{text}` is not a duration; write one as 90s, 30m, 12h, 7d or 2w"
        raise ValueError(message)
    return int(found[1]) * _UNIT_US[found[2]]


def format_duration(microseconds: int) -> str:
    """Return the shortest exact text of a duration in whole milliseconds."""
    for unit in ("w", "d", "h", "m", "s"):
        if microseconds and microseconds % _UNIT_US[unit] == 0:
            return f"{microseconds // _UNIT_US[unit]}{unit}"
    return f"{microseconds // _UNIT_US['ms']}ms"


def parse_instant(text: str) -> int:
    """Return microseconds since 1970 UTC; without a zone the text is UTC. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        message = f"`{text}` is not a time; write one as 2026-06-05 or 2026-06-05T14:30Z"
        raise ValueError(message) from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND


def format_instant(microseconds: int) -> str:
    """Return ISO 8601 in UTC, with fractions only where there are any."""
    moment = _EPOCH + microseconds * _MICROSECOND
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{moment.microsecond:06d}" if moment.microsecond else ""
    return f"{text}{fraction}Z"
