"""The tables of a ledger against what its log accounts for, both ways, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, select

from engine.ledger.canonical_json import CanonicalError
from engine.ledger.entries import rows_digest
from engine.ledger.problems import Problems
from engine.ledger.replay import COMMITMENTS
from engine.ledger.schema import KEYS, SATELLITES, STATE_TABLES

_PAGE = 1_000
Values = tuple[Any, ...]


def compare_state(stored: Connection, replayed: Connection, problems: Problems) -> None:
    """Note every row of the state tables that the log does not account for, or that is missing."""
    for table in STATE_TABLES:
        with problems.noting(table.name):
            _compare(_keyed(stored, table), _keyed(replayed, table), table.name, problems)


def _keyed(connection: Connection, table: Table) -> Iterator[tuple[Values, Values]]:
    """Yield (key, values) of each row in the order of the keys."""
    columns = [column.name for column in table.columns]
    places = [columns.index(name) for name in KEYS[table.name]]
    for row in _rows(connection, table):
        yield tuple(row[place] for place in places), row


def _rows(connection: Connection, table: Table) -> Iterator[Values]:
    statement = select(table).order_by(*(table.c[name] for name in KEYS[table.name]))
    for row in connection.execution_options(yield_per=_PAGE).execute(statement):
        yield tuple(row)


def _compare(
    found: Iterator[tuple[Values, Values]],
    expected: Iterator[tuple[Values, Values]],
    where: str,
    problems: Problems,
) -> None:
    """Merge two streams in the order of their keys."""
    one, other = next(found, None), next(expected, None)
    while one is not None and other is not None:
        if one[0] < other[0]:
            problems.add(where, f"{_name(one[0])} is not in the log")
            one = next(found, None)
        elif other[0] < one[0]:
            problems.add(where, f"{_name(other[0])} is missing")
            other = next(expected, None)
        else:
            if not _same(one[1], other[1]):
                problems.add(where, f"{_name(one[0])} is not as the log has it")
            one, other = next(found, None), next(expected, None)
    while one is not None:
        problems.add(where, f"{_name(one[0])} is not in the log")
        one = next(found, None)
    while other is not None:
        problems.add(where, f"{_name(other[0])} is missing")
        other = next(expected, None)


def _same(one: Values, other: Values) -> bool:
    """Compare values and types: in Python 1, 1.0 and True are equal."""
    return one == other and all(map(_same_type, one, other))


def _same_type(one: object, other: object) -> bool:
    return type(one) is type(other)


def _name(key: Values) -> str:
    return " ".join(ascii(part) for part in key)


def compare_satellites(stored: Connection, replayed: Connection, problems: Problems) -> None:
    """Note evidence that is not what the entry of its finding or case committed to."""
    for tables in SATELLITES.values():
        for table in tables:
            with problems.noting(table.name):
                _compare(
                    _digests(stored, table),
                    _commitments(replayed, table.name),
                    f"{table.name} of",
                    problems,
                )


def _digests(connection: Connection, table: Table) -> Iterator[tuple[Values, Values]]:
    """Yield the commitment that each group of stored rows would make."""
    columns = [column.name for column in table.columns]
    place = columns.index(KEYS[table.name][0])
    for parent, group in groupby(_rows(connection, table), key=lambda row: row[place]):
        try:
            digest = rows_digest(dict(zip(columns, row, strict=True)) for row in group)
        except CanonicalError:
            digest = {"rows": 0, "sha256": ""}
        yield (parent,), (digest["rows"], digest["sha256"])


def _commitments(connection: Connection, name: str) -> Iterator[tuple[Values, Values]]:
    """Yield what the log commits to, without the findings and cases that have no such rows."""
    table = COMMITMENTS.c
    statement = (
        select(table.parent, table.rows, table.sha256)
        .where(table.satellite == name, table.rows != 0)
        .order_by(table.parent)
    )
    for row in connection.execution_options(yield_per=_PAGE).execute(statement):
        yield (row[0],), (row[1], row[2])
