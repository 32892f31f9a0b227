"""Measures of habits from a policy's text to their values."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from authored import came, ends, written

SEVEN_DAYS = {"per_account": 168, "every": "1h"}


def test_a_service_leaves_no_hour_of_the_week_empty() -> None:
    week = {"exchanges": SEVEN_DAYS}
    assert ends(week, {"active_hours": "all", "window": "7d"}) == (168, 168)
    assert ends(week, "active_hours") == (168, 168)
    assert ends(week, {"hour_flatness": "all", "min_events": 168}) == (1, 1)


def test_a_day_of_too_few_events_has_no_flatness() -> None:
    asked = {"signals": {"flat": {"hour_flatness": "all", "window": "7d"}}}
    assert came({"exchanges": SEVEN_DAYS}, when={"flat": {"gte": 0.9}}, **asked) == "indeterminate"
    twice = {"exchanges": {"per_account": 336, "every": "30m"}}
    assert came(twice, when={"flat": {"gte": 0.9}}, **asked) == "finding"


def test_addresses_that_were_never_seen() -> None:
    new = {"novel": "ip", "window": "1d", "history": "7d"}
    before = {"per_account": 3, "every": "1h", "start": "2026-06-02", "ip": "10.0.0.1"}
    now = {"per_account": 3, "every": "1h", "ip": ["10.0.0.1", "10.0.0.2", "10.0.0.3"]}
    assert ends({"exchanges": [before, now]}, new) == (2, 2)
    assert ends({"exchanges": [before, now]}, {**new, "as": "share"}) == (2 / 3, 2 / 3)
    assert came({"exchanges": now}, signals={"new": new}, when={"new": {"gte": 1}}) == (
        "indeterminate"
    )


def test_a_jump_over_ones_own_past() -> None:
    """Two a day for four weeks, forty on the last: 38 over a chance deviation of root two."""
    jump = {"spike": "all", "window": "1d", "baseline": "28d"}
    past = {"per_account": 56, "every": "12h", "start": "2026-05-07T01:00Z"}
    burst = {"per_account": 40, "every": "1m"}
    assert ends({"exchanges": [past, burst]}, jump) == (38 / 2**0.5, 38 / 2**0.5)


def test_half_of_the_traffic_moves_to_a_new_model() -> None:
    shift = {"release_shift": "model", "min_of": 4, "window": "30d"}
    sent = {"per_account": 8, "every": "1h", "start": "2026-06-02", "model": ["old", "new"]}
    released = [
        {"model": "new", "released_at": "2026-06-02"},
        {"model": "old", "released_at": "2024-01-01"},
    ]
    assert ends({"exchanges": sent, "models": released}, shift) == (0.5, 0.5)
    assert ends({"exchanges": sent, "models": released[:1]}, shift) == (0.5, 1.0)
    assert ends({"exchanges": sent, "models": released[1:]}, shift) == (0, 1.0)


def test_ids_in_a_row() -> None:
    sweep = {"per_account": 40, "every": "1m", "logit_bias_ids": ["{n}"]}
    longest = {"id_coverage": "logit_bias_ids", "as": "longest_run"}
    assert ends({"exchanges": sweep}, longest) == (40, 40)
    assert ends({"exchanges": sweep}, {"id_coverage": "logit_bias_ids"}) == (40, 40)


def test_the_signals_of_the_readme_can_be_read() -> None:
    text = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"### Beside peers.*?```yaml\n(.*?)```", text, re.DOTALL)
    signals = yaml.safe_load(block)["signals"]
    shown = " ".join(f"{{{name}}}" for name in signals)
    _, policy = written(None, signals=signals, when={"rank": {"gte": 0.9}}, explain=shown)
    assert [signal.name for signal in policy.signals] == list(signals)
