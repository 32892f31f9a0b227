"""Rows that were just read join those kept, and rows of files that are gone leave them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product

from engine.activity.staging import Kind
from engine.activity.state.store import NAME, ORIGIN, again, once
from engine.activity.workspace import Workspace


def forget(workspace: Workspace, kinds: Sequence[Kind], files: Collection[int]) -> None:
    """Drop all that came from files, by their numbers.

    A row whose identity occurred again stays among those rows, even if it is the last of them.
    """
    if not files:
        return
    listed = ", ".join(map(str, files))
    tables = [f"{NAME}.files", f"{NAME}.set_aside"]
    tables += [named(kind) for kind in kinds for named in (once, again)]
    for name in tables:
        workspace.execute(f"DELETE FROM {name} WHERE file_no IN ({listed})")


def mark_repeated(workspace: Workspace, kind: Kind, gone: Collection[int]) -> None:
    """Leave in `repeated_<kind>` the hashes of identities that will occur more than once.

    Rows staged may repeat one another, or rows kept of files other than those `gone`. Looking comes
    before the transaction.
    """
    staged = f"SELECT hash({kind.key}) AS h FROM {kind.staging}"
    there = f"WHERE file_no NOT IN ({', '.join(map(str, gone))})" if gone else ""
    kept = (
        f"SELECT h FROM (SELECT hash({kind.key}) AS h FROM {table} {there}) WHERE h IN ({staged})"
        for table in (once(kind), again(kind))
    )
    among = f"SELECT h FROM ({staged}) GROUP BY h HAVING count(*) > 1"
    workspace.execute(
        f"CREATE OR REPLACE TEMP TABLE {_repeated(kind)} AS {' UNION '.join([among, *kept])}"
    )


def absorb(workspace: Workspace, kind: Kind) -> None:
    """Move rows from the staging table to those kept."""
    columns = ", ".join([*kind.final_columns, *ORIGIN])
    hashed = f"hash({kind.key})"
    repeated = f"{hashed} IN (SELECT h FROM {_repeated(kind)})"
    if workspace.value(f"SELECT count(*) > 0 FROM {_repeated(kind)}"):
        for table in (once(kind), kind.staging):
            workspace.execute(
                f"INSERT INTO {again(kind)} ({columns}) SELECT {columns} FROM {table} "
                f"WHERE {repeated}"
            )
        workspace.execute(f"DELETE FROM {once(kind)} WHERE {repeated}")
        rest = f"ANTI JOIN {_repeated(kind)} ON h = {hashed}"
    else:
        rest = ""
    workspace.execute(
        f"INSERT INTO {once(kind)} ({columns}) SELECT {columns} FROM {kind.staging} {rest}"
    )


def supplying(workspace: Workspace, kind: Kind, files: Mapping[int, frozenset[str]]) -> None:
    """Say of rows kept what their files supply by now, as that is said of all rows of a file."""
    if not kind.supplied:
        return
    for (number, supplied), table in product(files.items(), (once(kind), again(kind))):
        mask = kind.mask(supplied)
        workspace.execute(
            f"UPDATE {table} SET supplied = {mask} WHERE file_no = {number} AND supplied <> {mask}"
        )


def _repeated(kind: Kind) -> str:
    return f"repeated_{kind.name}"
