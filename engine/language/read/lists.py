"""Lists: named values or phrases."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics
from engine.language.model.pack import NamedList
from engine.language.read.field_test import ReadList
from engine.language.read.mapping import InvalidError, Keys, wrong_type
from engine.language.read.scalars import day, items, list_of, name, text
from engine.language.yaml_nodes import Document, Node, ScalarNode

Value = str | int | float | bool


def read_list(document: Document, problems: Diagnostics) -> ReadList:
    """Read a list document; InvalidError, reported, when none can be made of it."""
    keys = Keys(document.root, "a list", problems)
    title, owner = keys.required("list", name), keys.required("owner", text)
    source, reviewed = keys.required("source", text), keys.required("reviewed", day)
    values = keys.required("values", _values)
    keys.finish()
    entry = keys.entry("values")
    model = NamedList(
        name=title.value,
        owner=owner.value,
        source=source.value,
        reviewed=reviewed.value,
        values=values.value,
        span=document.root.span,
    )
    return ReadList(model, items(entry.value) if entry else ())


def _values(node: Node, problems: Diagnostics) -> tuple[Value, ...]:
    """Read the values, each of them once."""
    values = list_of(_value)(node, problems)
    seen: set[tuple[type, Value]] = set()
    for value, item in zip(values, items(node), strict=True):
        if (type(value), value) in seen:
            message, hint = "the value is listed twice", "remove one of the two"
            problems.error(codes.REPEATED, item.span, message, hint=hint)
        seen.add((type(value), value))
    return values


def _value(node: Node, problems: Diagnostics) -> Value:
    if not isinstance(node, ScalarNode) or node.value is None:
        hint = "put it in quotes if the word is meant" if isinstance(node, ScalarNode) else None
        raise wrong_type(node, "a value", problems, hint or "a text or a number")
    if node.value == "":
        hint = "remove it: it would be in every text"
        problems.error(codes.EMPTY, node.span, "the value is empty", hint=hint)
        raise InvalidError
    return node.value
