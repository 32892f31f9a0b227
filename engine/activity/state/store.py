"""The state's database, attached to the workspace as `kept`: whose it is, and what is in it.

`about`      one row: by what the rows were read, and which columns of exchanges they have
`files`      each file that rows are from, with its mark
`set_aside`  rows in quarantine, as the table of that name while reading
`exchanges`, `accounts`, `models`
             typed rows with their origin, those of which the identity occurs once
`exchanges_again`, `accounts_again`, `models_again`
             rows of which it occurs more than once; which of them count is settled in every run,
             since that depends on the period, and changes as files come and go
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from engine.activity.staging import Kind, stored
from engine.activity.state.meaning import Meaning
from engine.activity.workspace import Workspace
from engine.errors import InputError, RetryableError

NAME = "kept"
_FILE = "activity.duckdb"
_LOCK = "lock"
_LOCKED = "Could not set lock"
"""What DuckDB says of a file that another program has open; it speaks of damaged blocks, too."""
_PRIVATE = 0o077

ORIGIN = {"file_no": "INTEGER", "row_no": "BIGINT", "said": "UHUGEINT", "record": "VARCHAR"}
"""Columns that rows have beside those of the final table; see `staging`."""

_TABLES = {
    "about": {"engine": "VARCHAR", "records": "VARCHAR", "columns": "VARCHAR[]"},
    "files": {
        "file_no": "INTEGER", "path": "VARCHAR", "kind": "VARCHAR", "stat": "VARCHAR",
        "size": "BIGINT", "digest": "VARCHAR", "lines": "BIGINT", "supplied": "VARCHAR[]",
        "left_out": "BIGINT",
    },
    "set_aside": {
        "file_no": "INTEGER", "row_no": "BIGINT", "field": "VARCHAR", "reason": "VARCHAR",
        "raw": "VARCHAR",
    },
}  # fmt: skip
"""The columns of the tables that hold no rows of activity."""


def once(kind: Kind) -> str:
    """Return the table of rows whose identity occurs once."""
    return f"{NAME}.{kind.name}"


def again(kind: Kind) -> str:
    """Return the table of rows whose identity occurs more than once."""
    return f"{NAME}.{kind.name}_again"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder alone; the lock is gone with the process, however that ends.

    Raises RetryableError while another run holds it, InputError for one that cannot be written.
    """
    try:
        with private():
            folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        message = f"cannot keep state in {folder}: {error}"
        raise InputError(message) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise in_use(folder) from error
    try:
        yield
    finally:
        os.close(lock)


def attach(workspace: Workspace, folder: Path) -> bool:
    """Attach the database of a folder that is held; return whether there was one.

    Raises RetryableError where some other program has it open, `duckdb.Error` for what is none.
    """
    path = folder / _FILE
    there = path.exists()
    quoted = str(path).replace("'", "''")
    try:
        with private():
            workspace.execute(f"ATTACH '{quoted}' AS {NAME} (STORAGE_VERSION 'latest')")
    except duckdb.IOException as error:
        if _LOCKED in str(error):
            raise in_use(folder) from error
        raise
    return there


def detach(workspace: Workspace) -> None:
    """Let go of the database, if it is attached."""
    with private():
        workspace.execute(f"DETACH DATABASE IF EXISTS {NAME}")


def discard(folder: Path) -> None:
    """Throw away the database of a folder that is held."""
    for name in (_FILE, f"{_FILE}.wal"):
        (folder / name).unlink(missing_ok=True)


def condemn(folder: Path) -> None:
    """Leave of a damaged database only that there was one."""
    discard(folder)
    with private():
        (folder / _FILE).write_text("damaged, and thrown away\n", encoding="ascii")


def in_use(folder: Path) -> RetryableError:
    """Return the error of who comes second."""
    hint = "wait for it, or give each activity a folder of its own"
    return RetryableError(f"another run is using the state in {folder}", hint=hint)


def differs(workspace: Workspace, meaning: Meaning, kinds: Sequence[Kind]) -> str | None:
    """Return why the rows kept are not those that this run needs, None if they are."""
    try:
        ((engine, records, columns),) = workspace.rows(
            f"SELECT engine, records, columns FROM {NAME}.about"
        )
    except (duckdb.CatalogException, duckdb.BinderException):
        return "was not made by this version of Excise"
    if not _whole(workspace, kinds, columns):
        return "was not made by this version of Excise"
    if engine != meaning.engine:
        return "was made by another version of Excise"
    if records != meaning.records:
        return "was made with other declared fields, or from another source"
    if missing := sorted(_columns(kinds) - set(columns)):
        return f"lacks what the pack looks at: {', '.join(missing)}"
    return None


def _whole(workspace: Workspace, kinds: Sequence[Kind], exchanges: Sequence[str]) -> bool:
    """Whether all tables have their columns.

    A program that is upgraded while it runs makes those of its old code, and says it is the new.
    """
    rows = workspace.rows(
        "SELECT table_name, list(column_name) FROM duckdb_columns() "
        f"WHERE database_name = '{NAME}' GROUP BY ALL"
    )
    there = {str(name): set(columns) for name, columns in rows}
    needed = {name: set(types) for name, types in _TABLES.items()}
    for kind in kinds:
        kept = exchanges if kind is kinds[0] else kind.final_columns
        needed[kind.name] = needed[f"{kind.name}_again"] = {*kept, *ORIGIN}
    return all(columns == there.get(name) for name, columns in needed.items())


def kept_columns(workspace: Workspace) -> frozenset[str]:
    """Return the columns of exchanges that rows have."""
    return frozenset(workspace.value(f"SELECT columns FROM {NAME}.about"))


def create(workspace: Workspace, meaning: Meaning, kinds: Sequence[Kind]) -> None:
    """Make the tables, empty; only the commit of what is read into them makes them last."""
    tables = {
        name: ", ".join(f"{column} {type_}" for column, type_ in types.items())
        for name, types in _TABLES.items()
    }
    for kind in kinds:
        types = kind.final_columns | ORIGIN
        listed = ", ".join(f"{name} {type_}{stored(name)}" for name, type_ in types.items())
        tables |= {kind.name: listed, f"{kind.name}_again": listed}
    with private():
        for name, listed in tables.items():
            workspace.execute(f"CREATE OR REPLACE TABLE {NAME}.{name} ({listed})")
        workspace.execute(
            f"INSERT INTO {NAME}.about VALUES (?, ?, ?)",
            [meaning.engine, meaning.records, sorted(_columns(kinds))],
        )


@contextmanager
def transaction(workspace: Workspace) -> Iterator[None]:
    """Make all changes of the block last, or none."""
    with private():
        workspace.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            workspace.execute("ROLLBACK")
            raise
        workspace.execute("COMMIT")


@contextmanager
def private() -> Iterator[None]:
    """Let nobody but the owner read files that are made meanwhile."""
    before = os.umask(_PRIVATE)
    try:
        yield
    finally:
        os.umask(before)


def _columns(kinds: Sequence[Kind]) -> set[str]:
    return set(kinds[0].final_columns)
