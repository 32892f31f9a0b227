"""The values of a test in the form its column holds them: thousandths, microseconds, addresses."""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from engine.errors import ExciseError
from engine.language.fields import Field, FieldType

Value = str | int | float | bool | None

THOUSANDTHS = 1000
_FOUR_IN_SIX = 0xFFFF << 32
_FOUR_BITS, _SIX_BITS = 32, 128
_MICROSECOND = 1_000_000


def scale(field: Field) -> int:
    """Return how many units of its column make one of the field: decimals are thousandths."""
    return THOUSANDTHS if field.type is FieldType.DECIMAL else 1


def signed(field: Field) -> bool:
    """Return whether the field may be negative."""
    return field.minimum is None or field.minimum < 0


def number(field: Field, value: Value) -> Fraction:
    """Return a value in the units of the field's column, exactly as it was written.

    Raises ExciseError for a value that is no number, or no time for a timestamp.
    """
    try:
        if field.type is FieldType.TIMESTAMP and isinstance(value, str):
            return Fraction(_moment(value))
        return Fraction(str(value)) * scale(field)
    except (ValueError, ZeroDivisionError) as error:
        message = f"`{field.name}` is of type {field.type.value}, which `{value}` is not"
        raise ExciseError(message) from error


def _moment(value: str) -> int:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * _MICROSECOND + since.microseconds


def truth_value(field: Field, value: Value) -> bool:
    """Return a value of a boolean field; raises ExciseError for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    message = f"`{field.name}` is compared with `{value}`, which is neither true nor false"
    raise ExciseError(message)


@dataclass(frozen=True, slots=True)
class Block:
    """A range of addresses by number, both ends in it; IPv4 counts as ::ffff:a.b.c.d."""

    low: int
    high: int


def block(field: Field, value: Value) -> Block:
    """Return the addresses of a CIDR or of one address; raises ExciseError for neither."""
    try:
        network = ipaddress.ip_network(str(value), strict=False)
    except ValueError as error:
        message = f"`{field.name}` is compared with `{value}`, which is not an address or network"
        raise ExciseError(message) from error
    low, high = int(network.network_address), int(network.broadcast_address)
    if network.version == 4:  # noqa: PLR2004 - a version of the protocol
        return Block(_FOUR_IN_SIX + low, _FOUR_IN_SIX + high)
    return Block(low, high)


def written(value: Value) -> str:
    """Return a value of a text or identifier field: YAML reads `123` and `true` as other types."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def floor(value: Fraction) -> int:
    """Return the largest integer that is not above."""
    return math.floor(value)


def ceiling(value: Fraction) -> int:
    """Return the smallest integer that is not below."""
    return math.ceil(value)
