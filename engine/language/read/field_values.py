"""The right side of a test: values that fit the field."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address, ip_network

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.fields import FieldType
from engine.language.read.field_key import FieldKey
from engine.language.read.mapping import InvalidError, describe
from engine.language.read.scalars import number_hint, truth_hint
from engine.language.read.times import time_us
from engine.language.regexes import fault_of
from engine.language.words import Match, TimePart
from engine.language.yaml_nodes import Node, ScalarNode

Value = str | int | float | bool | None
_CLASS = re.compile(r"([1-5])[xX]{2}")
_THOUSANDTHS = 1000
_LARGEST = 2**53 // _THOUSANDTHS


def read_value(key: FieldKey, node: Node, problems: Diagnostics) -> Value:
    """Return a value that can be compared with the field, in the form the engines compare.

    Times become microseconds, addresses and networks their canonical text, patterns get their
    flags. InvalidError, reported, for a value that could never match.
    """
    if not isinstance(node, ScalarNode):
        raise _misfit(key, node, problems, "a value, or a list of values")
    if key.match is Match.EXISTS:
        return _boolean(key, node, problems)
    if node.value is None and key.part is None:
        _null(key, node, problems)
        return None
    if key.part is not None:
        return _part(key.part, key.match, node, problems)
    if key.match is Match.CIDR:
        return _network(node, problems)
    return _BY_TYPE[key.type](key, node, problems)


def _misfit(
    key: FieldKey, node: Node, problems: Diagnostics, hint: str | None = None
) -> InvalidError:
    message = f"`{key.field}` is {_KINDS[key.type]}, found {describe(node)}"
    problems.error(codes.VALUE_MISFIT, node.span, message, hint=hint)
    return InvalidError()


def _null(key: FieldKey, node: Node, problems: Diagnostics) -> None:
    """Accept null where it is a plain value: it asks for events that have none."""
    if key.match is Match.EQUALS and not key.every:
        return
    hint = "write `field: null`, or `field|exists: false`"
    raise _misfit(key, node, problems, hint)


def _boolean(key: FieldKey, node: ScalarNode, problems: Diagnostics) -> bool:
    if isinstance(node.value, bool):
        return node.value
    if key.match is Match.EXISTS:
        message = f"`exists` takes true or false, found {describe(node)}"
        problems.error(codes.VALUE_MISFIT, node.span, message, hint=truth_hint(node))
        raise InvalidError
    raise _misfit(key, node, problems, truth_hint(node))


def _text(key: FieldKey, node: ScalarNode, problems: Diagnostics) -> str:
    if not isinstance(node.value, str):
        raise _misfit(key, node, problems, "put it in quotes if it is meant as text")
    if key.match is Match.RE:
        return _pattern(key, node, problems)
    if not node.value and key.match is not Match.EQUALS:
        message = f"every text `{key.match.value}` an empty one"
        hint = f"write `{key.field}|exists: true` for any text"
        problems.error(codes.VALUE_MISFIT, node.span, message, hint=hint)
        raise InvalidError
    return node.value


def _pattern(key: FieldKey, node: ScalarNode, problems: Diagnostics) -> str:
    fault = fault_of(node.text)
    if fault is not None:
        message = f"not an RE2 regular expression: {quote(fault)}"
        hint = "RE2 has no look-around and no backreferences" if "(?" in node.text else None
        problems.error(codes.BAD_REGEX, node.span, message, hint=hint)
        raise InvalidError
    return f"(?{key.flags}){node.text}" if key.flags else node.text


def _integer(key: FieldKey, node: ScalarNode, problems: Diagnostics) -> int:
    if isinstance(node.value, bool) or not isinstance(node.value, int):
        raise _misfit(key, node, problems, _class_of(key, node) or number_hint(node, "403"))
    least = key.field.field.minimum
    if least is not None and node.value < least:
        message = f"`{key.field}` is never less than {least}"
        problems.error(codes.OUT_OF_RANGE, node.span, message)
        raise InvalidError
    return node.value


def _class_of(key: FieldKey, node: ScalarNode) -> str | None:
    """Return how `4xx` is written."""
    found = _CLASS.fullmatch(node.text)
    if found is None:
        return None
    first = int(found[1]) * 100
    return f"write `{key.field}|gte: {first}` and `{key.field}|lt: {first + 100}`"


def _part(part: TimePart, match: Match, node: ScalarNode, problems: Diagnostics) -> int:
    least, most = part.bounds
    if isinstance(node.value, bool) or not isinstance(node.value, int):
        message = f"`{part.value}` of a time is a whole number, found {describe(node)}"
        hint = f"a number from {least} to {most}, without quotes; UTC"
        problems.error(codes.VALUE_MISFIT, node.span, message, hint=hint)
        raise InvalidError
    beyond = (match is Match.GT and node.value == most) or (
        match is Match.LT and node.value == least
    )
    if beyond or not least <= node.value <= most:
        message = f"`{part.value}` of a time is a number from {least} to {most}, UTC"
        message = f"the comparison never holds: {message}" if beyond else message
        hint = "several: a list, or `gte` and `lte`"
        problems.error(codes.OUT_OF_RANGE, node.span, message, hint=hint)
        raise InvalidError
    return node.value


def _decimal(key: FieldKey, node: ScalarNode, problems: Diagnostics) -> float:
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _misfit(key, node, problems, number_hint(node))
    if abs(value) > _LARGEST or round(value, 3) != value:
        message = f"`{key.field}` is kept in thousandths"
        problems.error(codes.OUT_OF_RANGE, node.span, message, hint="use at most three decimals")
        raise InvalidError
    return float(value)


def _moment(key: FieldKey, node: ScalarNode, problems: Diagnostics) -> int:
    hint = "a date, 2026-06-05, or a date and time, 2026-06-05T14:30:00Z"
    if not isinstance(node.value, str):
        raise _misfit(key, node, problems, hint)
    value = time_us(node.value)
    if value is None:
        problems.error(codes.BAD_TIME, node.span, f"{quote(node.text)} is not a time", hint=hint)
        raise InvalidError
    return value


def _address(key: FieldKey, node: ScalarNode, problems: Diagnostics) -> str:
    if not isinstance(node.value, str):
        raise _misfit(key, node, problems, "such as 192.0.2.7")
    try:
        return str(ip_address(node.value))
    except ValueError:
        hint = f"write `{key.field}|cidr` for a network" if "/" in node.text else None
        message = f"{quote(node.text)} is not an IPv4 or IPv6 address"
        problems.error(codes.BAD_ADDRESS, node.span, message, hint=hint)
        raise InvalidError from None


def _network(node: ScalarNode, problems: Diagnostics) -> str:
    text = node.value if isinstance(node.value, str) else node.text
    try:
        return str(ip_network(text))
    except ValueError:
        message, hint = f"{quote(node.text)} is not a network", "write 192.0.2.0/24"
        with suppress(ValueError):
            hint = f"did you mean `{ip_network(text, strict=False)}`?"
        problems.error(codes.BAD_ADDRESS, node.span, message, hint=hint)
        raise InvalidError from None


def _any(key: FieldKey, node: ScalarNode, problems: Diagnostics) -> Value:
    """Return text, a number or a truth value as written; patterns and order need their own."""
    if key.match in _ORDERED:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise _misfit(key, node, problems, "write a number, without quotes")
        return node.value
    if isinstance(node.value, str) or key.match is not Match.EQUALS:
        return _text(key, node._replace(value=node.text), problems)
    return node.value


_ORDERED = frozenset({Match.GT, Match.GTE, Match.LT, Match.LTE})
_KINDS = {
    FieldType.ANY: "text or a number",
    FieldType.IDENTIFIER: "an identifier",
    FieldType.TEXT: "text",
    FieldType.INTEGER: "a whole number",
    FieldType.DECIMAL: "a number",
    FieldType.BOOLEAN: "true or false",
    FieldType.TIMESTAMP: "a time",
    FieldType.ADDRESS: "an address",
    FieldType.TEXTS: "a list of texts",
    FieldType.IDENTIFIERS: "a list of identifiers",
    FieldType.INTEGERS: "a list of whole numbers",
}
_BY_TYPE: dict[FieldType, Callable[[FieldKey, ScalarNode, Diagnostics], Value]] = {
    FieldType.ANY: _any,
    FieldType.IDENTIFIER: _text,
    FieldType.TEXT: _text,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOLEAN: _boolean,
    FieldType.TIMESTAMP: _moment,
    FieldType.ADDRESS: _address,
    FieldType.TEXTS: _text,
    FieldType.IDENTIFIERS: _text,
    FieldType.INTEGERS: _integer,
}
