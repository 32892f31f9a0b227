"""Digests of rows that mean the same whatever files they came from and in whatever order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from engine.activity.workspace import Workspace

_LOW_64 = 2**64 - 1


def row_sql(values: Mapping[str, tuple[str, str]]) -> str:
    """Return SQL for the canonical text of a row, given SQL and SQL type of each value.

    Each value is preceded by its length, so no two different rows have the same text; NULL has
    no length. A value that is known to be `NULL` in every row costs nothing and changes nothing.
    """
    parts = (part for value, sql_type in values.values() for part in _value_sql(value, sql_type))
    return f"concat({', '.join(parts)})"


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


def _value_sql(value: str, sql_type: str) -> list[str]:
    if value == "NULL":
        return [
            "',[,'" if sql_type.endswith("[]") else "',:,'" if sql_type == "VARCHAR" else "',,'"
        ]
    if sql_type.endswith("[]"):
        items = f"list_transform({value}, lambda e: concat(strlen(CAST(e AS VARCHAR)), ':', e))"
        return ["','", f"len({value})", "'['", f"array_to_string({items}, '')", "','"]
    if sql_type == "VARCHAR":
        return ["','", f"strlen({value})", "':'", value, "','"]
    return ["','", value, "','"]
