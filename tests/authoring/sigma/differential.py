"""Correlations through pysigma-backend-sqlite and through our own importer and engine.

The backend's plan is run over the same events in an in-memory SQLite; compared is for which groups
a correlation holds at all. Many random event sets are the accounts of one evaluation.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sigma.backends.sqlite.runtime import execute_plan
from sigma.backends.sqlite.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

from engine.authoring.judging import judged
from engine.authoring.sigma.importing import import_sigma
from engine.authoring.sigma.settings import Settings
from engine.batch.run import RunRequest
from engine.language.load import load_texts
from engine.language.model.pack import Pack
from engine.language.render import render_text

RULES = (Path(__file__).parents[2] / "golden" / "sigma" / "rules" / "pack.yaml").read_text()
START_US = 1_780_000_000_000_000
_COLUMNS = ("status", "size", "label")
OPERATORS = ("gt", "gte", "lt", "lte", "eq", "neq")

BASE = {
    "low": {"status": [200, 403]},
    "middle": {"status": [403, 429]},
    "high": {"status|gte": 429},
}
"""Rules that overlap, so that one event may be an event of two."""


@dataclass(frozen=True)
class Case:
    """A correlation, and the groups that each side says it holds for."""

    correlation: dict[str, Any]
    theirs: frozenset[str]
    ours: frozenset[str]


def event_sets(seed: random.Random, number: int) -> list[dict[str, Any]]:
    """Return the events of so many accounts: ties, equal times, empty fields, window edges."""
    events = []
    for account in range(number):
        moment = seed.randrange(40)
        for _ in range(seed.randint(1, 9)):
            moment += seed.choice([0, 0, 1, 2, 5, 10, 10, 20, 0.5, 9.5, 0.25])
            events.append(
                {
                    "event_id": f"e{len(events)}",
                    "ts": START_US + round(moment * 1_000_000),
                    "account_id": f"a{account}",
                    "model": "m",
                    "status": seed.choice([200, 403, 403, 429, 500, 100]),
                    "size": seed.choice(
                        [None, 0, 0.5, 1, 1, 1.25, 2, -0.5, "1.5", " 2 ", "x", "1x"]
                    ),
                    "label": seed.choice([None, "a", "A", "b", "c", "C", ""]),
                }
            )
    seed.shuffle(events)
    return events


def compare(
    folder: Path, events: Sequence[dict[str, Any]], correlations: Sequence[Any]
) -> list[Case]:
    """Return what came of the correlations over the events, on both sides."""
    documents = [
        {
            "title": f"base {name}",
            "name": name,
            "logsource": {"category": "test"},
            "detection": {"selection": selection, "condition": "selection"},
        }
        for name, selection in BASE.items()
    ]
    titled = [
        {"title": f"correlation {place}", "correlation": one}
        for place, one in enumerate(correlations)
    ]
    ours = evaluated(folder, events, [*documents, *titled])
    theirs = _theirs(events, documents, correlations)
    return [
        Case(one, theirs[place], ours.get(f"correlation-{place}", frozenset()))
        for place, one in enumerate(correlations)
    ]


def evaluated(
    folder: Path, events: Sequence[dict[str, Any]], documents: Sequence[Any]
) -> dict[str, frozenset[str]]:
    """Import, check, evaluate: the accounts with a finding, by policy."""
    pack = imported(folder, documents)
    activity = folder / "activity"
    activity.mkdir(exist_ok=True)
    lines = "".join(json.dumps(event) + "\n" for event in events)
    (activity / "exchanges.jsonl").write_text(lines, encoding="utf-8")
    with judged(pack, RunRequest(str(activity))) as judgement:
        decisions = judgement.evaluation.decisions
    assert not {name: one.subjects for name, one in decisions.undecided.items() if one.subjects}
    found: dict[str, set[str]] = {}
    for finding in decisions.findings:
        found.setdefault(finding.policy.name, set()).add(finding.subject.id)
    return {name: frozenset(subjects) for name, subjects in found.items()}


def imported(folder: Path, documents: Sequence[Any]) -> Pack:
    """Return the small pack with the rules imported, and made to be evaluated.

    A comparison that never holds is refused, so it has no finding, and must have none elsewhere.
    """
    file = folder / "rules.yml"
    file.write_text(yaml.safe_dump_all(documents), encoding="utf-8")
    around = {"rules/pack.yaml": RULES}
    pack = load_texts({name: text.encode() for name, text in around.items()}).pack
    assert pack is not None
    settings = Settings(clauses=("usage-policy/access",), owner="nobody", mapped={})
    came = import_sigma([file], settings, pack, around)
    refused = [one for one in came.diagnostics if "never holds" not in one.message]
    assert refused == [], render_text(came.diagnostics, came.sources)
    texts = {
        name: text.replace("status: draft", "status: review")
        for name, text in came.documents.items()
    }
    loaded = load_texts({name: text.encode() for name, text in (around | texts).items()})
    assert loaded.pack is not None, render_text(loaded.diagnostics, loaded.sources)
    return loaded.pack


def _theirs(
    events: Sequence[dict[str, Any]], documents: Sequence[Any], correlations: Sequence[Any]
) -> list[frozenset[str]]:
    connection = sqlite3.connect(":memory:")
    columns = ", ".join(f"{name} COLLATE NOCASE" for name in _COLUMNS)
    connection.execute(f"CREATE TABLE logs (event_id TEXT, ts INTEGER, account_id TEXT, {columns})")
    rows = [
        (one["event_id"], one["ts"], one["account_id"], *(one[name] for name in _COLUMNS))
        for one in events
    ]
    connection.executemany(f"INSERT INTO logs VALUES ({', '.join('?' * len(rows[0]))})", rows)
    return [_holding(connection, documents, one) for one in correlations]


def _holding(
    connection: sqlite3.Connection, documents: Sequence[Any], correlation: dict[str, Any]
) -> frozenset[str]:
    """Return the groups; a range is what holds at the same window for each of its comparisons."""
    condition = correlation.get("condition")
    split = [correlation]
    if isinstance(condition, dict):
        around = {key: value for key, value in condition.items() if key not in OPERATORS}
        split = [
            {**correlation, "condition": {key: value, **around}}
            for key, value in condition.items()
            if key in OPERATORS
        ]
    windows = [_windows(connection, documents, one) for one in split]
    return frozenset(group for group, _ in set.intersection(*windows))


def _windows(
    connection: sqlite3.Connection, documents: Sequence[Any], correlation: dict[str, Any]
) -> set[tuple[str, float]]:
    parts = [one for one in documents if one["name"] in correlation["rules"]]
    rules = yaml.safe_dump_all([*parts, {"title": "one", "correlation": correlation}])
    backend = sqliteBackend(
        timestamp_field="ts", event_id_field="event_id", timestamp_format="unix_us"
    )
    (converted,) = json.loads(backend.convert(SigmaCollection.from_yaml(rules), "zircolite"))
    alerts, _ = execute_plan(connection, converted["correlation_plan"], include_events=False)
    return {(alert["group_keys"]["account_id"], alert["window_end"]) for alert in alerts}
