"""A workspace for each test, files of every format, and the shipped mapping of Bedrock."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb
import pytest
import yaml
import zstandard

from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, MODEL_FIELDS, FieldType
from engine.language.model.pack import Source

_RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace(memory="500MB", threads=2) as workspace:
        register(workspace.connection)
        yield workspace


@pytest.fixture(scope="session")
def bedrock() -> Source:
    document = yaml.safe_load((_RULES / "sources" / "bedrock.yaml").read_text())
    return Source(
        document["source"],
        document["title"],
        document["kind"],
        tuple(document["fields"].items()),
        document["where"],
    )


Row = dict[str, object]

_PARQUET_TYPES = {
    FieldType.INTEGER: "BIGINT",
    FieldType.DECIMAL: "DOUBLE",
    FieldType.BOOLEAN: "BOOLEAN",
    FieldType.TIMESTAMP: "TIMESTAMPTZ",
    FieldType.TEXTS: "VARCHAR[]",
    FieldType.IDENTIFIERS: "VARCHAR[]",
    FieldType.INTEGERS: "BIGINT[]",
}


class Writer:
    """Writes rows, each a dict of the same keys, in any format by the path's extensions."""

    def __call__(self, path: Path, rows: Sequence[Row]) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            self._parquet(path, rows)
            return path
        text = self._csv(rows) if ".csv" in path.name else self._lines(rows)
        path.write_bytes(self.packed(path, text.encode()))
        return path

    def packed(self, path: Path, data: bytes) -> bytes:
        """Compress data as the path's last extension says."""
        match path.suffix:
            case ".gz":
                return gzip.compress(data)
            case ".zst":
                return zstandard.compress(data)
        return data

    def _lines(self, rows: Sequence[Row]) -> str:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def _csv(self, rows: Sequence[Row]) -> str:
        out = io.StringIO()
        # Python quotes carriage returns only where they end lines.
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(rows[0])
        for row in rows:
            values = (row[name] for name in rows[0])
            writer.writerow(json.dumps(v) if isinstance(v, list) else v for v in values)
        return out.getvalue()

    def _parquet(self, path: Path, rows: Sequence[Row]) -> None:
        names = list(rows[0])
        fields = EXCHANGE_FIELDS | ACCOUNT_FIELDS | MODEL_FIELDS
        types = [_PARQUET_TYPES.get(fields[name].type, "VARCHAR") for name in names]
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'").fetchall()
        listed = ", ".join(f'"{name}" {kind}' for name, kind in zip(names, types, strict=True))
        connection.execute(f"CREATE TABLE t ({listed})").fetchall()
        marks = ", ".join("?" for _ in names)
        for row in rows:
            connection.execute(
                f"INSERT INTO t VALUES ({marks})", [row[name] for name in names]
            ).fetchall()
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)").fetchall()
        connection.close()


@pytest.fixture(scope="session")
def write() -> Writer:
    return Writer()


@pytest.fixture
def exchange() -> Callable[..., Row]:
    """Make a small valid exchange; every call has another id."""
    numbers = itertools.count(1)

    def make(**values: object) -> Row:
        row: Row = {
            "event_id": f"e{next(numbers)}",
            "ts": "2025-05-01T10:00:00Z",
            "account_id": "a1",
            "model": "m1",
        }
        return row | values

    return make
