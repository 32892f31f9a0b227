"""Sources: how a foreign log record becomes an exchange or an account."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import jmespath
from jmespath.exceptions import JMESPathError

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, FieldRef
from engine.language.model.pack import Source
from engine.language.read.mapping import InvalidError, Keys, as_mapping, suggestion
from engine.language.read.scalars import name, one_of, text
from engine.language.yaml_nodes import Document, MappingNode, Node

_PREAMBLE = "Invalid jmespath expression: "
_TARGETS = {"exchanges": EXCHANGE_FIELDS, "accounts": ACCOUNT_FIELDS}
_CONVERTED = re.compile(r"(.*\S)\s*~\s*([a-z_]+)\s*", re.DOTALL)
CONVERTERS = ("s", "ms", "ns", "iso", "int", "ip", "status", "str")
"""What may stand after `~`; `engine.activity` holds what each one does."""


def split_converter(expression: str) -> tuple[str, str | None]:
    """Return a mapping's JMESPath expression and its converter, the word after the last `~`."""
    found = _CONVERTED.fullmatch(expression)
    return (found[1], found[2]) if found else (expression, None)


def read_source(
    document: Document, declared: Mapping[str, FieldRef], problems: Diagnostics
) -> Source:
    """Read a source document; InvalidError, reported, when none can be made of it."""
    keys = Keys(document.root, "a source", problems)
    source, title = keys.required("source", name), keys.required("title", text)
    kind = keys.required("kind", one_of(_TARGETS, "kind of record"))
    fields = keys.required("fields", as_mapping)
    where = keys.optional("where", _expression, None)
    zone = keys.optional("zone", _zone, "UTC")
    keys.finish()
    return Source(
        name=source.value,
        title=title.value,
        kind=kind.value,
        fields=_fields(kind.value, declared, fields.value, problems),
        where=where.value,
        zone=zone.value,
        span=document.root.span,
    )


def _fields(
    kind: str, declared: Mapping[str, FieldRef], node: MappingNode, problems: Diagnostics
) -> tuple[tuple[str, str], ...]:
    keys = Keys(node, f"a record of {kind}", problems)
    readings = {
        field.name: keys.required(field.name, _mapped)
        if field.required
        else keys.optional(field.name, _mapped, "")
        for field in _TARGETS[kind].values()
    }
    if kind == "exchanges":
        readings |= {key: keys.optional(key, _mapped, "") for key in declared}
    keys.finish()
    return tuple((name_, reading.value) for name_, reading in readings.items() if keys.has(name_))


def _mapped(node: Node, problems: Diagnostics) -> str:
    value = text(node, problems)
    expression, converter = split_converter(value)
    if converter is not None and converter not in CONVERTERS:
        message = f"unknown converter {quote(converter)}"
        hint = suggestion(converter, CONVERTERS)
        problems.error(codes.BAD_JMESPATH, node.span, message, hint=hint)
        raise InvalidError
    _compile(expression, node, problems)
    return value


def _expression(node: Node, problems: Diagnostics) -> str:
    value = text(node, problems)
    _compile(value, node, problems)
    return value


def _compile(expression: str, node: Node, problems: Diagnostics) -> None:
    try:
        with warnings.catch_warnings():
            # JMESPath accepts the literals of its drafts with a warning; so does the next reader.
            warnings.simplefilter("ignore", PendingDeprecationWarning)
            jmespath.compile(expression)
    except (JMESPathError, RecursionError) as fault:
        reason = str(fault).removeprefix(_PREAMBLE).partition("\n")[0].rstrip(".:")
        message = f"not a JMESPath expression: {quote(reason)}"
        problems.error(codes.BAD_JMESPATH, node.span, message)
        raise InvalidError from None


def _zone(node: Node, problems: Diagnostics) -> str:
    value = text(node, problems)
    if value == "UTC":
        return value
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        message = f"unknown time zone {quote(value)}"
        hint = "write UTC, or an IANA name such as Asia/Singapore"
        problems.error(codes.UNKNOWN_ZONE, node.span, message, hint=hint)
        raise InvalidError from None
    return value
