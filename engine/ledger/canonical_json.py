"""Canonical JSON (RFC 8785): the one spelling of a value, so that hashing it means something.

Text is kept exactly as it is: no Unicode normalisation, since evidence must stay what it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import rfc8785

from engine.errors import ExciseError
from engine.language.plain_json import spelled

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
"""Plain JSON data."""


class CanonicalError(ExciseError):
    """A value that has no canonical JSON form; the caller must spell it otherwise."""


def dumps(value: Json) -> bytes:
    """Return the RFC 8785 bytes of a value.

    Raises CanonicalError for integers beyond 2^53 - 1 (spell them as text), NaN and infinities,
    keys that are not text, text with lone surrogates, and types that JSON does not have.
    """
    try:
        return spelled(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        message = f"no canonical JSON: {_reason(error)}"
        raise CanonicalError(message) from error


def loads(body: bytes) -> Json:
    """Return the value that canonical bytes stand for.

    Raises CanonicalError when the bytes are not JSON, or are JSON in another spelling.
    """
    try:
        value: Json = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        message = f"not JSON: {_reason(error)}"
        raise CanonicalError(message) from error
    if dumps(value) != body:
        message = "not in canonical form"
        raise CanonicalError(message)
    return value


def _reason(error: Exception) -> str:
    """Say what is wrong without quoting the text, which may be evidence."""
    match error:
        case rfc8785.IntegerDomainError():
            return "an integer beyond 2^53 - 1; spell it as text"
        case rfc8785.FloatDomainError():
            return "a number that is not finite"
        case UnicodeError() | rfc8785.CanonicalizationError(__cause__=UnicodeError()):
            return "text that is not valid Unicode"
        case json.JSONDecodeError():
            return f"{error.msg.lower()} at character {error.pos}"
        case RecursionError():
            return "nested too deeply"
        case _:
            return "a type that JSON does not have, or a key that is not text"
