"""Arithmetic on the engine's integers that does not depend on the machine or the order.

Everything is exact until one final, correctly rounded operation; entropy, which needs logarithms,
is summed by `math.fsum`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.signals.facts import Column, Floats, Integers

Numbers = NDArray[Any]
"""Integers, one a subject: int64, or Python's own where 64 bits do not hold them."""

_EXACT = 2**53
"""Up to here every integer is a float, so one division rounds once."""


def floats(numbers: Numbers) -> Floats:
    """Return integers as the nearest floats, ties to even, as Python's float() does."""
    return np.asarray(numbers, dtype=np.float64)


def ratio(numerator: Numbers, denominator: Numbers) -> Floats:
    """Return the correctly rounded quotients; the numerator where the denominator is 0."""
    safe = np.where(denominator == 0, 1, denominator)
    if _small(numerator) and _small(safe):
        return floats(numerator) / floats(safe)
    pairs = zip(numerator.tolist(), safe.tolist(), strict=True)
    return np.array([above / below for above, below in pairs], dtype=np.float64)


def _small(numbers: Numbers) -> bool:
    return numbers.size == 0 or int(abs(numbers).max()) <= _EXACT


def _stored(numbers: Numbers) -> Integers | Floats:
    """Return counts as 64-bit integers; a sum beyond them stands at the limit."""
    if numbers.dtype == np.float64:
        return numbers
    if numbers.dtype == object:
        limits = np.iinfo(np.int64)
        numbers = np.clip(numbers, limits.min, limits.max)
    return np.asarray(numbers, dtype=np.int64)


def interval(
    low: Numbers, high: Numbers, *, void: NDArray[np.bool_] | None = None, **counts: Numbers
) -> Column:
    """Return a column from its ends; where `void` is set nothing is known: [-inf, inf]."""
    lows, highs = floats(low), floats(high)
    if void is not None:
        lows, highs = np.where(void, -math.inf, lows), np.where(void, math.inf, highs)
    return Column(lows, highs, {name: _stored(values) for name, values in counts.items()})


def exact_sum(one: Numbers, other: Numbers) -> Numbers:
    """Return the sums, in Python's integers where 64 bits might overflow."""
    if not (_small(one) and _small(other)):
        one, other = one.astype(object), other.astype(object)
    return np.add(one, other)


def normalised_entropy(spectrum: list[tuple[int, ...]]) -> float:
    """Return H / log2 K from rows (n, values that occur n times): 0 for one value, 1 for evenness.

    Shannon (1948): H = log2 N - sum of m n log2 n / N, N events and K values in all.
    """
    values = sum(many for _, many in spectrum)
    if values <= 1:
        return 0.0
    if len(spectrum) == 1:
        return 1.0
    events = sum(n * many for n, many in spectrum)
    inner = math.fsum(many * n * math.log2(n) for n, many in spectrum)
    entropy = math.log2(events) - inner / events
    return min(1.0, max(0.0, entropy / math.log2(values)))


def variation(count: int, total: int, squares: int) -> float:
    """Return the sample standard deviation over the mean, from a count and two sums."""
    spread = count * (count * squares - total * total)
    return math.sqrt(spread / (count - 1)) / total
