"""The whole content of a ledger, without what a clock wrote."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from engine.ledger.schema import METADATA

_CLOCK = frozenset({"recorded_us"})
_HASHES = frozenset({"root", "frontier", "digest", "counters"})
"""These follow from the log's bodies and the file's bytes; the bodies are compared themselves."""


def state(path: Path) -> dict[str, list[dict[str, object]]]:
    """Return every table's rows in order, the clock's columns and fields left out."""
    found: dict[str, list[dict[str, object]]] = {}
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        for table in sorted(METADATA.tables):
            rows = [_clean(dict(row)) for row in connection.execute(f"SELECT * FROM {table}")]
            found[table] = sorted(rows, key=repr)
    return found


def _clean(row: dict[str, object]) -> dict[str, object]:
    kept = {k: v for k, v in row.items() if k not in _CLOCK | _HASHES}
    body = kept.get("body")
    if isinstance(body, (str, bytes)):
        kept["body"] = _without_clock(json.loads(body))
    return kept


def _without_clock(value: object) -> object:
    if isinstance(value, dict):
        return {k: _without_clock(v) for k, v in value.items() if k not in _CLOCK}
    if isinstance(value, list):
        return [_without_clock(item) for item in value]
    return value
