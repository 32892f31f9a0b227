"""Durations and instants as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.moments import format_duration, format_instant, parse_duration, parse_instant


@given(st.integers(1, 10**9))
def test_durations_written_out_come_back(milliseconds: int) -> None:
    assert parse_duration(format_duration(milliseconds * 1000)) == milliseconds * 1000


@given(st.integers(0, 253_402_300_799_999_999))
def test_instants_written_out_come_back(microseconds: int) -> None:
    assert parse_instant(format_instant(microseconds)) == microseconds


@pytest.mark.parametrize("text", ["", "7", "1.5h", "h", "1 d"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30"])
def test_other_instants_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        parse_instant(text)


def test_the_shortest_exact_unit_is_chosen() -> None:
    assert [format_duration(parse_duration(text)) for text in ("7d", "48h", "90s", "1500ms")] == [
        "1w", "2d", "90s", "1500ms",
    ]  # fmt: skip
