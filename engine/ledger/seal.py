"""The seal of a SQLite file: a digest of the file itself, kept inside it.

The log covers every value. What it cannot cover is what carries no value: free space in pages,
freed pages, the counters in the file's header. So when a writer closes the ledger it stores the
SHA-256 of the whole file, the digest's own 32 bytes counted as zeros; those are overwritten in
place and move nothing. Every writing transaction takes the seal off again. A kill leaves the file
unsealed until the next writer closes, and a file beyond `LIMIT` is not sealed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, update

from engine.ledger.database import connect
from engine.ledger.schema import SEAL

NO_SEAL = bytes(32)
LIMIT = 512 * 2**20
"""Bytes; the file is read into memory to seal it."""

_BUSY_MS = 1_000


def unseal(connection: Connection) -> None:
    """Take the seal off, in the transaction that is about to change the file."""
    connection.execute(update(SEAL).where(SEAL.c.digest != NO_SEAL).values(digest=NO_SEAL))


def seal(path: Path) -> bool:
    """Seal a file that nobody is writing; return whether it is sealed now.

    A file in use by another writer is left to that writer, and so is one that is damaged.
    """
    try:
        with closing(connect(path, "rw", _BUSY_MS)) as connection:
            return _seal(connection)
    except sqlite3.Error:
        return False


def _seal(connection: sqlite3.Connection) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    if size_of(connection) > LIMIT:
        connection.execute("ROLLBACK")
        return False
    connection.execute("UPDATE seal SET digest = ?", (NO_SEAL,))
    digest = hashlib.sha256(connection.serialize()).digest()
    connection.execute("UPDATE seal SET digest = ?", (digest,))
    connection.execute("COMMIT")
    return True


def size_of(connection: sqlite3.Connection) -> int:
    """Return the size of the database in bytes."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(page_size)


def broken(connection: sqlite3.Connection) -> bool | None:
    """Say whether the seal is broken; None when there is none."""
    (digest,) = connection.execute("SELECT digest FROM seal").fetchone()
    if digest == NO_SEAL or size_of(connection) > LIMIT:
        return None
    content = connection.serialize()
    place = content.find(digest)
    whole = hashlib.sha256(content[:place])
    whole.update(NO_SEAL)
    whole.update(content[place + len(NO_SEAL) :])
    return bool(whole.digest() != digest)
