"""The canonical form of model nodes: what digests and identities are computed from.

Spans and source text do not count, so moving a policy to another file or line changes no digest.
Neither does what stands at its default, so that a new optional key changes no digest by itself.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any

from engine.language.fields import FieldRef
from engine.language.plain_json import spelled

_NOT_MEANING = frozenset({"span", "expect_span", "text", "digest"})


def meaning(node: object) -> tuple[str, ...]:
    """Return the fields of a model node that count, in the order of its class."""
    kind: type = type(node)
    return tuple(name for name, _ in _meaning(kind))


def canonical(node: object) -> object:
    """Return a model node as plain JSON data: class name and fields, sets sorted.

    TypeError for what is no part of a model.
    """
    kind: type = type(node)
    form = _form(kind)
    return node if form is None else form(node)


@cache
def _form(kind: type) -> Callable[[Any], object] | None:
    """Return what makes plain data of a type; None for what is plain."""
    if issubclass(kind, Enum):
        return _value
    if issubclass(kind, FieldRef):
        return _field
    if issubclass(kind, bool | str | float | NoneType):
        return None
    for kinds, form in _FORMS.items():
        if issubclass(kind, kinds):
            return form
    if is_dataclass(kind):
        return _of_class(kind)
    message = f"no canonical form for {kind.__name__}"
    raise TypeError(message)


def _value(word: Enum) -> object:
    return word.value


def _field(ref: FieldRef) -> str:
    field = ref.declared
    return (
        str(ref) if field is None else f"{field.label} ({field.type.value}, {field.absent.value})"
    )


def _integer(number: int) -> int | str:
    """Return a number; RFC 8785 has no integers beyond 2^53 - 1."""
    return number if abs(number) < 2**53 else str(number)


def _list(items: Sequence[object]) -> list[object]:
    return [canonical(item) for item in items]


def _set(items: AbstractSet[object]) -> list[object]:
    return sorted((canonical(item) for item in items), key=repr)


def _mapping(items: Mapping[object, object]) -> dict[str, object]:
    return {str(canonical(key)): canonical(value) for key, value in items.items()}


_FORMS: dict[type | tuple[type, ...], Callable[[Any], object]] = {
    int: _integer,
    (tuple, list): _list,
    (frozenset, set): _set,
    Mapping: _mapping,
}


def _of_class(kind: type) -> Callable[[object], object]:
    usual = _meaning(kind)

    def form(node: object) -> object:
        body = {}
        for name, default in usual:
            value = canonical(getattr(node, name))
            if value != default:
                body[name] = value
        return {kind.__name__: body}

    return form


@cache
def _meaning(kind: type) -> tuple[tuple[str, object], ...]:
    """Return the fields of a dataclass that count, each with the canonical form of its default."""
    return tuple(
        (item.name, _default(item)) for item in fields(kind) if item.name not in _NOT_MEANING
    )


def _default(item: dataclasses.Field[object]) -> object:
    if item.default is not MISSING:
        return canonical(item.default)
    return _NONE if item.default_factory is MISSING else canonical(item.default_factory())


_NONE = object()
"""Stands for the default of a field that has none: no value equals it."""


def canonical_bytes(node: object) -> bytes:
    """Return the RFC 8785 bytes of a node's canonical form."""
    return spelled(canonical(node))


def digest(node: object) -> str:
    """Return the SHA-256 (hex) of a node's canonical form."""
    return hashlib.sha256(canonical_bytes(node)).hexdigest()
