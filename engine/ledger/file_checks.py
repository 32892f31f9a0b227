"""What can be wrong with a SQLite file beneath the log: its structure, schema and free space."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from engine.ledger.creation import check_version, expected_schema, schema_of
from engine.ledger.problems import Problems
from engine.ledger.schema import SCHEMA_VERSION
from engine.ledger.seal import NO_COUNTERS, NO_SEAL, broken, is_vacuumed, size_of


def check_file(connection: sqlite3.Connection, path: Path, problems: Problems) -> None:
    """Note what is wrong with an open file; the connection is inside a read transaction."""
    checks: tuple[tuple[str, Callable[[], None]], ...] = (
        ("file", lambda: check_version(connection, path.name)),
        ("file", lambda: _check_size(connection, path, problems)),
        ("file", lambda: _check_structure(connection, problems)),
        ("schema", lambda: _check_schema(connection, problems)),
        ("schema", lambda: _check_fixed_rows(connection, problems)),
    )
    for where, check in checks:
        with problems.noting(where):
            check()


def _check_size(connection: sqlite3.Connection, path: Path, problems: Problems) -> None:
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        return  # pages are still in the write-ahead log
    if path.stat().st_size != size_of(connection):
        problems.add("file", "is longer or shorter than its pages")


def _check_structure(connection: sqlite3.Connection, problems: Problems) -> None:
    for (finding,) in connection.execute("PRAGMA integrity_check"):
        if finding != "ok":
            problems.add("file", ascii(finding)[1:-1])
    for table, *_ in connection.execute("PRAGMA foreign_key_check"):
        problems.add(str(table), "a row refers to one that is not there")


def _check_schema(connection: sqlite3.Connection, problems: Problems) -> None:
    found, expected = schema_of(connection), expected_schema()
    names = {item[:2] for item in found}
    for kind, name, _, _ in sorted(expected - found, key=repr):
        how = "was changed" if (kind, name) in names else "is missing"
        problems.add("schema", f"{kind} {name} {how}")
    known = {item[:2] for item in expected}
    for kind, name, _, _ in sorted(found - expected, key=repr):
        if (kind, name) not in known:
            problems.add("schema", f"{ascii(kind)[1:-1]} {name!a} does not belong to a ledger")


def _check_fixed_rows(connection: sqlite3.Connection, problems: Problems) -> None:
    if connection.execute("SELECT id, version FROM schema_meta").fetchall() != [
        (1, SCHEMA_VERSION)
    ]:
        problems.add("schema_meta", "does not hold this schema's version")
    rows = connection.execute("SELECT id, digest, counters FROM seal").fetchall()
    if len(rows) != 1 or (rows[0][1] == NO_SEAL and rows[0] != (1, NO_SEAL, NO_COUNTERS)):
        problems.add("seal", "is neither one digest nor none")


def check_seal(
    connection: sqlite3.Connection, problems: Problems, *, seal_broken: bool | None
) -> None:
    """Note bytes that changed since the file was sealed; not inside a transaction.

    A copy made by VACUUM, as backups are, holds the same values on other pages: it passes when it
    is what VACUUM would make of it again, for then nothing is left in its free space.
    """
    with problems.noting("file"):
        if seal_broken and not is_vacuumed(connection):
            problems.add("file", "bytes changed since it was sealed")


def seal_is_broken(connection: sqlite3.Connection, problems: Problems) -> bool | None:
    """Say whether the seal is broken, None when there is none, as of a read transaction."""
    with problems.noting("file"):
        return broken(connection)
    return None
