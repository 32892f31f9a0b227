"""Numbers as people read them: thousands apart, and every digit there."""

from __future__ import annotations

_WHOLE = 2.0**53
"""Beyond it not every whole number is a float, and the digits would claim too much."""


def exact(value: float) -> str:
    """Return a number with all its digits: `1,234,567`, `0.3`, `inf`."""
    if abs(value) <= _WHOLE and value == int(value):
        return f"{int(value):,}"
    return f"{value:,}"
