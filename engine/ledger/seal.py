"""The seal of a SQLite file: a digest of the file itself, kept inside it.

The log covers every value. What it cannot cover is what carries no value: free space in pages,
freed pages, the counters in the file's header. So when a writer closes the ledger it stores the
SHA-256 of the whole file, the digest's own 32 bytes counted as zeros; those are overwritten in
place and move nothing. Every writing transaction takes the seal off again. A kill leaves the file
unsealed until the next writer closes, and a file beyond `LIMIT` is not sealed.

Copies keep their seal: SQLite's backup interface counts on the header's counters, so the seal
remembers them; VACUUM moves everything, and is recognised by doing it again.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, update

from engine.ledger.database import connect
from engine.ledger.schema import SEAL

NO_SEAL = bytes(32)
NO_COUNTERS = bytes(12)
LIMIT = 512 * 2**20
"""Bytes; the file is read into memory to seal it."""

_BUSY_MS = 1_000
_CHANGES, _CHANGES_AGAIN = slice(24, 28), slice(92, 96)
_SCHEMA_CHANGES, _WRITER = slice(40, 44), slice(96, 100)
_JOURNAL = slice(18, 20)
"""Places in a database's header (https://sqlite.org/fileformat2.html, 1.3)."""


def unseal(connection: Connection) -> None:
    """Take the seal off, in the transaction that is about to change the file."""
    off = update(SEAL).where(SEAL.c.digest != NO_SEAL)
    connection.execute(off.values(digest=NO_SEAL, counters=NO_COUNTERS))


def seal(path: Path) -> bool:
    """Seal a file that nobody is writing; return whether it is sealed now.

    A file in use by another writer is left to that writer, and so is one that is damaged.
    """
    try:
        with closing(connect(path, "rw", _BUSY_MS)) as connection:
            # A vacuumed copy has lost the write-ahead log, and without one the commit of the seal
            # would itself count the header's counters up.
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            return _seal(connection)
    except sqlite3.Error:
        return False


def _seal(connection: sqlite3.Connection) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    if size_of(connection) > LIMIT:
        connection.execute("ROLLBACK")
        return False
    counters = _counters(connection.serialize())
    connection.execute("UPDATE seal SET digest = ?, counters = ?", (NO_SEAL, counters))
    digest = hashlib.sha256(connection.serialize()).digest()
    connection.execute("UPDATE seal SET digest = ?", (digest,))
    connection.execute("COMMIT")
    return True


def _counters(content: bytes) -> bytes:
    return content[_CHANGES] + content[_SCHEMA_CHANGES] + content[_WRITER]


def size_of(connection: sqlite3.Connection) -> int:
    """Return the size of the database in bytes."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page_size)


def broken(connection: sqlite3.Connection) -> bool | None:
    """Say whether the seal is broken; None when there is none."""
    digest, counters = connection.execute("SELECT digest, counters FROM seal").fetchone()
    if digest == NO_SEAL or size_of(connection) > LIMIT:
        return None
    content = connection.serialize()
    place = content.find(digest)
    whole = content[:place] + NO_SEAL + content[place + len(NO_SEAL) :]
    if hashlib.sha256(whole).digest() == digest:
        return False
    return bool(hashlib.sha256(_as_before_copying(whole, counters)).digest() != digest)


def _as_before_copying(content: bytes, counters: bytes) -> bytes:
    """Return a copy's content with the counters that it was sealed with.

    The backup interface counts both the change and the schema; where only one of them differs,
    the header was damaged, and the content comes back as it is.
    """
    changes, schema_changes, writer = counters[:4], counters[4:8], counters[8:]
    counted = changes != content[_CHANGES] == content[_CHANGES_AGAIN]
    if not counted or schema_changes == content[_SCHEMA_CHANGES]:
        return content
    before = bytearray(content)
    before[_CHANGES] = before[_CHANGES_AGAIN] = changes
    before[_SCHEMA_CHANGES], before[_WRITER] = schema_changes, writer
    return bytes(before)


def is_vacuumed(connection: sqlite3.Connection) -> bool:
    """Say whether a file is what VACUUM makes of it, so that nothing is left in its free space.

    SQLite lays the pages out in one way when it may write the source, and in another when it
    may only read it. The connection is a reading one, outside of any transaction.
    """
    content = connection.serialize()
    if content[_CHANGES] != content[_CHANGES_AGAIN] or len(content) > LIMIT:
        return False
    if content[_JOURNAL] not in (b"\1\1", b"\2\2"):
        return False
    same = _without_counters(content)
    return same == _without_counters(_vacuumed_in_memory(content)) or same == _without_counters(
        _vacuumed_into_file(connection)
    )


def _vacuumed_in_memory(content: bytes) -> bytes:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        readable = bytearray(content)
        readable[_JOURNAL] = b"\1\1"  # a database in memory has no write-ahead log
        memory.deserialize(bytes(readable))
        memory.execute("VACUUM")
        return memory.serialize()


def _vacuumed_into_file(connection: sqlite3.Connection) -> bytes:
    with tempfile.TemporaryDirectory(prefix="excise-verify-") as folder:
        copy = Path(folder, "copy.db")
        connection.execute("VACUUM INTO ?", (str(copy),))
        with closing(connect(copy, "ro")) as other:
            return other.serialize()


def _without_counters(content: bytes) -> bytes:
    masked = bytearray(content)
    masked[_JOURNAL] = b"\1\1"
    for place in (_CHANGES, _CHANGES_AGAIN, _SCHEMA_CHANGES, _WRITER):
        masked[place] = bytes(4)
    return bytes(masked)
