"""When the exchanges of a test happen, and under which ids they are recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from authored import AS_OF, measured, written

from engine.authoring.timeline import write_timeline

WHEN: dict[str, Any] = {"signals": {"it": {"count": "all", "window": "7d"}}, "when": {"it": 1}}


def recorded(folder: Path, accounts: dict[str, Any], **series: Any) -> list[tuple[str, str]]:
    """Return the ids and times of a series as they are written, the day left out."""
    test = {"accounts": accounts, "exchanges": series}
    _, policy = written(test, **WHEN)
    write_timeline(policy.tests[0], folder)
    records = map(json.loads, (folder / "exchanges.jsonl").read_text().splitlines())
    return [(record["event_id"], record["ts"][8:19]) for record in records]


def test_the_last_exchange_is_at_the_moment_judged_from(tmp_path: Path) -> None:
    assert recorded(tmp_path, {"count": 2}, per_account=2, every="1h") == [
        ("e0-0-0", "04T23:00:00"), ("e0-0-1", "05T00:00:00"),
        ("e0-1-0", "04T22:30:00"), ("e0-1-1", "04T23:30:00"),
    ]  # fmt: skip


def test_moments_are_the_same_for_every_account(tmp_path: Path) -> None:
    moments = ["2026-06-01", "2026-06-02T12:30Z"]
    assert recorded(tmp_path, {"count": 2}, at=moments) == [
        ("e0-0-0", "01T00:00:00"), ("e0-0-1", "02T12:30:00"),
        ("e0-1-0", "01T00:00:00"), ("e0-1-1", "02T12:30:00"),
    ]  # fmt: skip


def test_a_burst_ends_at_its_moment(tmp_path: Path) -> None:
    burst = {"count": 3, "within": "10m"}
    assert recorded(tmp_path, {}, per_account=2, every="1h", burst=burst) == [
        ("e0-0-0", "04T22:50:00"), ("e0-0-1", "04T22:55:00"), ("e0-0-2", "04T23:00:00"),
        ("e0-0-3", "04T23:50:00"), ("e0-0-4", "04T23:55:00"), ("e0-0-5", "05T00:00:00"),
    ]  # fmt: skip


def test_a_burst_begins_where_the_series_is_told_to(tmp_path: Path) -> None:
    burst = {"count": 2, "within": "10m"}
    begun = [("e0-0-0", "01T00:00:00"), ("e0-0-1", "01T00:10:00")]
    assert recorded(tmp_path, {}, at="2026-06-01", burst=burst) == begun
    assert recorded(tmp_path, {}, start="2026-06-01", burst=burst) == begun
    assert recorded(tmp_path, {}, at="2026-06-01", burst={"count": 1, "within": "10m"}) == begun[:1]


def test_what_is_recorded_twice_counts_once(tmp_path: Path) -> None:
    assert recorded(tmp_path, {}, at=AS_OF, duplicates=2) == [("e0-0-0", "05T00:00:00")] * 3
    test = {"exchanges": {"per_account": 4, "duplicates": 3}}
    (fact,) = measured(test, {"count": "all", "window": "7d"}).values()
    assert (fact.low, fact.high) == (4, 4)
