"""The canonical form of model nodes: what digests and identities are computed from.

Spans and source text do not count, so moving a policy to another file or line changes no digest.
Neither does what stands at its default, so that a new optional key changes no digest by itself.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache

import rfc8785

from engine.language.fields import Field, FieldRef

_NOT_MEANING = frozenset({"span", "text", "digest"})


def meaning(node: object) -> tuple[str, ...]:
    """Return the fields of a model node that count, in the order of its class."""
    kind: type = type(node)
    return tuple(name for name, _ in _meaning(kind))


def canonical(node: object) -> object:
    """Return a model node as plain JSON data: class name and fields, sets sorted."""
    match node:
        case Enum():
            return node.value
        case FieldRef(declared=None):
            return str(node)
        case FieldRef(declared=Field() as field):
            return f"{field.label} ({field.type.value}, {field.absent.value})"
        case None | bool() | str() | float():
            return node
        case int():
            # RFC 8785 has no integers beyond 2^53 - 1.
            return node if abs(node) < 2**53 else str(node)
        case tuple() | list():
            return [canonical(item) for item in node]
        case frozenset() | set():
            return sorted((canonical(item) for item in node), key=repr)
        case Mapping():
            return {str(canonical(key)): canonical(value) for key, value in node.items()}
    if is_dataclass(node) and not isinstance(node, type):
        body = {name: canonical(getattr(node, name)) for name, _ in _meaning(type(node))}
        usual = dict(_meaning(type(node)))
        return {type(node).__name__: {k: v for k, v in body.items() if v != usual[k]}}
    message = f"no canonical form for {type(node).__name__}"
    raise TypeError(message)


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
    return bytes(rfc8785.dumps(canonical(node)))  # type: ignore[arg-type]


def digest(node: object) -> str:
    """Return the SHA-256 (hex) of a node's canonical form."""
    return hashlib.sha256(canonical_bytes(node)).hexdigest()
