"""Declared fields on their way in: keys, paths, columns, faults, digests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.activity.ingest import read_activity
from engine.activity.intake import Coverage, Intake
from engine.activity.workspace import Workspace
from engine.language.declared import declare
from engine.language.fields import Absent, Field, FieldType

TYPED = {
    "Size": FieldType.INTEGER, "Ratio": FieldType.DECIMAL, "On": FieldType.BOOLEAN,
    "When": FieldType.TIMESTAMP, "Peer": FieldType.ADDRESS, "Note": FieldType.TEXT,
    "Tags": FieldType.TEXTS, "Ids": FieldType.INTEGERS, "user.name": FieldType.IDENTIFIER,
    "Any": FieldType.ANY,
}  # fmt: skip
FIELDS = {name: declare(name, type_, Absent.NONE) for name, type_ in TYPED.items()}
ROW = {"event_id": "e1", "ts": "2026-06-05T00:00:00Z", "account_id": "a1", "model": "m1"}
VALUES: dict[str, Any] = {
    "Size": 5, "Ratio": 0.25, "On": True, "When": "2026-06-05T00:00:00Z", "Peer": "10.0.0.1",
    "Note": "Hi", "Tags": ["a", "b"], "Ids": [1, 2], "user.name": "Ann", "Any": 1.5,
}  # fmt: skip
STORED = {
    "Size": 5, "Ratio": 250, "On": True, "When": 1_780_617_600_000_000, "Peer": "10.0.0.1",
    "Note": "Hi", "Tags": ["a", "b"], "Ids": [1, 2], "user.name": "Ann", "Any": "1.5",
}  # fmt: skip


def read(
    path: Path, fields: dict[str, Field] = FIELDS
) -> tuple[Intake, list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the intake, the events by the names of declared fields, and what was set aside."""
    with Workspace(threads=1) as workspace:
        intake = read_activity(workspace, str(path), fields=tuple(fields.values()))
        named = ", ".join(f'{one.name} AS "{name}"' for name, one in fields.items())
        result = workspace.connection.execute(f"SELECT {named} FROM events ORDER BY event_id")
        names = [column[0] for column in result.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        aside = [json.loads(line) for line in intake.quarantine_path.read_text().splitlines()]
        return intake, rows, aside


def lines(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    return path


def test_every_type_is_read_from_json_lines(tmp_path: Path) -> None:
    intake, rows, aside = read(lines(tmp_path / "exchanges.jsonl", ROW | VALUES))
    assert (rows, aside) == ([STORED], [])
    assert intake.coverage["user.name"] is Coverage.ALL


def test_every_type_is_read_from_csv(tmp_path: Path) -> None:
    flat = {**VALUES, "Tags": "a|b", "Ids": "1|2", "On": "true"}
    record = ROW | {name: str(value) for name, value in flat.items()}
    path = tmp_path / "exchanges.csv"
    path.write_text(f"{','.join(record)}\n{','.join(record.values())}\n", encoding="utf-8")
    assert read(path)[1] == [STORED]


def test_every_type_is_read_from_parquet(tmp_path: Path) -> None:
    path = tmp_path / "exchanges.parquet"
    source = lines(tmp_path / "in.jsonl", ROW | VALUES)
    duckdb.sql(f"COPY (FROM read_json('{source}')) TO '{path}' (FORMAT parquet)")
    assert read(path)[1] == [STORED]


def test_a_name_with_dots_is_a_key_or_a_path(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "exchanges.jsonl",
        ROW | {"user": {"name": "nested"}},
        ROW | {"event_id": "e2", "user.name": "flat"},
        ROW | {"event_id": "e3", "user": {"other": 1}},
    )
    assert [row["user.name"] for row in read(path)[1]] == ["nested", "flat", None]


def test_a_name_with_an_empty_part_is_a_key_alone(tmp_path: Path) -> None:
    fields = {name: declare(name, FieldType.ANY, Absent.NONE) for name in ("a..b", "a.")}
    path = lines(tmp_path / "exchanges.jsonl", ROW | {"a..b": 1, "a": {"": 2}}, ROW | {"a.": 3})
    path.write_text(path.read_text().replace('"e1"', '"e2"', 1), encoding="utf-8")
    assert read(path, fields)[1] == [{"a..b": None, "a.": "3"}, {"a..b": "1", "a.": None}]


@pytest.mark.parametrize(
    ("name", "value"),
    [("Size", "much"), ("Size", 1.5), ("Ratio", "x"), ("On", "perhaps"), ("When", "noon"),
     ("Peer", "10.0.0.300"), ("Note", {"a": 1}), ("Tags", {"a": 1}), ("Ids", ["x"])],
)  # fmt: skip
def test_a_value_of_another_type_sets_its_row_aside(tmp_path: Path, name: str, value: Any) -> None:
    path = lines(tmp_path / "exchanges.jsonl", ROW | {name: value}, ROW | {"event_id": "e2"})
    intake, rows, aside = read(path)
    assert (len(rows), intake.tables["exchanges"].quarantined) == (1, 1)
    assert [(one["row"], one["field"]) for one in aside] == [(1, name)]


def test_nothing_is_wrong_with_a_value_of_any_type(tmp_path: Path) -> None:
    values = ["x", "", "-", 1, 2.5, True, None, [1, "a"], {"a": 1}]
    records = [ROW | {"event_id": f"e{n}", "Any": value} for n, value in enumerate(values)]
    _, rows, aside = read(lines(tmp_path / "exchanges.jsonl", *records))
    assert aside == []
    assert [row["Any"] for row in rows[:7]] == ["x", "", "-", "1", "2.5", "true", None]


def test_the_digest_covers_declared_fields_and_no_others(tmp_path: Path) -> None:
    first = lines(tmp_path / "a.jsonl", ROW | {"Any": 1, "else": 1})
    second = lines(tmp_path / "b.jsonl", ROW | {"Any": 2, "else": 1})
    third = lines(tmp_path / "c.jsonl", ROW | {"Any": 1, "else": 2})
    digests = [read(path)[0].digest for path in (first, second, third)]
    assert digests[0] == digests[2] != digests[1]
    with Workspace(threads=1) as workspace:
        undeclared = [read_activity(workspace, str(path)).digest for path in (first, second)]
    assert undeclared[0] == undeclared[1]
