"""Canonical JSON (RFC 8785), fast: most data are texts and whole numbers, which C spells as well.

The encoder of the standard library differs from the RFC in numbers with a fraction and in the order
of keys beyond ASCII; data that has either, or is no JSON, is left to `rfc8785`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from types import NoneType

import rfc8785

_LARGEST = 2**53 - 1
_PLAIN = frozenset({str, bool, NoneType})
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")
)


def spelled(value: object) -> bytes:
    """Return the RFC 8785 bytes of a value.

    Raises what `rfc8785.dumps` raises for a value that has none.
    """
    if _simple(value):
        try:
            return _ENCODER.encode(value).encode()
        except UnicodeEncodeError:  # a lone surrogate, which is refused below
            pass
    return bytes(rfc8785.dumps(value))  # type: ignore[arg-type]


def _simple(value: object) -> bool:
    kind = type(value)
    if kind in _PLAIN:
        return True
    if kind is int:
        return -_LARGEST <= value <= _LARGEST  # type: ignore[operator]
    if kind is dict:
        return _all_ascii(value) and _all_simple(value.values())  # type: ignore[arg-type,attr-defined]
    return (kind is list or kind is tuple) and _all_simple(value)  # type: ignore[arg-type]


def _all_simple(values: Iterable[object]) -> bool:
    return all(_simple(value) for value in values if type(value) not in _PLAIN)


def _all_ascii(keys: Iterable[str]) -> bool:
    try:
        return "".join(keys).isascii()
    except TypeError:  # a key that is no text
        return False
