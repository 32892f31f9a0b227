"""What DEVIATIONS.md says is different, is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from differential import START_US, compare, evaluated


def _events(*each: dict[str, Any]) -> list[dict[str, Any]]:
    empty = {"account_id": "a0", "model": "m", "status": 403, "size": None, "label": None}
    return [
        {"event_id": f"e{place}", "ts": START_US + place * 1_000_000, **empty, **one}
        for place, one in enumerate(each)
    ]


def _correlation(kind: str, **condition: object) -> dict[str, Any]:
    return {
        "type": kind,
        "rules": ["middle"],
        "group-by": ["account_id"],
        "timespan": "1m",
        "condition": condition,
    }


def test_accounts_whose_names_differ_in_case_are_two(tmp_path: Path) -> None:
    events = _events({"account_id": "Bob"}, {"account_id": "bob"})
    (case,) = compare(tmp_path, events, [_correlation("event_count", gte=2)])
    assert (case.theirs, case.ours) == ({"bob"}, frozenset())


def test_values_are_distinct_by_their_text(tmp_path: Path) -> None:
    pairs = [("1", 1), (1, 1.0)]
    correlation = _correlation("value_count", gte=2, field="label")
    outcomes = []
    for place, pair in enumerate(pairs):
        folder = tmp_path / str(place)
        folder.mkdir()
        (case,) = compare(folder, _events(*({"label": one} for one in pair)), [correlation])
        outcomes.append((bool(case.theirs), bool(case.ours)))
    assert outcomes == [(True, False), (False, True)]


def test_texts_that_are_numbers_compare_as_numbers(tmp_path: Path) -> None:
    events = _events(
        *({"account_id": f"a{n}", "size": one} for n, one in enumerate([7, "7", "3", "seven"]))
    )
    rule = {
        "title": "large",
        "logsource": {"category": "test"},
        "detection": {"selection": {"size|gt": 5}, "condition": "selection"},
    }
    assert evaluated(tmp_path, events, [rule]) == {"large": {"a0", "a1"}}


def test_letters_beyond_ascii_have_no_case_either(tmp_path: Path) -> None:
    events = _events(
        *({"account_id": f"a{n}", "label": one} for n, one in enumerate(["é", "É", "ﬁn", "e"]))
    )
    rule = {
        "title": "letters",
        "logsource": {"category": "test"},
        "detection": {"selection": {"label": ["É", "fin"]}, "condition": "selection"},
    }
    assert evaluated(tmp_path, events, [rule]) == {"letters": {"a0", "a1", "a2"}}


def test_weeks_are_those_of_iso_8601(tmp_path: Path) -> None:
    days = {"a0": "2026-01-01", "a1": "2026-01-05", "a2": "2027-01-03", "a3": "2025-12-29"}
    events = [
        {**one, "account_id": account, "ts": f"{day}T12:00:00Z"}
        for (account, day), one in zip(days.items(), _events({}, {}, {}, {}), strict=True)
    ]
    rules = [
        {
            "title": f"week {week}",
            "logsource": {"category": "test"},
            "detection": {"selection": {"ts|week": week}, "condition": "selection"},
        }
        for week in (1, 2, 53)
    ]
    found = {"week-1": {"a0", "a3"}, "week-2": {"a1"}, "week-53": {"a2"}}
    assert evaluated(tmp_path, events, rules) == found


def test_a_text_that_is_a_number_equals_the_number_in_another_field(tmp_path: Path) -> None:
    pairs = [(1, "1"), ("1.0", 1), ("a", "A"), ("a", 1), (None, None)]
    events = _events(
        *({"account_id": f"a{n}", "size": one, "label": two} for n, (one, two) in enumerate(pairs))
    )
    rule = {
        "title": "same",
        "logsource": {"category": "test"},
        "detection": {"selection": {"size|fieldref": "label"}, "condition": "selection"},
    }
    assert evaluated(tmp_path, events, [rule]) == {"same": {"a0", "a1", "a2"}}
