"""Any change of any value, row, table, trigger or byte is found."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from ledger_runs import AS_OF, records_of
from tampering import places, tamper

from engine.errors import RetryableError
from engine.ledger.creation import expected_schema
from engine.ledger.database import DatabaseError
from engine.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from engine.ledger.schema import KEYS, METADATA
from engine.ledger.store import Ledger
from engine.ledger.verify import verify

TABLES = sorted(METADATA.tables)
COLUMNS = [(table, column.name) for table in TABLES for column in METADATA.tables[table].columns]
TRIGGERS = sorted(name for kind, name, _, _ in expected_schema() if kind == "trigger")
INDEXES = sorted(name for kind, name, _, _ in expected_schema() if kind == "index")


def test_a_whole_ledger_verifies(built: Path) -> None:
    seen: list[tuple[int, int]] = []
    result = verify(str(built), progress=lambda done, total: seen.append((done, total)))
    assert result.problems == ()
    assert result.ok
    assert seen[-1] == (result.entries, result.entries)
    with Ledger.open(str(built)) as ledger:
        for point in ledger.checkpoints():
            assert verify(str(built), expected=(point.size, point.root.upper())).ok
        last = ledger.checkpoints()[-1]
    assert (last.size, last.root) == (result.entries, result.root)
    assert verify(str(built), expected=(0, EMPTY_ROOT.hex())).ok


def test_taking_the_seal_off_is_no_problem_by_itself(copy: Path) -> None:
    tamper(copy, lambda _: None)
    assert verify(str(copy)).problems == ()


def altered(value: object, number: int) -> object:
    """Return a value that differs in one character, digit or byte."""
    if value is None:
        return number or "x"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, bytes):
        place = number % len(value)
        return value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
    assert isinstance(value, str)
    place = number % max(1, len(value))
    return value[:place] + ("y" if value[place : place + 1] == "x" else "x") + value[place + 1 :]


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_changed_value_is_found(copy: Path, table: str, column: str, *, sealed: bool) -> None:
    kind = METADATA.tables[table].columns[column].type.python_type
    keys = [item.name for item in METADATA.tables[table].primary_key]

    def change(connection: sqlite3.Connection) -> None:
        row = connection.execute(f"SELECT {', '.join(keys)}, {column} FROM {table}").fetchall()[-1]
        new = altered(row[-1], 7 if kind is int else 0)
        if table == "seal" and column == "digest":
            new = bytes(31) + b"\x01"
        test = " AND ".join(f"{key} = ?" for key in keys)
        found = connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE {test}", (new, *row[:-1])
        )
        assert found.rowcount == 1

    tamper(copy, change, sealed=sealed)
    assert places(verify(str(copy)))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("which", [0, -1])
def test_a_deleted_row_is_found(copy: Path, table: str, which: int) -> None:
    keys = [item.name for item in METADATA.tables[table].primary_key]

    def change(connection: sqlite3.Connection) -> None:
        row = connection.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall()[which]
        test = " AND ".join(f"{key} = ?" for key in keys)
        assert connection.execute(f"DELETE FROM {table} WHERE {test}", row).rowcount == 1

    tamper(copy, change)
    assert places(verify(str(copy)))


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_rows_is_found(copy: Path, table: str) -> None:
    tamper(copy, lambda connection: connection.execute(f"DELETE FROM {table}"))
    assert places(verify(str(copy)))


@pytest.mark.parametrize("table", TABLES)
def test_an_inserted_row_is_found(copy: Path, table: str) -> None:
    columns = METADATA.tables[table].columns

    def change(connection: sqlite3.Connection) -> None:
        row = dict(
            zip(
                columns.keys(),
                connection.execute(f"SELECT * FROM {table}").fetchall()[-1],
                strict=True,
            )
        )
        for key in METADATA.tables[table].primary_key:
            row[key.name] = altered(row[key.name], 0)
        if table == "decisions":
            row["case_version"] = 99
        marks = ", ".join("?" for _ in row)
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", tuple(row.values()))

    tamper(copy, change)
    assert places(verify(str(copy)))


@pytest.mark.parametrize("table", sorted(set(KEYS) | {"log"}))
def test_swapped_rows_are_found(copy: Path, table: str) -> None:
    """The contents of two rows change places, their keys do not."""
    keys = {item.name for item in METADATA.tables[table].primary_key}
    if table == "facts":
        keys = {"signal"}
    rest = [item.name for item in METADATA.tables[table].columns if item.name not in keys]

    def change(connection: sqlite3.Connection) -> None:
        test = " AND ".join(f"{key} = ?" for key in sorted(keys))
        listed = f"SELECT {', '.join(sorted(keys))}, {', '.join(rest)} FROM {table}"
        rows = connection.execute(listed).fetchall()
        one = rows[0]
        other = next(row for row in rows if row[len(keys) :] != one[len(keys) :])
        sets = ", ".join(f"{name} = ?" for name in rest)
        if table == "decisions":
            connection.execute("UPDATE decisions SET case_version = case_version + 50")
        for target, source in ((one, other), (other, one)):
            values = (*source[len(keys) :], *target[: len(keys)])
            connection.execute(f"UPDATE OR IGNORE {table} SET {sets} WHERE {test}", values)

    tamper(copy, change)
    assert places(verify(str(copy)))


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_dropped_trigger_is_found(copy: Path, trigger: str) -> None:
    connection = sqlite3.connect(copy)
    connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE seal SET digest = zeroblob(32), counters = zeroblob(12)")
    connection.commit()
    connection.close()
    assert f"schema: trigger {trigger} is missing" in map(str, verify(str(copy)).problems)


@pytest.mark.parametrize("index", INDEXES)
def test_a_dropped_index_is_found(copy: Path, index: str) -> None:
    tamper(copy, lambda connection: connection.execute(f"DROP INDEX {index}"))
    assert "schema" in places(verify(str(copy)))


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_found(copy: Path, table: str) -> None:
    connection = sqlite3.connect(copy)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(f"DROP TABLE {table}")
    connection.commit()
    connection.close()
    assert f"schema: table {table} is missing" in map(str, verify(str(copy)).problems)


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE more (x)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE INDEX more ON runs (as_of_us)",
        "CREATE TRIGGER more BEFORE INSERT ON log BEGIN SELECT 1; END",
        "ALTER TABLE runs ADD COLUMN more TEXT",
        "ALTER TABLE runs RENAME COLUMN report TO reports",
        "ANALYZE",
        "PRAGMA application_id = 1",
        "PRAGMA user_version = 3",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'ABO', 'X')",
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ' STRICT', '')",
    ],
)
def test_an_edited_schema_is_found(copy: Path, script: str) -> None:
    connection = sqlite3.connect(copy)
    connection.executescript(
        "UPDATE seal SET digest = zeroblob(32), counters = zeroblob(12);" + script
    )
    connection.close()
    assert places(verify(str(copy))) & {"schema", "file"}


def cut_tail(connection: sqlite3.Connection) -> None:
    """Undo the last decision as if it had never been made, as somebody who knows the format."""
    size = connection.execute(
        "SELECT max(size) FROM checkpoints WHERE size < (SELECT max(size) FROM checkpoints)"
    ).fetchone()[0]
    connection.execute("DELETE FROM checkpoints WHERE size > ?", (size,))
    connection.execute("DELETE FROM log WHERE seq >= ?", (size,))
    connection.execute("DELETE FROM decisions WHERE reviewer = 'bob'")
    connection.execute("UPDATE cases SET version = 2, status = 'awaiting_second' WHERE version = 3")
    connection.execute(
        "UPDATE actions SET status = 'awaiting_second', decided_us = ? WHERE status = 'approved'",
        (AS_OF + 1,),
    )


def test_a_cut_tail_is_found_by_the_root_kept_elsewhere(copy: Path) -> None:
    whole = verify(str(copy))
    tamper(copy, cut_tail)
    cut = verify(str(copy))
    assert cut.ok
    assert cut.entries == whole.entries - 1
    result = verify(str(copy), expected=(whole.entries, whole.root))
    assert f"ends after {cut.entries} entries" in str(result.problems[0])


def rewrite(connection: sqlite3.Connection) -> None:
    """Change the last entry and every hash over it."""
    bodies = [row[0] for row in connection.execute("SELECT body FROM log ORDER BY seq")]
    bodies[-1] = bodies[-1].replace(b'"bob"', b'"eve"')
    frontier = Frontier().extended([leaf_hash(body) for body in bodies])
    connection.execute("UPDATE log SET body = ? WHERE seq = ?", (bodies[-1], len(bodies) - 1))
    connection.execute("UPDATE decisions SET reviewer = 'eve' WHERE reviewer = 'bob'")
    connection.execute(
        "UPDATE checkpoints SET root = ?, frontier = ? WHERE size = ?",
        (frontier.root.hex(), " ".join(root.hex() for root in frontier.roots), len(bodies)),
    )


def test_a_rewritten_ledger_is_found_by_the_root_kept_elsewhere(copy: Path) -> None:
    whole = verify(str(copy))
    tamper(copy, rewrite)
    assert verify(str(copy)).ok
    assert places(verify(str(copy), expected=(whole.entries, whole.root))) == {"log"}
    assert verify(str(copy), expected=(whole.entries - 1, whole.root)).ok is False


def test_a_log_that_breaks_the_rules_is_found(copy: Path) -> None:
    """A second approval by the same person, with every hash in order."""

    def change(connection: sqlite3.Connection) -> None:
        rewrite(connection)
        bodies = [row[0] for row in connection.execute("SELECT body FROM log ORDER BY seq")]
        bodies[-1] = bodies[-1].replace(b'"eve"', b'"ada"')
        frontier = Frontier().extended([leaf_hash(body) for body in bodies])
        connection.execute("UPDATE log SET body = ? WHERE seq = ?", (bodies[-1], len(bodies) - 1))
        connection.execute("UPDATE decisions SET reviewer = 'ada'")
        connection.execute(
            "UPDATE checkpoints SET root = ?, frontier = ? WHERE size = ?",
            (frontier.root.hex(), " ".join(root.hex() for root in frontier.roots), len(bodies)),
        )

    tamper(copy, change)
    assert any("a different reviewer" in str(problem) for problem in verify(str(copy)).problems)


def test_damaged_files_are_problems_and_never_exceptions(built: Path, path: Path) -> None:
    content = built.read_bytes()
    pieces = [
        b"",
        b"SQLite format 3\0",
        b"garbage" * 1_000,
        content[:4096],
        content[: len(content) // 2],
        content[:-1],
        content[:-4096],
        content + b"\0",
        content + bytes(4096),
        bytes(4096) + content[4096:],
        content[:4096] + bytes(len(content) - 4096),
        content[:100] + random.Random(1).randbytes(len(content) - 100),
    ]
    for piece in pieces:
        path.write_bytes(piece)
        assert places(verify(str(path))), len(piece)
    path.unlink()
    path.mkdir()
    with pytest.raises(DatabaseError, match="is a folder, not a ledger"):
        verify(str(path))


def test_verifying_changes_nothing(built: Path) -> None:
    before = built.read_bytes()
    verify(str(built))
    assert built.read_bytes() == before


def test_a_ledger_in_use_verifies(path: Path) -> None:
    with Ledger.open(str(path)) as ledger:
        ledger.record(records_of())
        assert verify(str(path)).problems == ()
        ledger.record(records_of("r2", first=5))
        assert verify(str(path)).problems == ()
    assert verify(str(path)).problems == ()


@pytest.mark.slow
def test_a_locked_file_is_worth_another_try(copy: Path) -> None:
    connection = sqlite3.connect(copy, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(RetryableError):
            verify(str(copy))
    finally:
        connection.close()
