"""Opening: what becomes a ledger, and what is refused untouched."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from ledger_runs import records_of

from engine.errors import ExciseError, ExitCode
from engine.ledger.database import DamagedError, DatabaseError
from engine.ledger.records import RunRecords, Verdict
from engine.ledger.schema import APPLICATION_ID, METADATA, SCHEMA_VERSION
from engine.ledger.store import Ledger
from engine.ledger.verify import verify


def changed(path: Path, script: str) -> bytes:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path.read_bytes()


def refused(path: Path, message: str, kind: type[ExciseError] = DatabaseError) -> ExciseError:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(kind, match=message) as caught:
        Ledger.open(str(path))
    assert before is None or path.read_bytes() == before
    return caught.value


def test_a_new_file_is_a_verified_ledger(path: Path) -> None:
    with Ledger.open(f"sqlite:///{path}") as ledger:
        assert ledger.runs() == ()
    assert verify(f"sqlite:///{path}").ok
    with Ledger.open(str(path), create=False) as ledger:
        assert ledger.cases() == ()


def test_an_empty_file_becomes_a_ledger(path: Path) -> None:
    path.touch()
    with Ledger.open(str(path)) as ledger:
        ledger.record(records_of())
    assert verify(str(path)).ok


def test_a_creation_that_was_killed_is_finished(path: Path) -> None:
    changed(path, "PRAGMA journal_mode = WAL")
    assert path.stat().st_size > 0
    Ledger.open(str(path)).close()
    assert verify(str(path)).ok


def test_a_folder_with_odd_signs(tmp_path: Path) -> None:
    folder = tmp_path / "a b?mode=ro#é%20"
    folder.mkdir()
    with Ledger.open(str(folder / "x y.db")) as ledger:
        ledger.record(records_of())
    assert (folder / "x y.db").is_file()
    assert verify(str(folder / "x y.db")).ok


def test_a_missing_ledger_is_not_made_unasked(path: Path) -> None:
    with pytest.raises(DatabaseError, match="there is no ledger at") as caught:
        Ledger.open(str(path), create=False)
    assert caught.value.exit_code is ExitCode.BAD_CONFIG
    assert not path.exists()
    assert [str(problem) for problem in verify(str(path)).problems] == [
        "file: there is no ledger here"
    ]


def test_what_is_no_ledger_is_left_alone(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_bytes(b"not a database, but long enough to look like one" * 40)
    assert refused(garbage, "damaged or not a ledger", DamagedError).exit_code is ExitCode.TAMPERED
    foreign = tmp_path / "foreign"
    changed(foreign, "CREATE TABLE t (x)")
    refused(foreign, "a database, but not a ledger")
    marked = tmp_path / "marked"
    changed(marked, "PRAGMA application_id = 5")
    refused(marked, "a database, but not a ledger")
    refused(tmp_path, "is a folder, not a ledger")
    refused(tmp_path / "none" / "ledger.db", "there is no folder")


def test_other_versions_are_refused(path: Path) -> None:
    Ledger.open(str(path)).close()
    changed(path, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    error = refused(path, "made by a newer release")
    assert error.exit_code is ExitCode.BAD_CONFIG
    changed(path, "PRAGMA user_version = 0")
    refused(path, f"has schema 0, not {SCHEMA_VERSION}")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "names no file"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        (":memory:", "names no file"),
        ("sqlite:///x?mode=ro", "names no file"),
        ("mysql://host/base", "cannot be kept in `mysql`"),
        ("nonsense://x", "cannot be kept in `nonsense`"),
        ("://", "cannot be read"),
        ("postgresql://host:port/x", "cannot be read"),
    ],
)
def test_bad_addresses(url: str, message: str) -> None:
    for use in (Ledger.open, verify):
        with pytest.raises(DatabaseError, match=message) as caught:
            use(url)
        assert caught.value.exit_code is ExitCode.BAD_CONFIG


def test_the_header_names_the_format(path: Path) -> None:
    Ledger.open(str(path)).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()


IMMUTABLE = sorted(set(METADATA.tables) - {"cases", "actions", "seal", "schema_meta"})


@pytest.fixture
def full(path: Path) -> Path:
    with Ledger.open(str(path)) as ledger:
        run: RunRecords = records_of()
        ledger.record(run)
        ledger.decide(
            run.cases[0].case_id,
            seen_version=1,
            verdict=Verdict.APPROVE,
            reviewer="ada",
            reason="seen",
            decided_us=5,
        )
    return path


@pytest.mark.parametrize("table", IMMUTABLE)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
    ],
)
def test_tables_are_append_only(full: Path, table: str, statement: str) -> None:
    before = full.read_bytes()
    column = METADATA.tables[table].columns.keys()[-1]
    for recursive in ("ON", "OFF"):
        connection = sqlite3.connect(full)
        connection.execute(f"PRAGMA recursive_triggers = {recursive}")
        with pytest.raises(
            sqlite3.IntegrityError, match=r"append-only|already|covers the whole|no gaps"
        ):
            connection.execute(statement.format(table=table, column=column))
        connection.close()
    assert full.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("INSERT INTO log VALUES (99, 'finding', x'7b7d')", "no gaps"),
        ("INSERT INTO log VALUES (-1, 'finding', x'7b7d')", "no gaps"),
        ("INSERT INTO log VALUES (NULL, 'finding', x'7b7d')", "no gaps"),
        ("INSERT INTO checkpoints VALUES (99, 'a', 'b', NULL)", "covers the whole log"),
        ("DELETE FROM cases", "append-only"),
        ("DELETE FROM actions", "append-only"),
        ("UPDATE cases SET subject_id = 'x', version = version + 1", "does not change"),
        ("UPDATE cases SET status = 'approved'", "rises by one"),
        ("UPDATE actions SET account_id = 'x'", "does not change"),
        ("UPDATE actions SET status = 'proposed' WHERE status = 'approved'", "decided once"),
        ("INSERT INTO runs SELECT 'x', * FROM runs", "columns"),
        ("DELETE FROM seal", "append-only"),
        ("UPDATE schema_meta SET version = 2", "append-only"),
    ],
)
def test_other_changes_are_refused(full: Path, statement: str, message: str) -> None:
    connection = sqlite3.connect(full)
    with pytest.raises((sqlite3.IntegrityError, sqlite3.OperationalError), match=message):
        connection.execute(statement)
    connection.close()
