"""Which thresholds to try: those between which whom a policy hits may change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from engine.language.model.condition import Compare
from engine.language.words import Operator

_DIGITS = 3
MOST_VALUES = 200
"""Thresholds tried for one dial; more would be no picture any more."""


def chosen(observed: Iterable[float], compare: Compare, steps: int) -> tuple[float, ...]:
    """Return at most `steps` thresholds and the current one, in ascending order.

    They are values that were observed, spread evenly by rank, so that each step passes about as
    many subjects as the next, and rounded to three digits such that whoever has the value still
    meets it.
    """
    towards = math.ceil if compare.operator in _AT_MOST else math.floor
    different = sorted({_rounded(value, towards) for value in observed})
    if len(different) > steps:
        last = len(different) - 1
        ranks = {round(step * last / max(1, steps - 1)) for step in range(steps)}
        different = [different[rank] for rank in sorted(ranks)]
    return with_current(different, compare.threshold)


_AT_MOST = frozenset({Operator.LTE, Operator.LT})


def spread(low: float, high: float, steps: int) -> tuple[float, ...]:
    """Return `steps` thresholds from one end to the other, evenly spaced and both included."""
    if steps == 1 or low == high:
        return (low,)
    return tuple(low + (high - low) * step / (steps - 1) for step in range(steps))


def with_current(values: Sequence[float], current: float) -> tuple[float, ...]:
    """Return thresholds in ascending order, the current one among them, each once."""
    return tuple(sorted({*values, current}))


def _rounded(value: float, towards: Callable[[float], int]) -> float:
    """Whole numbers below a thousand stay; of others three digits say enough."""
    if value == 0:
        return 0.0
    places = _DIGITS - 1 - math.floor(math.log10(abs(value)))
    if places <= 0:
        unit = float(10 ** abs(places))
        return float(towards(value / unit) * unit)
    if value == int(value):
        return value
    return towards(value * 10.0**places) / 10.0**places
