"""Digests of rows that mean the same whatever files they came from and in whatever order."""

from __future__ import annotations

import hashlib

from engine.activity.staging import ALL_KINDS, Kind
from engine.activity.workspace import Workspace

_LOW_64 = 2**64 - 1


def row_sql(kind: Kind, *, with_supplied: bool = True) -> str:
    """Return SQL for the canonical text of a row.

    Each value is preceded by its length, so no two different rows have the same text; NULL has
    no length. Numbers derived from an address are left out.
    """
    parts: list[str] = []
    for name, sql_type in kind.final_columns.items():
        if name == "supplied" and not with_supplied:
            continue
        if name.endswith(("_number", "_network")):
            continue
        if sql_type.endswith("[]"):
            parts.append(_list_sql(name))
        elif sql_type == "VARCHAR":
            parts.append(f"strlen({name}), ':', {name}")
        else:
            parts.append(name)
    listed = ", ',', ".join(parts)
    return f"concat({listed})"


def activity_digest(workspace: Workspace) -> str:
    """Return the SHA-256 (hex) of all rows of the activity tables.

    Rows enter as a count and sums of the halves of their MD5, which needs no sorting. That tells
    inputs apart; it is no proof against someone who forges rows to fit.
    """
    whole = hashlib.sha256()
    for kind in ALL_KINDS:
        row = workspace.rows(
            "SELECT count(*), coalesce(sum(CAST(m >> 64 AS UBIGINT)), 0), "
            f"coalesce(sum(CAST(m & {_LOW_64} AS UBIGINT)), 0) "
            f"FROM (SELECT md5_number({row_sql(kind)}) AS m FROM {kind.table})"
        )[0]
        whole.update(f"{kind.name}:{row[0]}:{row[1]}:{row[2]}\n".encode())
    return whole.hexdigest()


def _list_sql(name: str) -> str:
    items = f"list_transform({name}, lambda e: concat(strlen(CAST(e AS VARCHAR)), ':', e))"
    return f"len({name}), '[', array_to_string({items}, '')"
