"""What can be wrong with a SQLite file as a file, beneath the log: structure, schema, free space."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from engine.ledger.creation import check_version, expected_schema, schema_of
from engine.ledger.database import connect
from engine.ledger.problems import Problems
from engine.ledger.schema import SCHEMA_VERSION
from engine.ledger.seal import LIMIT, NO_SEAL, broken, size_of

_COUNTERS = ((24, 28), (40, 44), (92, 100))
"""Bytes of the file's header that VACUUM counts on: changes, schema changes, the writer's version."""


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
    rows = connection.execute("SELECT id, length(digest) FROM seal").fetchall()
    if rows != [(1, len(NO_SEAL))]:
        problems.add("seal", "is not one digest")


def check_seal(
    connection: sqlite3.Connection, problems: Problems, *, seal_broken: bool | None
) -> None:
    """Note bytes that changed since the file was sealed; not inside a transaction.

    A copy made by VACUUM, as backups are, holds the same values on other pages: it passes when it
    is what VACUUM would make of it again, for then nothing is left in its free space.
    """
    with problems.noting("file"):
        if seal_broken and not _is_vacuumed(connection):
            problems.add("file", "bytes changed since it was sealed")


def seal_is_broken(connection: sqlite3.Connection, problems: Problems) -> bool | None:
    """Say whether the seal is broken, None when there is none, as of a read transaction."""
    with problems.noting("file"):
        return broken(connection)
    return None


def _is_vacuumed(connection: sqlite3.Connection) -> bool:
    content = connection.serialize()
    if content[24:28] != content[92:96] or len(content) > LIMIT:
        return False
    with tempfile.TemporaryDirectory(prefix="excise-verify-") as folder:
        copy = Path(folder, "copy.db")
        connection.execute("VACUUM INTO ?", (str(copy),))
        with closing(connect(copy, "ro")) as other:
            return _without_counters(content) == _without_counters(other.serialize())


def _without_counters(content: bytes) -> bytes:
    masked = bytearray(content)
    for start, end in _COUNTERS:
        masked[start:end] = bytes(end - start)
    return bytes(masked)
