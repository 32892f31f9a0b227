"""Changes of the projection, made in a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, Table, bindparam, insert, update

from engine.errors import ExciseError
from engine.ledger.projection import Change, Insert, Update
from engine.ledger.schema import METADATA


class ProjectionError(ExciseError):
    """A change that met another state than the one it was made for."""


def apply(connection: Connection, wanted: Sequence[Change]) -> None:
    """Make changes in order, those of one shape together.

    Raises ProjectionError when an update does not meet exactly the row it names.
    """
    for _, group in groupby(wanted, _shape):
        batch = list(group)
        inserts = [change for change in batch if isinstance(change, Insert)]
        updates = [change for change in batch if isinstance(change, Update)]
        if inserts:
            table = METADATA.tables[inserts[0].table]
            insert_rows(connection, table, (change.row for change in inserts))
        if updates:
            _update(connection, updates)


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    """Insert rows, each with a value for every column, if there are any.

    The values are what drivers take as they are, so SQLAlchemy writes the statement and no more.
    """
    statement = insert(table).compile(dialect=connection.dialect)
    columns = statement.positiontup
    values = [row if columns is None else tuple(map(row.__getitem__, columns)) for row in rows]
    if values:
        connection.exec_driver_sql(statement.string, values)


def _shape(change: Change) -> tuple[str, ...]:
    """Return what changes that one statement can make have in common."""
    if isinstance(change, Insert):
        return ("insert", change.table)
    return ("update", change.table, *change.key, "set", *change.values)


def _update(connection: Connection, batch: Sequence[Update]) -> None:
    table, key = METADATA.tables[batch[0].table], tuple(batch[0].key)
    statement = (
        update(table)
        .where(*(table.c[name] == bindparam(f"key_{name}") for name in key))
        .values({name: bindparam(f"new_{name}") for name in batch[0].values})
    )
    rows = [
        {f"key_{name}": change.key[name] for name in key}
        | {f"new_{name}": value for name, value in change.values.items()}
        for change in batch
    ]
    if connection.execute(statement, rows).rowcount != len(batch):
        message = f"{table.name} did not hold what was to be changed"
        raise ProjectionError(message)
