"""How far an observed interval is from a threshold, and how near a condition is to holding."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.decide.kleene import compared
from engine.language.words import Operator

_UPWARD = (Operator.GT, Operator.GTE)
_DOWNWARD = (Operator.LT, Operator.LTE)
_JUST_BELOW = math.nextafter(1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Room:
    """The distance of one end of an interval from a threshold."""

    value: float
    """The end that was looked at."""
    amount: float
    """To spare when not negative, lacking when negative; infinite where the end is."""
    factor: float | None
    """The value over the threshold; None where that says nothing."""


def room(low: float, high: float, operator: Operator, threshold: float) -> Room:
    """Return the distance of the end that decides.

    That is the least favourable one of a comparison that holds, the most favourable one of a
    comparison that fails or is undecided.
    """
    holds, _ = compared(low, high, operator, threshold)
    return (worst if holds else best)(low, high, operator, threshold)


def worst(low: float, high: float, operator: Operator, threshold: float) -> Room:
    """Return the distance of the end that is least favourable to the comparison."""
    if operator in _UPWARD:
        return _upward(low, threshold)
    if operator in _DOWNWARD:
        return _downward(high, threshold)
    inner, outer = _nearest(low, high, threshold), _farthest(low, high, threshold)
    return _between(inner, outer, operator, threshold, favourable=False)


def best(low: float, high: float, operator: Operator, threshold: float) -> Room:
    """Return the distance of the end that is most favourable to the comparison."""
    if operator in _UPWARD:
        return _upward(high, threshold)
    if operator in _DOWNWARD:
        return _downward(low, threshold)
    inner, outer = _nearest(low, high, threshold), _farthest(low, high, threshold)
    return _between(inner, outer, operator, threshold, favourable=True)


def nearness(low: float, high: float, operator: Operator, threshold: float) -> float:
    """Return 1 where the comparison holds or may hold, else a number below 1.

    It is the lesser of value and threshold over the greater: 0.5 is half of what is wanted, or
    twice what is allowed.
    """
    _, fails = compared(low, high, operator, threshold)
    if not fails:
        return 1.0
    value = room(low, high, operator, threshold).value
    less, more = sorted((abs(value), abs(threshold)))
    if more == 0 or math.isinf(more) or (value < 0) != (threshold < 0):
        return 0.0
    return min(less / more, _JUST_BELOW)


def _upward(value: float, threshold: float) -> Room:
    return Room(value, value - threshold, _factor(value, threshold))


def _downward(value: float, threshold: float) -> Room:
    return Room(value, threshold - value, _factor(value, threshold))


def _between(
    inner: float, outer: float, operator: Operator, threshold: float, *, favourable: bool
) -> Room:
    equal = operator is Operator.EQ
    value = inner if equal is favourable else outer
    apart = abs(value - threshold)
    return Room(value, -apart if equal else apart, _factor(value, threshold))


def _nearest(low: float, high: float, threshold: float) -> float:
    return min(max(threshold, low), high)


def _farthest(low: float, high: float, threshold: float) -> float:
    return low if threshold - low > high - threshold else high


def _factor(value: float, threshold: float) -> float | None:
    if threshold == 0 or not math.isfinite(value) or (value < 0) != (threshold < 0):
        return None
    factor = value / threshold
    return factor if math.isfinite(factor) else None
