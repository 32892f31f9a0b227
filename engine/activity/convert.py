"""Converters of the mapping language: what stands after `~`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.activity.address import address_text
from engine.activity.cast import NULL_TOKENS

Converter = Callable[[object, ZoneInfo], object]
"""Takes a value that is not empty and the source's zone; raises ValueError with the reason."""

_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(?::([0-9]{2}))?(?:\.([0-9]{1,9}))?"
    r" ?(Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WHOLE = re.compile(r"(?:AS)?([+-]?[0-9]{1,30})(?:\.0*)?", re.IGNORECASE)
_NOT_A_TIME = "is not a time"
_NOT_WHOLE = "is not a whole number"
_OUTCOMES = {
    "ok": 200,
    "success": 200,
    "blocked": 403,
    # The errors of AWS's model runtime, by its API reference.
    "AccessDeniedException": 403,
    "InternalServerException": 500,
    "ModelErrorException": 424,
    "ModelNotReadyException": 429,
    "ModelStreamErrorException": 424,
    "ModelTimeoutException": 408,
    "ResourceNotFoundException": 404,
    "ServiceQuotaExceededException": 400,
    "ServiceUnavailableException": 503,
    "ThrottlingException": 429,
    "ValidationException": 400,
}


def is_empty(value: object) -> bool:
    """Whether a mapped value stands for no value."""
    return value is None or (isinstance(value, str) and value in NULL_TOKENS) or value in ([], {})


def _since_epoch(unit: str) -> Converter:
    factor = {"s": 1_000_000_000, "ms": 1_000_000, "ns": 1}[unit]

    def convert(value: object, _zone: ZoneInfo) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise ValueError(_NOT_A_TIME)  # noqa: TRY004 - converters have one way to refuse
        whole, _, fraction = str(value).partition(".")
        if not re.fullmatch(r"[0-9]{1,20}", whole) or not re.fullmatch(r"[0-9]{0,18}", fraction):
            raise ValueError(_NOT_A_TIME)
        part = int(fraction.ljust(18, "0")) * factor // 10**18
        return _stamp((int(whole) * factor + part) // 1000)

    return convert


def _iso(value: object, zone: ZoneInfo) -> str:
    found = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(_NOT_A_TIME)
    day, clock, second, fraction, offset = found.groups()
    text = f"{day}T{clock}:{second or '00'}.{(fraction or '').ljust(6, '0')[:6]}"
    offset = {"Z": "+00:00", "UTC": "+00:00"}.get(offset or "", offset)
    try:
        moment = datetime.fromisoformat(text + (offset or ""))
    except ValueError:
        raise ValueError(_NOT_A_TIME) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return _stamp((moment - _EPOCH) // timedelta(microseconds=1))


def _stamp(microseconds: int) -> str:
    try:
        moment = _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        raise ValueError(_NOT_A_TIME) from None
    return moment.isoformat(timespec="microseconds")


def _int(value: object, _zone: ZoneInfo) -> int:
    if isinstance(value, bool):
        raise ValueError(_NOT_WHOLE)  # noqa: TRY004 - converters have one way to refuse
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    found = _WHOLE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(_NOT_WHOLE)
    return int(found[1])


def _ip(value: object, _zone: ZoneInfo) -> str | None:
    """The first of a list of forwarders is the client.

    What is no address leaves it unknown: a client writes that header, and some write `unknown`.
    """
    first = value.partition(",")[0] if isinstance(value, str) else ""
    return address_text(first) or None


def _status(value: object, zone: ZoneInfo) -> int | None:
    """A word that stands for no HTTP status leaves it unknown."""
    if isinstance(value, str) and not value.strip().isdigit():
        return _OUTCOMES.get(value.strip())
    return _int(value, zone)


def _str(value: object, _zone: ZoneInfo) -> str:
    if isinstance(value, list | dict):
        message = "is not text"
        raise ValueError(message)  # noqa: TRY004 - converters have one way to refuse
    return str(value).lower() if isinstance(value, bool) else str(value)


CONVERTERS: dict[str, Converter] = {
    "s": _since_epoch("s"),
    "ms": _since_epoch("ms"),
    "ns": _since_epoch("ns"),
    "iso": _iso,
    "int": _int,
    "ip": _ip,
    "status": _status,
    "str": _str,
}
