"""The interval of a precision is the exact one of Clopper and Pearson."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from engine.authoring.precision import CONFIDENCE, Precision


@given(st.integers(0, 400), st.integers(0, 400))
def test_it_is_that_of_the_binomial_test(approved: int, rejected: int) -> None:
    past = Precision(approved, rejected)
    if not past.decided:
        assert past.share is None
        assert past.interval == (0.0, 1.0)
        return
    exact = binomtest(approved, past.decided).proportion_ci(CONFIDENCE, method="exact")
    assert past.interval == pytest.approx((exact.low, exact.high), abs=1e-9)
    assert past.share is not None
    assert past.interval[0] <= past.share <= past.interval[1]


def test_known_values() -> None:
    assert Precision(10, 0).interval == pytest.approx((0.6915, 1.0), abs=1e-4)  # 0.025 ** (1 / 10)
    assert Precision(5, 1).interval == pytest.approx((0.3588, 0.9958), abs=1e-4)
