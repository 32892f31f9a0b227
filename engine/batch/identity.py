"""Derived identities: the same evidence always gets the same id, so nothing is recorded twice."""

from __future__ import annotations

import hashlib

from engine.language.plain_json import spelled


def identity(prefix: str, *parts: str | int | None) -> str:
    """Return `prefix-` and 24 hex digits of the SHA-256 over the parts."""
    body = spelled([part if not isinstance(part, int) else str(part) for part in parts])
    return f"{prefix}-{hashlib.sha256(body).hexdigest()[:24]}"
