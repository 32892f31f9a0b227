"""Selections on declared fields, against what pySigma's SQLite backend finds in the same events."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import re2
import sigma_rules
import yaml
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.language.declared import fields_used
from engine.language.load import load_texts
from engine.language.model.pack import Pack
from engine.language.words import SubjectKind
from engine.signals.execute import measure
from engine.signals.facts import signal_key
from engine.signals.plan import build_plan

RULES, EVENTS = 80, 40
AS_OF = 1_780_000_000_000_000


class Backend(sqliteBackend):
    """The backend where it means what Sigma's specification says.

    SQLite takes every text for greater than every number, and true for 1.
    """

    compare_op_expression = (
        "(typeof({field}) IN ('integer', 'real') AND {field} {operator} {value})"
    )
    bool_expression = "{field}={value}"


def found_by_sqlite(
    rules: list[sigma_rules.Rule], events: list[sigma_rules.Event]
) -> list[set[int]]:
    """Return for each rule the numbers of the events that it finds."""
    database = sqlite3.connect(":memory:")
    database.create_function(
        "REGEXP", 2, lambda pattern, value: value is not None and _searched(pattern, value)
    )
    columns = ", ".join(f'"{name}" NUMERIC COLLATE NOCASE' for name in sigma_rules.FIELDS)
    database.execute(f"CREATE TABLE logs (number INTEGER, {columns})")
    for number, event in enumerate(events):
        row = [number, *(_stored(event.get(name)) for name in sigma_rules.FIELDS)]
        database.execute(f"INSERT INTO logs VALUES ({', '.join('?' * len(row))})", row)
    backend = Backend()
    found = []
    for rule in rules:
        (query,) = backend.convert(SigmaCollection.from_yaml(_sigma(rule)))
        found.append({row[0] for row in database.execute(query)})
    database.close()
    return found


def _searched(pattern: str, value: object) -> bool:
    return re2.search(pattern, str(value)) is not None


def _stored(value: sigma_rules.Plain) -> object:
    return json.dumps(value) if isinstance(value, bool) else value


def _sigma(rule: sigma_rules.Rule) -> str:
    detection = {**rule.detections, "condition": rule.condition}
    document = {"title": "T", "logsource": {"category": "c"}, "detection": detection}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


def pack_of(rules: list[sigma_rules.Rule]) -> Pack:
    """Return a pack with a policy for each rule."""
    declared = {
        "fields": "flat",
        "of": "exchanges",
        "declare": dict.fromkeys(sigma_rules.FIELDS, "any"),
    }
    documents = [
        {"pack": "p", "version": "1", "owners": ["me"]},
        {"terms": "t", "title": "T", "versions": [{"version": "1", "effective": "2020-01-01",
            "clauses": [{"id": "c", "section": "1", "summary": "S", "url": "https://e.org"}]}]},
        declared,
        *(_policy(f"r{number}", rule) for number, rule in enumerate(rules)),
    ]  # fmt: skip
    loaded = load_texts(
        {"p.yaml": yaml.safe_dump_all(documents, allow_unicode=True, sort_keys=False).encode()}
    )
    errors = [one for one in loaded.diagnostics if one.is_error]
    assert loaded.pack is not None, errors[:5]
    return loaded.pack


def _policy(name: str, rule: sigma_rules.Rule) -> dict[str, Any]:
    return {
        "policy": name, "title": "T", "version": 1, "status": "shadow", "owner": "me",
        "behaviour": "evasion", "axis": "access", "severity": "low", "clauses": ["t/c"],
        "subject": "account",
        "select": {**rule.detections, "found": {"condition": rule.condition}},
        "signals": {"n": {"count": "found"}},
        "when": {"all": [{"n": {"gte": 1}}]}, "explain": "{n} events",
    }  # fmt: skip


def found_by_us(
    workspace: Workspace, rules: list[sigma_rules.Rule], events: list[sigma_rules.Event]
) -> list[set[int]]:
    """Return the same by the engine: each event is of an account of its own."""
    pack = pack_of(rules)
    path = workspace.folder / "exchanges.jsonl"
    path.write_text("\n".join(map(json.dumps, _records(events))), encoding="utf-8")
    intake = read_activity(workspace, str(path), fields=fields_used(pack))
    assert intake.tables["exchanges"].kept == len(events)
    measures = [policy.signals[0].measure for policy in pack.policies]
    coverage = {name: known.value for name, known in intake.coverage.items()}
    plan = build_plan({SubjectKind.ACCOUNT: measures}, coverage=coverage)
    table = measure(workspace, plan, as_of_us=AS_OF, since_us=0)[SubjectKind.ACCOUNT]
    by_name = {policy.name: policy.signals[0].measure for policy in pack.policies}
    found = []
    for number in range(len(rules)):
        column = table.columns[signal_key(by_name[f"r{number}"])]
        assert (column.low == column.high).all()
        found.append(
            {int(account[1:]) for account, n in zip(table.subjects, column.low, strict=True) if n}
        )
    return found


def _records(events: list[sigma_rules.Event]) -> Iterator[dict[str, Any]]:
    for number, event in enumerate(events):
        common = {
            "event_id": f"e{number}",
            "ts": AS_OF - number,
            "account_id": f"a{number}",
            "model": "m",
        }
        yield {**common, **event}


def _agree(workspace: Workspace, seed: int) -> None:
    source = random.Random(seed)
    rules = [sigma_rules.rule(source) for _ in range(RULES)]
    events = sigma_rules.events(source, EVENTS)
    theirs, ours = found_by_sqlite(rules, events), found_by_us(workspace, rules, events)
    for rule, wanted, found in zip(rules, theirs, ours, strict=True):
        odd = {number: events[number] for number in wanted ^ found}
        assert not odd, (seed, rule, {number: number in found for number in odd}, odd)


@pytest.mark.parametrize("seed", range(2))
def test_the_engine_finds_what_sqlite_finds(tmp_path: Path, seed: int) -> None:
    with Workspace(threads=1) as workspace:
        _agree(workspace, seed)


@pytest.mark.slow
def test_the_engine_finds_what_sqlite_finds_for_two_thousand_rules(tmp_path: Path) -> None:
    with Workspace(threads=1) as workspace:
        for seed in range(100, 127):
            _agree(workspace, seed)
