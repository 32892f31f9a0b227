"""Numbers, times and actions in words."""

from __future__ import annotations

import math

import pytest

from engine.review.wording import action_phrase, ago, counted, duration, interval, number, utc


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4800, "4,800"), (0.9374, "0.9374"), (0.3, "0.3"), (1 / 3, "0.3333"), (-2, "-2"),
        (12345.67, "12,345.7"), (1e18, "1.000e+18"), (math.inf, "inf"), (-math.inf, "-inf"),
        (0.0, "0"), (1e-9, "1e-09"),
    ],
)  # fmt: skip
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_intervals() -> None:
    assert interval(2, 2) == "2"
    assert interval(18, 40) == "18 .. 40"
    assert interval(-math.inf, math.inf) == "unknown"
    assert interval(5, math.inf) == "5 .. inf"


@pytest.mark.parametrize(
    ("us", "text"),
    [
        (0, "1970-01-01 00:00Z"),
        (1_780_617_600_000_000, "2026-06-05 00:00Z"),
        (-1, "1969-12-31 23:59Z"),
        (2**62, f"{2**62} µs"),
    ],
)
def test_times(us: int, text: str) -> None:
    assert utc(us) == text


def test_lengths_of_time() -> None:
    assert duration(30 * 86_400_000_000) == "30 d"
    assert duration(36 * 3_600_000_000) == "36 h"
    assert duration(90_000_000) == "90 s"
    assert duration(5) == "5 µs"
    assert ago(12_999_999) == "12 s"
    assert ago(-5) == "0 s"


def test_actions() -> None:
    assert action_phrase("suspend", {"for_us": 86_400_000_000}) == "suspend 1 d"
    assert action_phrase("restrict", {"feature": "logprobs", "for_us": None}) == "restrict logprobs"
    assert action_phrase("warn", {"by": "mail"}) == "warn by mail"
    assert counted(1, "account") == "1 account"
    assert counted(2000, "account") == "2,000 accounts"
