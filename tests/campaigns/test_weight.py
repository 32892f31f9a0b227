"""Weights are exact integers that fall with the number of carriers."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.campaigns.weight import MILLION, weights


@given(st.lists(st.integers(1, 1_000_000), max_size=30))
def test_weights_are_the_inverse_logarithm(degrees: list[int]) -> None:
    found = weights(np.array(degrees, dtype=np.int64)).tolist()
    assert found == [round(MILLION / math.log2(1 + degree)) for degree in degrees]


def test_three_carriers_weigh_exactly_half() -> None:
    assert weights(np.array([3])).tolist() == [500_000]
