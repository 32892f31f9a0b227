"""Numbers in words, and what is not known said as such."""

from __future__ import annotations

import math

import pytest

from engine.batch.explanation import interval
from engine.signals.facts import Fact


@pytest.mark.parametrize(
    ("low", "high", "percent", "words"),
    [
        (1240, 1240, False, "1,240"),
        (0.315, 0.315, True, "31.5 %"),
        (0.9412345, 0.9412345, False, "0.941"),
        (3, math.inf, False, "at least 3"),
        (3, 9, False, "between 3 and 9"),
        (0.25, 0.5, True, "between 25 % and 50 %"),
        (-math.inf, 7, False, "at most 7"),
        (-math.inf, math.inf, False, "an unknown number of"),
    ],
)
def test_intervals_in_words(low: float, high: float, percent: bool, words: str) -> None:
    assert interval(Fact("k", low, high, {}), percent=percent) == words
