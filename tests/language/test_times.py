"""Durations and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.read.times import LONGEST_US, duration_us, end_us, time_us

_SECOND = 1_000_000


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("1h", 3600), ("7d", 604_800), ("2w", 1_209_600)],
)
def test_durations(text: str, seconds: int) -> None:
    assert duration_us(text) == seconds * _SECOND


@pytest.mark.parametrize(
    "text",
    ["", "7", "d", "0s", "-1d", "1.5h", "1 h", "1H", "1M", "7d ", "1h30m", "999999999w", "٣d"],
)
def test_other_durations_are_malformed(text: str) -> None:
    assert duration_us(text) is None


def test_the_longest_duration_is_ten_years() -> None:
    assert duration_us("3660d") == LONGEST_US
    assert duration_us("3661d") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01", 0),
        ("1970-01-01T00:01", 60),
        ("1970-01-01 00:00:01.5Z", 1.5),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1970-01-02T00:00-01:30", 91_800),
    ],
)
def test_times(text: str, seconds: float) -> None:
    assert time_us(text) == seconds * _SECOND


@pytest.mark.parametrize(
    "text",
    ["", "2026", "20260605", "2026-6-5", "2026-02-30", "2026-06-05T24:01", "2026-06-05T10",
     "2026-06-05T10:00:60", "1969-12-31", "1970-01-01T00:00+00:01", "2026-W01-1", "0000-01-01",
     "2026-06-05T10:00:00.1234567", "2026-06-05T10:00+99:00", "２０26-06-05"],
)  # fmt: skip
def test_other_times_are_malformed(text: str) -> None:
    assert time_us(text) is None


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_times_written_out_come_back(moment: datetime) -> None:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    whole = (since.days * 86_400 + since.seconds) * _SECOND + since.microseconds
    assert time_us(moment.isoformat()) == whole


@given(st.dates(date(1970, 1, 1), date(9999, 12, 30)))
def test_an_end_written_as_a_date_is_the_whole_day(day: date) -> None:
    following = time_us((day + timedelta(days=1)).isoformat())
    assert following is not None
    assert end_us(day.isoformat()) == following - 1


@pytest.mark.parametrize("text", ["2027-06-30T00:00", "2027-06-30 23:59:59Z", "2027-06-31", "soon"])
def test_an_end_written_as_a_time_is_that_moment(text: str) -> None:
    assert end_us(text) == time_us(text)


@given(st.text(max_size=30))
def test_no_text_is_too_strange(text: str) -> None:
    assert (duration_us(text) or 1) > 0
    assert (time_us(text) or 0) >= 0
