"""Numbers as an explanation prints them: short, and never such that they would contradict it.

A value is rounded only as far as it still stands to its threshold as it did: 0.29996 against 0.3 is
printed in full, or a reader would see a condition fail that looks fulfilled.
"""

from __future__ import annotations

import math

from engine.language.numerals import exact
from engine.signals.facts import Fact

_FEWEST, _MOST = 4, 17
_THOUSAND = 1000
_WHOLE = 2.0**53
"""Beyond it not every whole number is a float, and the digits would claim too much."""


def shown(value: float, beside: float | None = None) -> str:
    """Return a number: whole ones in full, others rounded, in the same order with `beside`."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value == int(value) and abs(value) <= _WHOLE:
        return f"{int(value):,}"
    for digits in range(_FEWEST, _MOST):
        large = _THOUSAND <= abs(value) <= _WHOLE
        text = f"{value:,.{digits - _FEWEST + 1}f}" if large else f"{value:.{digits}g}"
        if _alike(float(text.replace(",", "")), value, beside):
            return text
    return exact(value)


def _alike(rounded: float, value: float, beside: float | None) -> bool:
    if beside is None:
        return True
    return (rounded > beside) == (value > beside) and (rounded < beside) == (value < beside)


def observed(fact: Fact, beside: float) -> str:
    """Return what is known of a value: `412`, `at least 3`, `between 3 and 9`, `unknown`."""
    low, high = shown(fact.low, beside), shown(fact.high, beside)
    if fact.void:
        return "unknown"
    if fact.known:
        return low
    if math.isinf(fact.high):
        return f"at least {low}"
    if math.isinf(fact.low):
        return f"at most {high}"
    if low == high:
        low, high = exact(fact.low), exact(fact.high)
    return f"between {low} and {high}"


def factor_shown(factor: float) -> str:
    """Return a factor such as `x1.84`; one that is not 1 never looks like it."""
    text = f"{factor:.3g}"
    if float(text) == 1.0 and factor != 1.0:
        text = shown(factor, 1.0)
    return f"x{text}"
