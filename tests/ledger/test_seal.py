"""Any flipped byte of a sealed file is found, free space and counters too; copies stay good."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from ledger_runs import records_of
from tampering import places, tamper

from engine.ledger.records import CaseStatus, Verdict
from engine.ledger.schema import METADATA
from engine.ledger.seal import seal
from engine.ledger.store import Ledger
from engine.ledger.verify import verify

TABLES = sorted(METADATA.tables)


def flips(content: bytes, seed: int, count: int) -> Iterator[tuple[int, bytes]]:
    source = random.Random(seed)
    for _ in range(count):
        place = source.randrange(len(content))
        yield place, bytes([content[place] ^ source.randrange(1, 256)])


def test_every_flipped_byte_of_the_header_is_found(built: Path, path: Path) -> None:
    content = built.read_bytes()
    for place in range(108):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert places(verify(str(path))), place


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_byte_anywhere_is_found(built: Path, path: Path, seed: int) -> None:
    content = built.read_bytes()
    for place, byte in flips(content, seed, 25):
        path.write_bytes(content[:place] + byte + content[place + 1 :])
        assert places(verify(str(path))), place


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_flipped_bytes_are_each_found(built: Path, path: Path, seed: int) -> None:
    content = built.read_bytes()
    for place, byte in flips(content, seed, 100):
        path.write_bytes(content[:place] + byte + content[place + 1 :])
        assert places(verify(str(path))), place


def dump(path: Path) -> list[tuple[object, ...]]:
    """Return the schema and every row, as bytes."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    connection.text_factory = bytes
    try:
        rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
        for table in TABLES:
            rows += connection.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall()
    finally:
        connection.close()
    return rows


@pytest.mark.parametrize("seed", range(10, 13))
def test_without_a_seal_only_bytes_without_a_value_change_unnoticed(copy: Path, seed: int) -> None:
    tamper(copy, lambda _: None)
    content, before = copy.read_bytes(), dump(copy)
    for place, byte in flips(content, seed, 40):
        copy.write_bytes(content[:place] + byte + content[place + 1 :])
        if verify(str(copy)).ok:
            assert dump(copy) == before, place


@pytest.mark.parametrize("statement", ["VACUUM INTO '{copy}'", "VACUUM"])
def test_a_vacuumed_ledger_verifies_and_its_bytes_are_covered(
    built: Path, tmp_path: Path, statement: str
) -> None:
    path = tmp_path / "copy.db"
    if statement == "VACUUM":
        shutil.copy(built, path)
    connection = sqlite3.connect(built if "INTO" in statement else path)
    connection.execute(statement.format(copy=path))
    connection.close()
    assert verify(str(path)).problems == ()
    content = path.read_bytes()
    for place, byte in flips(content, 5, 40):
        path.write_bytes(content[:place] + byte + content[place + 1 :])
        assert verify(str(path)).ok is (place in range(40, 44) or place in range(96, 100)), place


def test_a_copy_made_by_the_backup_interface_verifies(built: Path, path: Path) -> None:
    source, target = sqlite3.connect(built), sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()
    assert verify(str(path)).problems == ()


def test_a_copy_that_is_written_to_is_sealed_again(built: Path, path: Path) -> None:
    with closing(sqlite3.connect(built)) as connection:
        connection.execute("VACUUM INTO ?", [str(path)])
    with Ledger.open(str(path)) as ledger:
        case = ledger.cases(CaseStatus.OPEN)[0]
        ledger.decide(
            case.case_id,
            seen_version=case.version,
            verdict=Verdict.REJECT,
            reviewer="ana",
            reason="a class",
            decided_us=1,
        )
    assert sealed(path)
    assert verify(str(path)).problems == ()


def sealed(path: Path) -> bool:
    connection = sqlite3.connect(path)
    (digest,) = connection.execute("SELECT digest FROM seal").fetchone()
    connection.close()
    return bool(digest != bytes(32))


def test_writers_unseal_and_seal_when_they_close(path: Path) -> None:
    first = Ledger.open(str(path))
    assert not sealed(path)
    first.record(records_of())
    first.close()
    assert sealed(path)
    with Ledger.open(str(path)) as second:
        assert second.record(records_of()).entries == 0
        assert sealed(path)
        second.record(records_of("r2", first=7))
        assert not sealed(path)
    assert sealed(path)


def test_a_writer_beside_another_leaves_the_seal_to_it(path: Path) -> None:
    with Ledger.open(str(path)) as ledger:
        ledger.record(records_of())
    blocking = sqlite3.connect(path, isolation_level=None)
    blocking.execute("BEGIN IMMEDIATE")
    assert seal(path) is False
    blocking.close()
    assert seal(path) is True
    assert verify(str(path)).ok


def test_bytes_changed_in_a_copy_by_the_backup_interface_are_found(built: Path, path: Path) -> None:
    source, target = sqlite3.connect(built), sqlite3.connect(path)
    source.backup(target)
    source.close()
    target.close()
    content = path.read_bytes()
    for place, byte in flips(content, 8, 40):
        path.write_bytes(content[:place] + byte + content[place + 1 :])
        if place not in range(40, 44) and place not in range(96, 100):
            assert places(verify(str(path))), place
