"""The canonical form of model nodes: what digests and identities are computed from.

Spans and source text do not count, so moving a policy to another file or line changes no digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

import rfc8785

from engine.language.fields import FieldRef

_NOT_MEANING = frozenset({"span", "text", "digest"})


def canonical(node: object) -> object:
    """Return a model node as plain JSON data: class name and fields, sets sorted."""
    match node:
        case Enum():
            return node.value
        case FieldRef():
            return str(node)
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
        body = {
            item.name: canonical(getattr(node, item.name))
            for item in fields(node)
            if item.name not in _NOT_MEANING
        }
        return {type(node).__name__: body}
    message = f"no canonical form for {type(node).__name__}"
    raise TypeError(message)


def canonical_bytes(node: object) -> bytes:
    """Return the RFC 8785 bytes of a node's canonical form."""
    return bytes(rfc8785.dumps(canonical(node)))  # type: ignore[arg-type]


def digest(node: object) -> str:
    """Return the SHA-256 (hex) of a node's canonical form."""
    return hashlib.sha256(canonical_bytes(node)).hexdigest()
