"""Connections to a ledger's database: addresses, pragmas, transactions, and faults in words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from engine.errors import ExciseError, ExitCode, RetryableError

BUSY_MS = 10_000
"""How long a writer waits for another one before it gives up."""

_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_REFUSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_POSTGRES_RULES = ("23", "42", "P0")  # constraints, rights and missing tables, our triggers
_POSTGRES_BUSY = ("40001", "40P01", "55P03", "57014")
_POSTGRES_FULL = "53100"
_POSTGRES_READ_ONLY = "25006"
_POSTGRES_NOT_ALLOWED = "42501"
_POSTGRES_AWAY = ("08", "53", "57P")
"""Lost connections, a server short of something, and one that stops, starts or lets nobody in."""


class DatabaseError(ExciseError):
    """The ledger's database cannot be used: an address, a file or a schema that is wrong."""


class NoRoomError(RetryableError):
    """The disk is full."""


class NotAllowedError(DatabaseError):
    """The role has no right to what it asks for, so it can say nothing about the ledger."""


class DamagedError(ExciseError):
    """The ledger's database contradicts itself."""

    exit_code = ExitCode.TAMPERED


@dataclass(frozen=True, slots=True)
class Address:
    """Where a ledger is kept."""

    url: URL
    path: Path | None
    """The file, for SQLite."""

    def __str__(self) -> str:
        return str(self.path) if self.path else self.url.render_as_string(hide_password=True)


def address(text: str) -> Address:
    """Return the address that a URL or a plain path names.

    Raises DatabaseError for what is neither `sqlite:///path`, a path, nor `postgresql://…`.
    """
    url = _url(text) if "://" in text else URL.create("sqlite", database=text)
    match url.get_backend_name():
        case "sqlite":
            return Address(url, _path(url, text))
        case "postgresql":
            return Address(url.set(drivername="postgresql+psycopg"), None)
        case other:
            message = f"a ledger cannot be kept in `{other}`"
            raise DatabaseError(message, hint="use sqlite:///path or postgresql+psycopg://…")


def _url(text: str) -> URL:
    try:
        url = make_url(text)
        url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        message = "the ledger's URL cannot be read"
        raise DatabaseError(message, hint="use sqlite:///path or postgresql+psycopg://…") from error
    return url


def _path(url: URL, text: str) -> Path:
    database = url.database or ""
    if not database or database == ":memory:" or "\0" in database or url.host or url.query:
        message = f"`{text!s}` names no file for the ledger"
        raise DatabaseError(message, hint="use sqlite:///path; a ledger in memory would be lost")
    path = Path(database).absolute()
    if path.is_dir():
        raise DatabaseError(f"{path} is a folder, not a ledger", hint="name the file in it")
    return path


def engine_for(where: Address, *, writes: bool, busy_ms: int = BUSY_MS) -> Engine:
    """Return an engine; a SQLite writer takes the write lock as each transaction begins."""
    if where.path is None:
        options = f"-c lock_timeout={busy_ms} -c statement_timeout=600000"
        return create_engine(
            where.url,
            connect_args={"options": options},
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,  # a long run must not fail for a connection lost while it counted
        )
    path, opened = where.path, connect if writes else connect_to_read
    engine = create_engine(where.url, creator=lambda: opened(path, "rw", busy_ms))
    _begin_with(engine, "BEGIN IMMEDIATE" if writes else "BEGIN")
    return engine


def connect(path: Path, mode: str, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """Open a SQLite file with the pragmas of a ledger; `mode` is ro, rw or rwc."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=busy_ms / 1000,
    )
    try:
        for pragma in (
            "foreign_keys=ON",
            "recursive_triggers=ON",
            "synchronous=FULL",
            "trusted_schema=OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path, mode: str, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """Open a SQLite file, also where SQLite may not write its shared memory beside it.

    An auditor's copy is often read-only. While a write-ahead log has pages, the file alone is not
    the ledger, so then it is not opened without.
    """
    try:
        connection = connect(path, mode, busy_ms)
        try:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
    except sqlite3.OperationalError as error:
        log = path.with_name(path.name + "-wal")
        refused = error.sqlite_errorcode & 0xFF in _REFUSED
        if not refused or (log.exists() and log.stat().st_size):
            raise
        return connect(path, "ro&immutable=1", busy_ms)
    return connection


def _begin_with(engine: Engine, statement: str) -> None:
    """Replace the driver's late BEGIN: an upgrade of a read lock fails despite the timeout."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


@contextmanager
def faults(where: Address | str) -> Iterator[None]:
    """Turn a database's exceptions into errors that a person can act on.

    Raises RetryableError when it is busy, full or cannot be reached, DamagedError when its file is
    corrupt, DatabaseError for anything else.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise fault(where, error) from error


def fault(where: Address | str, error: Exception) -> ExciseError:
    """Name a database's exception; its statement and values are left out: they may be evidence."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    state = getattr(cause, "sqlstate", None)
    if code in _BUSY or state in _POSTGRES_BUSY:
        return RetryableError(f"the ledger {where} is busy", hint="try again when it is free")
    if code == sqlite3.SQLITE_FULL or state == _POSTGRES_FULL:
        return NoRoomError(f"no room for the ledger {where}", hint="free some disk space")
    if state is not None:
        return _server_fault(where, cause, state)
    if code or isinstance(cause, sqlite3.OperationalError):
        return _file_fault(where, cause, code)
    if isinstance(error, OperationalError):
        return RetryableError(f"the ledger {where} cannot be reached", hint=_why(cause))
    return DatabaseError(f"the ledger {where} failed ({type(cause).__name__})")


def _server_fault(where: Address | str, cause: Any, state: str) -> ExciseError:  # noqa: ANN401
    if state.startswith(_POSTGRES_AWAY):
        why = str(cause.diag.message_primary)
        return RetryableError(f"the ledger {where} cannot be used now", hint=why)
    if state == _POSTGRES_READ_ONLY:
        return DatabaseError(f"the ledger {where} cannot be written")
    if state == _POSTGRES_NOT_ALLOWED:
        message = f"the ledger {where} is closed to this role: {cause.diag.message_primary}"
        return NotAllowedError(message)
    if state[:2] in _POSTGRES_RULES:
        return DatabaseError(f"the ledger {where} refused the change: {cause.diag.message_primary}")
    return DatabaseError(f"the ledger {where} failed ({state})")


def _file_fault(where: Address | str, cause: Exception, code: int) -> ExciseError:
    if code in _BROKEN:
        return DamagedError(f"{where} is damaged or not a ledger: {cause}")
    if code == sqlite3.SQLITE_CANTOPEN:
        return DatabaseError(f"the ledger {where} cannot be opened")
    if code in _REFUSED:
        return DatabaseError(f"the ledger {where} cannot be written")
    if code == 0:
        return DamagedError(f"{where} holds text that is not valid: {cause}")
    return DatabaseError(f"the ledger {where} refused the change: {cause}")


def _why(cause: Exception) -> str | None:
    """Return why a server was not reached, in its own words or those of the system."""
    lines = str(cause).strip().splitlines()
    return lines[0].rpartition("failed: ")[2] if lines else None
