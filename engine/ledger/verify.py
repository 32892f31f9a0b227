"""Verification: that the ledger still says what it said when it was written.

Every value of every table is covered: the log by its hashes and checkpoints; runs, findings, cases,
actions and decisions by replaying it; facts, members and samples by the digests in it; the tables,
indexes and triggers by comparing the schema; and on SQLite the file itself by its seal. What is
left: a change of whoever can rewrite everything, log and checkpoints alike, is found only by a size
and root kept elsewhere (`expected`), and so is the loss of the newest entries. In a SQLite file
that has no seal, because its last writer was killed or it exceeds 512 MiB, changed bytes that carry
no value (free space, the header's counters) are not found; in one rewritten by VACUUM, such as a
backup, only the header's schema cookie and writer version (8 bytes, no value) are not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, StaticPool, create_engine, text

from engine.ledger.comparison import compare_satellites, compare_state
from engine.ledger.database import Address, address, connect_to_read, engine_for
from engine.ledger.file_checks import check_file, check_seal, seal_is_broken
from engine.ledger.merkle import EMPTY_ROOT
from engine.ledger.problems import Problem, Problems
from engine.ledger.replay import Progress, Replay, Replayed, replayed_state
from engine.ledger.server_checks import check_server


@dataclass(frozen=True, slots=True)
class Verification:
    """The result: `root` (hex) is that of the `entries` entries as they are stored."""

    ok: bool
    entries: int
    root: str
    problems: tuple[Problem, ...]


def verify(
    ledger_url: str,
    *,
    expected: tuple[int, str] | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Verify a ledger without changing it; `expected` is a size and root (hex) kept elsewhere.

    Raises DatabaseError for a URL that cannot be read or a role that may not read, RetryableError
    when the database is busy or cannot be reached; all else that is wrong comes back as a problem.
    """
    where = address(ledger_url)
    problems = Problems()
    replayed = Replayed(0, EMPTY_ROOT, whole=False)
    with problems.noting("file" if where.path else "database"):
        if where.path:
            replayed = _verify_file(where.path, expected, progress, problems)
        else:
            replayed = _verify_server(where, expected, progress, problems)
    found = problems.all()
    return Verification(not found, replayed.size, replayed.root.hex(), found)


def _verify_file(
    path: Path, expected: tuple[int, str] | None, progress: Progress | None, problems: Problems
) -> Replayed:
    if not path.is_file():
        problems.add("file", "there is no ledger here")
        return Replayed(0, EMPTY_ROOT, whole=False)
    with _opened(path) as raw:
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        with engine.connect() as source:
            raw.execute("BEGIN")
            check_file(raw, path, problems)
            replayed = _verify_content(source, expected, progress, problems)
            seal_broken = seal_is_broken(raw, problems)
            raw.execute("ROLLBACK")
        check_seal(raw, problems, seal_broken=seal_broken)
    return replayed


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file for reading, its text as the bytes are, valid or not."""
    raw = connect_to_read(path, "ro")
    try:
        raw.text_factory = lambda value: value.decode("utf-8", "surrogateescape")
        raw.execute("PRAGMA cell_size_check=ON")
        yield raw
    finally:
        raw.close()


def _verify_server(
    where: Address, expected: tuple[int, str] | None, progress: Progress | None, problems: Problems
) -> Replayed:
    engine = engine_for(where, writes=False)
    try:
        with engine.connect() as source:
            source.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            check_server(source, problems)
            return _verify_content(source, expected, progress, problems)
    finally:
        engine.dispose()


def _verify_content(
    source: Connection,
    expected: tuple[int, str] | None,
    progress: Progress | None,
    problems: Problems,
) -> Replayed:
    """Replay the log, and compare the tables with what came out unless it did not replay."""
    with replayed_state() as state:
        replayed = Replay(state, problems, expected).read(source, progress)
        if replayed.whole:
            compare_state(source, state, problems)
            compare_satellites(source, state, problems)
    return replayed
