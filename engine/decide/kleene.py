"""A comparison of an interval with a threshold, for one subject or for whole columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from engine.language.model.condition import Struck
from engine.language.words import ActionKind, Operator
from engine.signals.facts import Floats

Rows = NDArray[np.bool_]
Strikes = tuple[tuple[int, ActionKind], ...]
"""Past actions on a subject's accounts: the time in microseconds UTC, and what was done."""


@overload
def compared(
    low: float, high: float, operator: Operator, threshold: float
) -> tuple[bool, bool]: ...
@overload
def compared(
    low: Floats, high: Floats, operator: Operator, threshold: float
) -> tuple[Rows, Rows]: ...
def compared(low: Any, high: Any, operator: Operator, threshold: float) -> Any:
    """Return whether it certainly holds and whether it certainly fails; neither is undecided."""
    match operator:
        case Operator.GTE:
            return low >= threshold, high < threshold
        case Operator.GT:
            return low > threshold, high <= threshold
        case Operator.LTE:
            return high <= threshold, low > threshold
        case Operator.LT:
            return high < threshold, low >= threshold
    inside = (low >= threshold) & (high <= threshold)
    outside = (low > threshold) | (high < threshold)
    return (inside, outside) if operator is Operator.EQ else (outside, inside)


def strike_count(strikes: Iterable[tuple[int, ActionKind]], leaf: Struck, as_of_us: int) -> int:
    """Return how many past actions a leaf counts: from `as_of_us - within_us` to `as_of_us`."""
    since_us = as_of_us - leaf.within_us
    return sum(
        since_us <= at_us <= as_of_us and (not leaf.actions or action in leaf.actions)
        for at_us, action in strikes
    )
