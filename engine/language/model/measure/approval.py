"""Facts about the account, not about its events."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Whether the subject holds an approval: 1 when all its accounts do, else 0."""

    approval: str
