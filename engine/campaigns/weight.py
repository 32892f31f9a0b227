"""How much a shared value says: the more accounts share it, the less.

1/log2(1 + degree): two accounts on one card 0.63, ten 0.29, a hundred 0.15 (DOMAIN I27-I29: shared
payment, device and network weighed by inverse log degree). Whole millionths, so that sums are exact
in any order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MILLION = 1_000_000


def millionths(share: float) -> int:
    """Return a number in whole millionths."""
    return round(share * MILLION)


def weight(degree: int, times: float = 1.0) -> int:
    """Return the weight, in millionths, of a value that so many accounts (at least 1) share."""
    return millionths(times / math.log2(1 + degree))


def weights(degrees: NDArray[np.int64], times: float = 1.0) -> NDArray[np.int64]:
    """Return the weight, in millionths, of values that so many accounts (at least 1) share.

    `times` is how much more the kind of value says than others: a card more than a network.
    """
    different, place = np.unique(degrees, return_inverse=True)
    looked_up = [weight(degree, times) for degree in different.tolist()]
    return np.array(looked_up, dtype=np.int64)[place]


def powers(
    degrees: NDArray[np.int64], connectors: NDArray[np.int64], times: Sequence[float]
) -> NDArray[np.int64]:
    """Return the weight of every value, each by the `times` of its connector, in millionths."""
    found = np.zeros(len(degrees), dtype=np.int64)
    for number, factor in enumerate(times):
        mine = connectors == number
        found[mine] = weights(degrees[mine], factor)
    return found
