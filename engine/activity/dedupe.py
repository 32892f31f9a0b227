"""One row for each identity, the same one whatever order the files come in."""

from __future__ import annotations

from dataclasses import dataclass

from engine.activity.staging import Kind
from engine.activity.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Deduped:
    """Rows dropped, and contents beyond the first under one identity."""

    duplicates: int
    collisions: int


def dedupe(workspace: Workspace, kind: Kind) -> Deduped:
    """Keep of each identity the row with the smallest digest."""
    if not _suspects(workspace, kind, kind.key):
        return Deduped(0, 0)
    _rank(workspace, kind, kind.key, "said")
    return _drop(workspace, kind, "place > 1")


def dedupe_foreign(workspace: Workspace, kind: Kind) -> Deduped:
    """Drop redelivered records; keep those that differ, numbered where they share an id.

    A foreign id is not unique, so identity is the id with time and account, and only a record
    equal in all that it says is a redelivery. In the order of their digests the second and
    further rows of one id are called `<id>#2` and so on.
    """
    if not _suspects(workspace, kind, kind.key):
        return Deduped(0, 0)
    identity = ", ".join(dict.fromkeys((kind.key, *_also(kind))))
    _rank(workspace, kind, identity, "record")
    dropped = _drop(workspace, kind, "copy > 1")
    order = ", ".join((*_also(kind), "record"))
    workspace.execute(
        f"""UPDATE {kind.staging} AS s SET {kind.key} = s.{kind.key} || '#' || n.place
            FROM (SELECT rowid AS r, row_number() OVER
                    (PARTITION BY {kind.key} ORDER BY {order}) AS place
                  FROM {kind.staging} WHERE hash({kind.key}) IN (SELECT h FROM suspects)) AS n
            WHERE s.rowid = n.r AND n.place > 1"""
    )
    return dropped


def _also(kind: Kind) -> tuple[str, ...]:
    return ("ts_us", "account_id") if kind.name == "exchanges" else ()


def _suspects(workspace: Workspace, kind: Kind, key: str) -> bool:
    """Find the hashes that occur twice: one cheap pass over eight bytes a row."""
    workspace.execute(
        f"CREATE OR REPLACE TEMP TABLE suspects AS SELECT hash({key}) AS h "
        f"FROM {kind.staging} GROUP BY h HAVING count(*) > 1"
    )
    return bool(workspace.value("SELECT count(*) > 0 FROM suspects"))


def _rank(workspace: Workspace, kind: Kind, identity: str, content: str) -> None:
    """Number the contents of each identity, and the copies of each.

    A copy whose file tells more comes first: files' order decides only between equal rows.
    """
    best = "supplied DESC, file_no, row_no" if kind.supplied else "file_no, row_no"
    workspace.execute(
        f"""CREATE OR REPLACE TEMP TABLE ranked AS
            SELECT r, content,
                   row_number() OVER (PARTITION BY {identity} ORDER BY content, {best}) AS place,
                   row_number() OVER (PARTITION BY {identity}, content
                                      ORDER BY {best}) AS copy
            FROM (SELECT *, {content} AS content, rowid AS r FROM {kind.staging}
                  WHERE hash({kind.key}) IN (SELECT h FROM suspects))"""
    )


def _drop(workspace: Workspace, kind: Kind, condition: str) -> Deduped:
    duplicates, collisions = workspace.rows(
        f"""SELECT count(CASE WHEN {condition} THEN 1 END),
                   count(CASE WHEN copy = 1 AND place > 1 THEN 1 END) FROM ranked"""
    )[0]
    workspace.execute(
        f"DELETE FROM {kind.staging} WHERE rowid IN (SELECT r FROM ranked WHERE {condition})"
    )
    return Deduped(int(duplicates), int(collisions))
