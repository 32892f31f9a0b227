"""Medians and distances from them, for values of which only intervals are known.

Sorting makes everything here independent of the order in which values come; a median of an even
number is the mean of the two in the middle. Nothing is summed, so floats stay exact enough to be
the same on every machine.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.signals.facts import Floats, Integers

CONSISTENT = 1.4826
"""The MAD of a normal distribution times this is its standard deviation (Hampel 1974)."""

Ends = tuple[Floats, Floats]
"""The smallest and the largest values that something could have."""


def group_medians(values: Floats, group: Integers, size: int) -> Floats:
    """Return the median of the values of each of `size` groups; 0 for a group without any."""
    order = np.lexsort([values, group])
    ordered, count = values[order], np.bincount(group, minlength=size)
    start = np.cumsum(count) - count
    found = np.zeros(size)
    some = count > 0
    first, last = start[some] + (count[some] - 1) // 2, start[some] + count[some] // 2
    found[some] = _middle(ordered[first], ordered[last])
    return found


def medians_without_each(values: Floats) -> Floats:
    """Return for each of two values or more the median of the others."""
    ordered = np.sort(values)
    place = np.searchsorted(ordered, values)
    left = len(values) - 1
    low, high = (
        ordered[np.where(place <= middle, middle + 1, middle)]
        for middle in ((left - 1) // 2, left // 2)
    )
    return _middle(low, high)


def distances(low: Floats, high: Floats, median: Ends | tuple[float, float]) -> Ends:
    """Return how far each interval's value can be from a median that is itself an interval."""
    least = np.maximum(np.maximum(low - median[1], median[0] - high), 0.0)
    return least, np.maximum(high - median[0], median[1] - low)


def deviations_without_each(low: Floats, high: Floats) -> tuple[Ends, Ends]:
    """Return for each interval the median of the others, and the median distance from it.

    The medians are the extreme ones; of the distances the bounds enclose every completion.
    """
    medians = medians_without_each(low), medians_without_each(high)
    deviations = np.zeros(len(low)), np.zeros(len(low))
    # Leaving out one value moves a median to a neighbour at most: there are few different ones.
    for pair in sorted(set(zip(*(ends.tolist() for ends in medians), strict=True))):
        here = (medians[0] == pair[0]) & (medians[1] == pair[1])
        for found, spread in zip(deviations, distances(low, high, pair), strict=True):
            found[here] = medians_without_each(spread)[here]
    return medians, deviations


def quotients(above: Ends, below: Ends) -> Ends:
    """Return the bounds of quotients; denominators are 0 or more.

    Where a denominator can be 0 the quotient has no bound on that side, and 0 / 0 is 0.
    """
    low = _divided(above[0], np.where(above[0] < 0, below[0], below[1]))
    return low, _divided(above[1], np.where(above[1] < 0, below[1], below[0]))


def _divided(above: Floats, below: Floats) -> Floats:
    nothing: NDArray[np.bool_] = below == 0
    value = above / np.where(nothing, 1.0, below)
    # Adding 0 makes no number negative zero.
    return np.where(nothing & (above != 0), np.copysign(math.inf, above), value) + 0.0


def _middle(low: Floats, high: Floats) -> Floats:
    return np.where(low == high, low, (low + high) / 2)


def padded_medians(values: Floats, group: Integers, number: Integers, filling: Floats) -> Floats:
    """Return the median of `number` values a group: those given, and the filling in place of more.

    0 for a group of no value.
    """
    order = np.lexsort([values, group])
    ordered = np.append(values[order], 0.0)
    given = np.bincount(group, minlength=len(number))
    start, filled = np.cumsum(given) - given, number - given
    smaller = np.bincount(group, weights=values < filling[group], minlength=len(number))
    found = []
    for middle in ((number - 1) // 2, number // 2):
        beyond = middle >= smaller + filled
        place = np.clip(start + np.where(beyond, middle - filled, middle), 0, len(values))
        inside = (middle >= smaller) & ~beyond
        found.append(np.where(inside, filling, ordered[place]))
    return np.where(number > 0, _middle(*found), 0.0)
