"""The values that a policy's tests give to fields of accounts and exchanges.

In text, `{n}`, `{i}` and `{a}` are numbers; `each` gives every account a value of its own; a list
for a field that is no list is taken in turn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address

from engine.language import codes
from engine.language.diagnostic import Diagnostics
from engine.language.fields import Field, FieldType
from engine.language.read.mapping import Read, attempt, describe, shaped
from engine.language.read.scalars import truth_hint
from engine.language.read.times import time_us
from engine.language.yaml_nodes import Node, ScalarNode, SequenceNode

_NUMBER = re.compile(r"\{[nia]\}")
_NOT_TEXT = frozenset({"a whole number", "a number", "true or false"})
_TEXTUAL = frozenset({FieldType.IDENTIFIER, FieldType.TEXT})


def value_of(field: Field, *, each: bool) -> Read[None]:
    """Return a reader that reports what could not be a value of the field.

    `each` says whether the word `each` has its meaning there.
    """
    fits = _FITS[field.type]
    special = each and field.type in _TEXTUAL

    def check(node: Node, problems: Diagnostics) -> None:
        if not isinstance(node, ScalarNode) or not (node.value is None or fits(node)):
            _refuse(field, node, problems)

    def read(node: Node, problems: Diagnostics) -> None:
        if isinstance(node, SequenceNode):
            for item in node.items:
                attempt(check, item, problems)
        elif not (special and _is_each(node)):
            check(node, problems)

    return shaped(_shape(field))(read)


def _shape(field: Field) -> dict[str, object]:
    """Return the type of the values, any number of them; numbers may stand for text and back."""
    loose = {"number": ["number", "string"], "boolean": "boolean"}
    kind = "boolean" if field.type is FieldType.BOOLEAN else "number"
    plain = loose[kind] if _KINDS[field.type] in _NOT_TEXT else "string"
    one = {"type": ["null", *([plain] if isinstance(plain, str) else plain)]}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _is_each(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.value == "each"


def _refuse(field: Field, node: Node, problems: Diagnostics) -> None:
    found = f"`{node.text}`" if isinstance(node, ScalarNode) and node.text else describe(node)
    message = f"{found} is no value of `{field.label}`, which is {_KINDS[field.type]}"
    quotable = isinstance(node, ScalarNode) and not isinstance(node.value, str)
    hint = _HINTS[field.type]
    if quotable and _KINDS[field.type] == "text":
        hint = "put it in quotes"
    elif isinstance(node, ScalarNode) and field.type is FieldType.BOOLEAN:
        hint = truth_hint(node)
    problems.error(codes.VALUE_MISFIT, node.span, message, hint=hint)


_HINTS = {
    **dict.fromkeys(FieldType, "text; `{n}`, `{i}` and `{a}` in it are numbers, in quotes"),
    FieldType.INTEGER: "a number, or several in a list",
    FieldType.INTEGERS: "a list of numbers",
    FieldType.DECIMAL: "a number, or several in a list",
    FieldType.BOOLEAN: "true or false",
    FieldType.TIMESTAMP: "a date, 2026-06-05, or a date and time, 2026-06-05T14:30:00Z",
    FieldType.ADDRESS: "such as 192.0.2.7, or 192.0.2.{n}",
}


def _numbered(node: ScalarNode) -> str:
    return _NUMBER.sub("1", node.text)


def _is_integer(node: ScalarNode) -> bool:
    if isinstance(node.value, bool):
        return False
    return isinstance(node.value, int) or re.fullmatch(r"[0-9]{1,18}", _numbered(node)) is not None


def _is_decimal(node: ScalarNode) -> bool:
    return isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _is_address(node: ScalarNode) -> bool:
    return _names_address(_numbered(node))


@lru_cache(maxsize=4096)
def _names_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_text(node: ScalarNode) -> bool:
    return isinstance(node.value, str)


def _is_boolean(node: ScalarNode) -> bool:
    return isinstance(node.value, bool)


def _is_time(node: ScalarNode) -> bool:
    return time_us(node.text) is not None


_FITS: dict[FieldType, Callable[[ScalarNode], bool]] = {
    FieldType.ANY: lambda _: True,
    FieldType.IDENTIFIER: _is_text,
    FieldType.TEXT: _is_text,
    FieldType.INTEGER: _is_integer,
    FieldType.DECIMAL: _is_decimal,
    FieldType.BOOLEAN: _is_boolean,
    FieldType.TIMESTAMP: _is_time,
    FieldType.ADDRESS: _is_address,
    FieldType.TEXTS: _is_text,
    FieldType.IDENTIFIERS: _is_text,
    FieldType.INTEGERS: _is_integer,
}
_KINDS = {
    FieldType.ANY: "any value",
    FieldType.IDENTIFIER: "text",
    FieldType.TEXT: "text",
    FieldType.INTEGER: "a whole number",
    FieldType.DECIMAL: "a number",
    FieldType.BOOLEAN: "true or false",
    FieldType.TIMESTAMP: "a time",
    FieldType.ADDRESS: "an address",
    FieldType.TEXTS: "text",
    FieldType.IDENTIFIERS: "text",
    FieldType.INTEGERS: "a whole number",
}
