"""Numbers for people: no digit is lost, and none is made up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch.explanation import number
from engine.batch.outcome_json import condition_text
from engine.language.model.condition import Compare
from engine.language.numerals import exact
from engine.language.words import Operator


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1_234_567, "1,234,567"),
        (1_234_567.0, "1,234,567"),
        (1_234_567.5, "1,234,567.5"),
        (0.3, "0.3"),
        (-1e6, "-1,000,000"),
        (2**63, "9,223,372,036,854,775,808"),
        (math.inf, "inf"),
    ],
)
def test_a_number_has_all_its_digits(value: float, shown: str) -> None:
    assert exact(value) == shown


@given(st.floats(allow_nan=False) | st.integers(-(2**63), 2**63))
def test_a_number_reads_back_as_itself(value: float) -> None:
    assert type(value)(exact(value).replace(",", "")) == value


def test_a_threshold_and_a_value_are_written_alike() -> None:
    at = Compare("tokens", Operator.GTE, 1_234_567.0)
    assert condition_text(at).endswith(" 1,234,567")
    assert number(1_234_567.0) == "1,234,567"
    assert number(1_234_567.8) == "1,234,567.8"
