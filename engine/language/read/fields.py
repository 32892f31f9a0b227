"""Declared fields: what records have beside the canonical fields, and of which type it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial

from engine.language import codes
from engine.language.declared import declare
from engine.language.diagnostic import Diagnostics, Related, quote
from engine.language.fields import Absent, Field, FieldRef, FieldType
from engine.language.model.pack import FieldSet
from engine.language.read.field_key import ACCOUNT_PREFIX, ALL_FIELDS, SELECTION_WORDS
from engine.language.read.mapping import (
    InvalidError,
    Keys,
    Reading,
    as_mapping,
    attempt,
    suggested,
    wrong_type,
)
from engine.language.read.scalars import name, one_of, word
from engine.language.span import Span
from engine.language.yaml_nodes import Document, Entry, MappingNode, Node, ScalarNode

TYPES: Mapping[str, FieldType] = {
    **{type_.value: type_ for type_ in FieldType if not type_.is_list},
    "texts": FieldType.TEXTS,
    "identifiers": FieldType.IDENTIFIERS,
    "integers": FieldType.INTEGERS,
}
"""The words for the types of declared fields."""

KEY = re.compile(r"[A-Za-z@_][A-Za-z0-9@_. -]{0,99}")


def read_fields(document: Document, problems: Diagnostics) -> FieldSet:
    """Read a document of fields; InvalidError, reported, when none can be made of it."""
    keys = Keys(document.root, "a document of fields", problems)
    title = keys.required("fields", name)
    keys.required("of", one_of(("exchanges",), "kind of record"))
    declared = keys.required("declare", _declared)
    keys.finish()
    return FieldSet(title.value, declared.value, document.root.span)


def _declared(node: Node, problems: Diagnostics) -> tuple[Field, ...]:
    example = "such as `CommandLine: text`"
    entries = as_mapping(node, problems, "a mapping of names to types", example).entries
    if not entries:
        problems.error(codes.EMPTY, node.span, "no field is declared", hint=example)
        raise InvalidError
    readings = [attempt(partial(_field, entry), entry.value, problems) for entry in entries]
    return tuple(reading.value for reading in readings)


def _field(entry: Entry, node: Node, problems: Diagnostics) -> Field:
    if not KEY.fullmatch(entry.key):
        message = f"{quote(entry.key)} is not the name of a field"
        hint = "letters, digits, `_`, `.`, `-`, `@` and blanks, at most 100"
        problems.error(codes.BAD_NAME, entry.key_span, message, hint=hint)
        raise InvalidError
    if entry.key in SELECTION_WORDS or entry.key.startswith(ACCOUNT_PREFIX):
        message = f"{quote(entry.key)} means something else in a selection"
        hint = "map the record's field onto another name in a source"
        problems.error(codes.RESERVED_NAME, entry.key_span, message, hint=hint)
        raise InvalidError
    if entry.key in ALL_FIELDS:
        message = f"{quote(entry.key)} is a canonical field"
        problems.error(codes.FIELD_TWICE, entry.key_span, message, hint="use it as it is")
        raise InvalidError
    if isinstance(node, ScalarNode):
        return declare(entry.key, _type(node, problems), Absent.NONE)
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a type", problems, f"one of: {', '.join(TYPES)}")
    keys = Keys(node, "a field", problems)
    type_ = keys.required("type", _type)
    absent = keys.optional("absent", word(Absent), Absent.NONE)
    keys.finish()
    return declare(entry.key, type_.value, absent.value)


def _type(node: Node, problems: Diagnostics) -> FieldType:
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        raise wrong_type(node, "a type", problems, f"one of: {', '.join(TYPES)}")
    if node.value not in TYPES:
        message = f"unknown type {quote(node.value)}"
        hint = suggested("type", node.value, TYPES)
        problems.error(codes.UNKNOWN_WORD, node.span, message, hint=hint)
        raise InvalidError
    return TYPES[node.value]


def known_fields(
    written: Iterable[tuple[Node, Reading[FieldSet]]], problems: Diagnostics
) -> Mapping[str, FieldRef]:
    """Return the declared fields by name; two declarations of one field must be the same."""
    found: dict[str, FieldRef] = {}
    places: dict[str, Span] = {}
    for node, reading in written:
        for field in () if reading.failed else reading.value.fields:
            place = _place(node, field.key)
            known = found.setdefault(field.key, FieldRef(field.name, declared=field))
            if known.field != field:
                kind = quote(known.field.type.value)
                message = f"{quote(field.key)} is declared as {kind} already"
                related = [Related(places[field.key], "first declared here")]
                problems.error(codes.FIELD_TWICE, place, message, related=related)
            places.setdefault(field.key, place)
    return found


def _place(node: Node, key: str) -> Span:
    declared = node.entry("declare") if isinstance(node, MappingNode) else None
    if declared is None or not isinstance(declared.value, MappingNode):
        return node.span
    entry = declared.value.entry(key)
    return entry.key_span if entry else node.span
