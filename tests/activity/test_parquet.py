"""Parquet files as other tools write them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.errors import InputError

_UUID = "0b0b0b0b-0000-4000-8000-000000000001"
_REQUIRED = {
    "event_id": "'e' || i",
    "ts": "TIMESTAMP '2025-05-01 10:00:00' + to_seconds(i)",
    "account_id": "'a'",
    "model": "'m'",
}


def _write(path: Path, rows: int = 1, **columns: str) -> Path:
    listed = ", ".join(f'{sql} AS "{name}"' for name, sql in (_REQUIRED | columns).items())
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'").fetchall()
    query = f"SELECT {listed} FROM range({rows}) AS t(i)"
    escaped = str(path).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{escaped}' (FORMAT parquet)").fetchall()
    connection.close()
    return path


def _read(path: Path, columns: str) -> tuple[list[tuple[Any, ...]], list[Any]]:
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(path))
        entries = [json.loads(line) for line in intake.quarantine_path.read_text().splitlines()]
        return workspace.rows(f"SELECT {columns} FROM events ORDER BY event_id"), entries


@pytest.mark.parametrize(
    ("field", "sql", "stored"),
    [
        ("ts", "TIMESTAMP_NS '2025-05-01 10:00:00.123456789'", 1746093600123456),
        ("ts", "TIMESTAMP_S '2025-05-01 10:00:00'", 1746093600000000),
        ("ts", "TIMESTAMP_MS '2025-05-01 10:00:00.123'", 1746093600123000),
        ("ts", "TIMESTAMPTZ '2025-05-01 12:00:00+02'", 1746093600000000),
        ("ts", "DATE '2025-05-01'", 1746057600000000),
        ("ts", "1746093600123456", 1746093600123456),
        ("ts", "1746093600::UBIGINT", 1746093600000000),
        ("ts", "1746093600.123456::DOUBLE", 1746093600123456),
        ("ts", "1746093600123.0::DOUBLE", 1746093600123000),
        ("ts", "1746093600.25::DECIMAL(18, 3)", 1746093600250000),
        ("ts", "1746093600123456768.0::DOUBLE", 1746093600123457),
        ("ts", "'2025-05-01T10:00:00Z'", 1746093600000000),
        ("event_id", "12345678901234567890::UBIGINT", "12345678901234567890"),
        ("event_id", f"'{_UUID}'::UUID", _UUID),
        ("org_id", "17.0::DOUBLE", "17"),
        ("country", "'US'::ENUM('US', 'DE')", "US"),
        ("input_tokens", "12.0::FLOAT", 12),
        ("input_tokens", "12.00::DECIMAL(9, 2)", 12),
        ("temperature", "0.7::FLOAT", 700),
        ("temperature", "0.7::DECIMAL(3, 2)", 700),
        ("temperature", "1::TINYINT", 1000),
        ("logprobs", "1::UTINYINT", True),
        ("logit_bias_ids", "[1, 2]::USMALLINT[]", [1, 2]),
        ("logit_bias_ids", "['1', '2']", [1, 2]),
        ("labels", "['a|b', 'c']", ["a|b", "c"]),
        ("labels", "NULL::INTEGER", None),
        ("labels", "[]::VARCHAR[]", None),
        ("ip", "NULL::INTEGER", None),
        ("prompt", "'a' || chr(0) || 'b'", "a\x00b"),
    ],
)  # fmt: skip
def test_types_that_are_read(tmp_path: Path, field: str, sql: str, stored: object) -> None:
    column = "ts_us" if field == "ts" else field
    rows, entries = _read(_write(tmp_path / "e.parquet", **{field: sql}), column)
    assert entries == []
    assert rows == [(stored,)]


@pytest.mark.parametrize(
    ("field", "sql"),
    [
        ("ts", "TIMESTAMP 'infinity'"),
        ("ts", "1.5::DOUBLE"),
        ("ts", "-1746093600.5::DOUBLE"),
        ("ts", "'nan'::DOUBLE"),
        ("ts", "'inf'::DOUBLE"),
        ("ts", "1e300::DOUBLE"),
        ("event_id", "'x'::BLOB"),
        ("org_id", "1.5::DOUBLE"),
        ("org_id", "TIMESTAMP '2025-01-01'"),
        ("input_tokens", "18446744073709551615::UBIGINT"),
        ("input_tokens", "-1"),
        ("input_tokens", "0.5::DOUBLE"),
        ("input_tokens", "1e300::DOUBLE"),
        ("temperature", "'inf'::DOUBLE"),
        ("temperature", "'nan'::FLOAT"),
        ("input_tokens", "'nan'::DOUBLE"),
        ("org_id", "'nan'::DOUBLE"),
        ("logprobs", "0.0::DOUBLE"),
        ("labels", "[['a']]"),
        ("labels", "['a', NULL]"),
        ("logit_bias_ids", "[1.5::DOUBLE]"),
        ("prompt", "{'role': 'user'}"),
        ("ip", "3221225985"),
    ],
)
def test_types_that_are_set_aside(tmp_path: Path, field: str, sql: str) -> None:
    rows, entries = _read(_write(tmp_path / "e.parquet", **{field: sql}), "event_id")
    assert rows == []
    assert [(entry["row"], entry["field"]) for entry in entries] == [(1, field)]


@pytest.mark.parametrize("seed", range(3))
def test_a_damaged_file_is_named_and_no_other(
    workspace: Workspace, tmp_path: Path, seed: int
) -> None:
    for number in range(3):
        _write(tmp_path / f"{number}.parquet", rows=50, prompt="md5(i::VARCHAR)")
    damaged = tmp_path / "1.parquet"
    whole, rng, told = damaged.read_bytes(), random.Random(seed), []
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(4):
            data[rng.randrange(4, len(data))] = rng.randrange(256)
        damaged.write_bytes(data)
        try:
            read_activity(workspace, str(tmp_path))
        except InputError as error:  # anything else would be told as a fault of ours
            told.append(str(error))
    assert told
    assert not [said for said in told if str(damaged) not in said or "2.parquet" in said]


def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = _write(tmp_path / "e.parquet").rename(tmp_path / "\udcff.parquet")
    with pytest.raises(InputError, match="name is not valid UTF-8"):
        _read(path, "event_id")


def test_files_of_several_schemas(tmp_path: Path) -> None:
    folder = tmp_path / "it's [x]*"
    folder.mkdir()
    _write(folder / "1.parquet", event_id="'b'", n="3", extra="1")
    _write(folder / "2.parquet", event_id="'a'", n="'4'")
    _write(folder / "3.parquet", event_id="'c'")
    _write(folder / "4.parquet", event_id="'d'", n="'five'")
    rows, (entry,) = _read(folder, "event_id, n, supplied <> 0")
    assert rows == [("a", 4, True), ("b", 3, True), ("c", None, False)]
    assert entry["file"].endswith("4.parquet")


def test_rows_are_numbered_within_their_file(tmp_path: Path) -> None:
    _write(tmp_path / "1.parquet", rows=3000, event_id="'x' || i")
    _write(tmp_path / "2.parquet", rows=3000, n="CASE WHEN i = 2999 THEN -1 ELSE 1 END")
    _, (entry,) = _read(tmp_path, "event_id")
    assert (entry["file"].endswith("2.parquet"), entry["row"], entry["raw"]) == (True, 3000, "-1")


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    path = tmp_path / "e.parquet"
    duckdb.connect().execute(f"COPY (SELECT 1 AS event_id) TO '{path}'").fetchall()
    with pytest.raises(InputError, match="`ts`, `account_id`, `model`"):
        _read(path, "event_id")
