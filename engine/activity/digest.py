"""Digests of rows that mean the same whatever files they came from and in whatever order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from engine.activity.workspace import Workspace

_LOW_64 = 2**64 - 1
_MARK = "chr(31)"


def row_sql(values: Mapping[str, tuple[str, str]]) -> str:
    """Return SQL for the canonical text of a row, given SQL and SQL type of each value.

    A control character stands before each value. In the rare row that has it in a text each value
    is preceded by its length instead, and the row by a comma, so no two different rows have the
    same text; the empty text is taken for NULL. A value that is known to be `NULL` in every row
    costs nothing and changes nothing.
    """
    texts = [value for value, type_ in values.values() if type_ == "VARCHAR" and value != "NULL"]
    plain = _concat(part for value, type_ in values.values() for part in _plain(value, type_))
    if not texts:
        return plain
    careful = _concat(part for value, type_ in values.values() for part in _careful(value, type_))
    return f"CASE WHEN contains({_concat(texts)}, {_MARK}) THEN {careful} ELSE {plain} END"


def table_digest(workspace: Workspace, table: str, *, masked: bool) -> str:
    """Return the text that stands for all rows of a table with their digests in `said`.

    Rows enter as a count and sums of the halves of their MD5, which needs no sorting, apart for
    each mask of `supplied` where the table is `masked`. That tells inputs apart; it is no proof
    against someone who forges rows to fit.
    """
    mask = "supplied" if masked else "0"
    rows = workspace.rows(
        f"SELECT {mask}, count(*), sum(CAST(said >> 64 AS UBIGINT)), "
        f"sum(CAST(said & {_LOW_64} AS UBIGINT)) FROM {table} GROUP BY 1 ORDER BY 1"
    )
    return "".join(":".join(map(str, row)) + "\n" for row in rows)


def activity_digest(tables: Mapping[str, str]) -> str:
    """Return the SHA-256 (hex) of the activity, given the text of each kind of input."""
    whole = hashlib.sha256()
    for name, rows in tables.items():
        whole.update(f"{name}\n{rows}\n".encode())
    return whole.hexdigest()


def _concat(parts: Iterable[str]) -> str:
    return f"concat({', '.join(parts)})"


def _plain(value: str, sql_type: str) -> list[str]:
    if value == "NULL":
        return [_MARK]
    return [_MARK, *_items(value, sql_type)] if sql_type.endswith("[]") else [_MARK, value]


def _careful(value: str, sql_type: str) -> list[str]:
    if sql_type.endswith("[]"):
        return ["','", *([] if value == "NULL" else _items(value, sql_type))]
    if sql_type != "VARCHAR":
        return ["','"] if value == "NULL" else ["','", value]
    return ["',:'"] if value == "NULL" else ["','", f"nullif(strlen({value}), 0)", "':'", value]


def _items(value: str, sql_type: str) -> list[str]:
    """A list of numbers speaks for itself; texts come with their number and their lengths."""
    if sql_type != "VARCHAR[]":
        return [f"CAST({value} AS VARCHAR)"]
    items = f"list_transform({value}, lambda e: concat(strlen(e), ':', e))"
    return [f"len({value}) || '['", f"array_to_string({items}, '')"]
