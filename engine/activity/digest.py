"""Digests of rows that mean the same whatever files they came from and in whatever order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from engine.activity.staging import ALL_KINDS, Kind
from engine.activity.workspace import Workspace

_LOW_64 = 2**64 - 1


def row_sql(kind: Kind, *, with_supplied: bool = True, empty: frozenset[str] = frozenset()) -> str:
    """Return SQL for the canonical text of a row.

    Each value is preceded by its length, so no two different rows have the same text; NULL has
    no length. Numbers derived from an address are left out. Naming the columns that are `empty`,
    NULL in every row, saves time and changes nothing.
    """
    parts: list[str] = []
    for name, sql_type in kind.final_columns.items():
        derived = name.endswith(("_number", "_network"))
        if not derived and (with_supplied or name != "supplied"):
            parts += _value_sql("NULL" if name in empty else name, sql_type)
    return f"concat({', '.join(parts)})"


def activity_digest(workspace: Workspace, kinds: Sequence[Kind] = ALL_KINDS) -> str:
    """Return the SHA-256 (hex) of all rows of the activity tables.

    Rows enter as a count and sums of the halves of their MD5, which needs no sorting. That tells
    inputs apart; it is no proof against someone who forges rows to fit.
    """
    whole = hashlib.sha256()
    for kind in kinds:
        empty = _empty_columns(workspace, kind)
        row = workspace.rows(
            "SELECT count(*), coalesce(sum(CAST(m >> 64 AS UBIGINT)), 0), "
            f"coalesce(sum(CAST(m & {_LOW_64} AS UBIGINT)), 0) "
            f"FROM (SELECT md5_number({row_sql(kind, empty=empty)}) AS m FROM {kind.table})"
        )[0]
        whole.update(f"{kind.name}:{row[0]}:{row[1]}:{row[2]}\n".encode())
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


def _empty_columns(workspace: Workspace, kind: Kind) -> frozenset[str]:
    names = list(kind.final_columns)
    counts = ", ".join(f"count({name})" for name in names)
    row = workspace.rows(f"SELECT {counts} FROM {kind.table}")[0]
    return frozenset(name for name, count in zip(names, row, strict=True) if count == 0)
