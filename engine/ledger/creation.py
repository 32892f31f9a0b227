"""A new ledger's tables, and the check that an existing database is a ledger of this version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from engine.ledger.database import Address, DatabaseError, connect, connect_to_read
from engine.ledger.schema import APPLICATION_ID, METADATA, SCHEMA_VERSION
from engine.ledger.triggers import sqlite_triggers

Schema = frozenset[tuple[str, str, str, str | None]]
"""Type, name, table and SQL of everything in a SQLite schema."""


def prepare_sqlite(where: Address, path: Path, *, create: bool, busy_ms: int) -> None:
    """Make sure that a SQLite file is a ledger of this version; a new file becomes one.

    Raises DatabaseError for a missing file (unless `create`), another program's database, or a
    ledger of another version. Nothing is changed in a file that is refused.
    """
    if not create and not path.exists():
        message = f"there is no ledger at {where}"
        raise DatabaseError(message)
    if create and not path.parent.is_dir():
        message = f"there is no folder {path.parent} for the ledger"
        raise DatabaseError(message)
    opened = connect(path, "rwc", busy_ms) if create else connect_to_read(path, "rw", busy_ms)
    with closing(opened) as connection:
        if _is_new(connection) and create:
            connection.execute("PRAGMA journal_mode=WAL")
            _create(connection)
        check_version(connection, str(where))


def _is_new(connection: sqlite3.Connection) -> bool:
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return objects == 0 and _pragma(connection, "application_id") == 0


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _create(connection: sqlite3.Connection) -> None:
    """Create everything in one transaction; another process may have done so meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    if _is_new(connection):
        for statement in sqlite_ddl():
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        connection.execute("INSERT INTO schema_meta VALUES (1, ?)", (SCHEMA_VERSION,))
        connection.execute("INSERT INTO seal VALUES (1, zeroblob(32), zeroblob(12))")
    connection.execute("COMMIT")


def sqlite_ddl() -> tuple[str, ...]:
    """Return the statements that create tables, indexes and triggers, in order."""
    dialect = sqlite.dialect()
    statements: list[ExecutableDDLElement] = []
    for table in METADATA.sorted_tables:
        statements.append(CreateTable(table))
        statements += map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))
    created = (str(item.compile(dialect=dialect)).strip() for item in statements)
    return (*created, *sqlite_triggers())


def check_version(connection: sqlite3.Connection, where: str) -> None:
    """Raise DatabaseError unless a SQLite database is a ledger of this version."""
    if _pragma(connection, "application_id") != APPLICATION_ID:
        message = f"{where} is a database, but not a ledger"
        raise DatabaseError(message)
    refuse_version(_pragma(connection, "user_version"), where)


def refuse_version(version: int, where: str) -> None:
    """Raise DatabaseError for any schema version but this one."""
    if version > SCHEMA_VERSION:
        message = f"the ledger {where} was made by a newer release (schema {version})"
        raise DatabaseError(message, hint="upgrade this installation")
    if version < SCHEMA_VERSION:
        message = f"the ledger {where} has schema {version}, not {SCHEMA_VERSION}"
        hint = "read it with the release that made it, and begin another one"
        raise DatabaseError(message, hint=hint)


def schema_of(connection: sqlite3.Connection) -> Schema:
    """Return what a SQLite schema holds, without SQLite's own objects."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema "
        "WHERE name NOT LIKE 'sqlite_autoindex%'"
    )
    return frozenset((row[0], row[1], row[2], row[3]) for row in rows)


def expected_schema() -> Schema:
    """Return the schema of a ledger of this version."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in sqlite_ddl():
            connection.execute(statement)
        return schema_of(connection)
