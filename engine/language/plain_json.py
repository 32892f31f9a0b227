"""Canonical JSON (RFC 8785), fast: most data are texts and whole numbers, which C spells as well.

The encoder of the standard library differs from the RFC in numbers with a fraction and in the order
of keys beyond ASCII; data that has either, or is no JSON, is left to `rfc8785`.
"""

from __future__ import annotations

import json

import rfc8785

_LARGEST = 2**53 - 1
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
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -_LARGEST <= value <= _LARGEST  # type: ignore[operator]
    if kind is list or kind is tuple:
        return all(map(_simple, value))  # type: ignore[call-overload]
    if kind is dict:
        keys = all(type(key) is str and key.isascii() for key in value)  # type: ignore[attr-defined]
        return keys and all(map(_simple, value.values()))  # type: ignore[attr-defined]
    return False
