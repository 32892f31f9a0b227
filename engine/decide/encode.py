"""The strict writer: the only way in which anything is put into words for durable-rules.

Definitions and facts go through the same function, because the engine compares strings as raw JSON
text; and what its parser reads wrongly (a float without a point is read as an integer, `1e-9` ends
the process) cannot be written at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from json.encoder import encode_basestring

from engine.errors import ExciseError

MAX_STRING_BYTES = 4096
MAX_FIELDS = 200
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class EncodingError(ExciseError):
    """A value that the rules engine would misread."""


def encode(value: object) -> str:
    """Return a value as JSON that durable-rules reads as it was meant.

    Objects, arrays, booleans, 64-bit integers, finite floats, and strings of at most 4,096 bytes;
    raises `EncodingError` for everything else.
    """
    match value:
        case str():
            return _string(value)
        case bool():
            return "true" if value else "false"
        case float():
            return encode_number(value)
        case int() if _SMALLEST <= value <= _LARGEST:
            return str(value)
        case dict():
            return "{" + ",".join(f"{_key(k)}:{encode(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ",".join(map(encode, value)) + "]"
    raise _refused(value)


def encode_fact(fact: Mapping[str, str | float]) -> str:
    """Return a flat fact as JSON; raises `EncodingError` if it is nested or too wide."""
    if len(fact) > MAX_FIELDS:
        message = f"a fact has {len(fact)} fields, the rules engine takes {MAX_FIELDS}"
        raise EncodingError(message)
    return "{" + ",".join(f"{_key(name)}:{_scalar(value)}" for name, value in fact.items()) + "}"


def _scalar(value: object) -> str:
    if isinstance(value, (dict, list)):
        raise _refused(value)
    return encode(value)


@lru_cache(maxsize=4096)  # both ends of a known number, which several rulesets read
def encode_number(value: float) -> str:
    """Return a float as JSON; raises `EncodingError` if it is not finite."""
    if not math.isfinite(value):
        raise _refused(value)
    text = repr(value + 0.0)  # adding zero turns -0.0 into 0.0
    return text.replace("e", ".0e", 1) if "e" in text and "." not in text else text


def _key(value: object) -> str:
    if isinstance(value, str):
        return _string(value)
    raise _refused(value)


@lru_cache(maxsize=4096)  # a handful of names come up for every subject
def _string(value: str) -> str:
    try:
        size = len(value.encode())
    except UnicodeEncodeError as error:
        raise _refused(value) from error
    if size > MAX_STRING_BYTES:
        message = f"a text of {size} bytes is too long for the rules engine"
        raise EncodingError(message)
    return encode_basestring(value)


def _refused(value: object) -> EncodingError:
    shown = ascii(value)[:80]
    return EncodingError(f"the rules engine cannot be given {type(value).__name__} {shown}")
