"""RE2 patterns: checked when the pack is read, run by the engines."""

from __future__ import annotations

from functools import lru_cache

import re2

_OPTIONS = re2.Options()
_OPTIONS.log_errors = False  # otherwise RE2 writes to stderr by itself


@lru_cache(maxsize=4096)
def fault_of(pattern: str) -> str | None:
    """Return what is wrong with a pattern, None when RE2 takes it."""
    try:
        re2.compile(pattern, options=_OPTIONS)
    except re2.error as fault:
        reason = fault.args[0] if fault.args else "unknown fault"
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return None
