"""Imported rules match the events that they match in pysigma-backend-sqlite."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from differential import START_US, evaluated
from sigma.backends.sqlite.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

_TEXTS = ["a", "A", "ab", "aB*c", "b\\c", "x y", "", "10.1.2.3", "a?c", "%", "_b", "b\\"]
_PATTERNS = [
    "a",
    "AB",
    "a*",
    "*b*",
    "a?",
    "?",
    "*",
    r"a\*",
    r"aB\*c",
    r"b\\c",
    "b\\c",
    "x y",
    "",
    "%",
]
_PARTS = ["a", "B", "b*c", "%", "_", " ", "\\"]
_NUMBERS = [0, 1, -1, 2.5, 7, 7.25]
_FIELDS = ("alpha", "beta")
_NUMERIC = ("gamma",)
_DAY_US = 86_400_000_000
_PARTS_OF_TIME = {"minute": 59, "hour": 23, "day": 28, "month": 12}
"""With their greatest values; weeks are counted in other ways elsewhere."""


def _event(seed: random.Random, number: int) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "ts": START_US - seed.randrange(400 * _DAY_US),
        "account_id": f"a{number}",
        "model": "m",
        **{field: seed.choice([None, *_TEXTS]) for field in _FIELDS},
        **{field: seed.choice([None, *_NUMBERS]) for field in _NUMERIC},
    }


Make = Callable[[random.Random, str], dict[str, Any]]


def _plain(seed: random.Random, field: str) -> dict[str, Any]:
    some = seed.sample(_PATTERNS, seed.randint(1, 3))
    return {field: [*some, *([None] if seed.random() < 0.2 else [])]}


def _of_time(seed: random.Random, _: str) -> dict[str, Any]:
    part, most = seed.choice(list(_PARTS_OF_TIME.items()))
    operator = seed.choice(["", "", "|gt", "|gte", "|lt", "|lte"])
    least = 2 if operator == "|lt" else 1  # what never holds is refused
    most -= operator == "|gt"
    return {f"ts|{part}{operator}": seed.randint(least, most)}


def _reference(seed: random.Random, field: str) -> dict[str, Any]:
    others = [other for other in (*_FIELDS, *_NUMERIC) if other != field]
    return {f"{field}|fieldref": seed.choice([others[0], others])}


def _ordered(seed: random.Random, _: str) -> dict[str, Any]:
    operator = seed.choice(["gt", "gte", "lt", "lte"])
    return {f"{seed.choice(_NUMERIC)}|{operator}": seed.choice(_NUMBERS)}


def _parts(seed: random.Random) -> list[str]:
    return seed.sample(_PARTS, seed.randint(1, 2))


_ITEMS: tuple[Make, ...] = (
    _plain,
    lambda seed, f: {f"{f}|{seed.choice(['contains', 'startswith', 'endswith'])}": _parts(seed)},
    lambda seed, f: {f"{f}|{seed.choice(['contains', 'startswith'])}|all": _parts(seed)},
    lambda seed, f: {
        f"{f}|cased{seed.choice(['', '|contains'])}": seed.choice(["a", "AB", "b"]),
    },
    lambda seed, f: {f"{f}|exists": seed.random() < 0.5},
    _ordered,
    lambda seed, _: {seed.choice(_NUMERIC): seed.sample(_NUMBERS, 2)},
    lambda seed, f: {f"{f}|neq": seed.sample(_PATTERNS, seed.randint(1, 3))},
    _of_time,
    _reference,
    lambda _, f: {f"{f}|windash|contains": "a -b"},
)


def _item(seed: random.Random) -> dict[str, Any]:
    return seed.choice(_ITEMS)(seed, seed.choice(_FIELDS))


def _rule(seed: random.Random, place: int) -> dict[str, Any]:
    detections: dict[str, Any] = {}
    for name in ("sel_one", "sel_two", "filter_one"):
        items = [_item(seed) for _ in range(seed.randint(1, 2))]
        detections[name] = (
            items if seed.random() < 0.3 else {k: v for one in items for k, v in one.items()}
        )
    condition = seed.choice(
        [
            "sel_one and not filter_one",
            "1 of sel_* and not 1 of filter_*",
            "all of sel_* or filter_one",
            "not (sel_one or sel_two) and not filter_one",
            "1 of them",
            "not all of them",
            "sel_one",
        ]
    )
    return {
        "title": f"rule {place}",
        "logsource": {"category": "test"},
        "detection": {**detections, "condition": condition},
    }


def _theirs(events: Sequence[dict[str, Any]], rule: dict[str, Any]) -> frozenset[str]:
    connection = sqlite3.connect(":memory:")
    columns = (*_FIELDS, *_NUMERIC)
    moments = [datetime.fromtimestamp(one["ts"] / 1_000_000, UTC).isoformat() for one in events]
    table = ", ".join(f"{one} COLLATE NOCASE" for one in columns)
    connection.execute(f"CREATE TABLE logs (account_id TEXT, ts TEXT, {table})")
    rows = [
        (one["account_id"], moment, *(one[name] for name in columns))
        for one, moment in zip(events, moments, strict=True)
    ]
    connection.executemany(f"INSERT INTO logs VALUES ({', '.join('?' * len(rows[0]))})", rows)
    backend = sqliteBackend()
    (query,) = backend.convert(SigmaCollection.from_yaml(yaml.safe_dump(rule)))
    found = connection.execute(query.replace("SELECT *", "SELECT account_id", 1))
    return frozenset(account for (account,) in found)


def _compare(folder: Path, seed: random.Random, rules: int, events: int) -> int:
    made = [_rule(seed, place) for place in range(rules)]
    activity = [_event(seed, number) for number in range(events)]
    ours = evaluated(folder, activity, made)
    held = 0
    for place, rule in enumerate(made):
        theirs, mine = _theirs(activity, rule), ours.get(f"rule-{place}", frozenset())
        differ = sorted(theirs ^ mine)[:1]
        of = [one for one in activity if one["account_id"] in differ]
        assert not differ, (
            json.dumps(rule["detection"]),
            "theirs" if differ[0] in theirs else "ours",
            of,
        )
        held += len(theirs)
    return held


def test_rules_match_the_same_events(tmp_path: Path) -> None:
    assert _compare(tmp_path, random.Random("plain"), rules=12, events=60) > 0


@pytest.mark.slow
def test_rules_match_the_same_of_thousands_of_events(tmp_path: Path) -> None:
    seed = random.Random("slow plain")
    assert sum(_compare(tmp_path, seed, rules=100, events=250) for _ in range(22)) > 0
