"""The ledger on PostgreSQL: tables, and what keeps them append-only there."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, select

from engine.ledger.creation import refuse_version
from engine.ledger.database import Address, DatabaseError
from engine.ledger.schema import METADATA, SCHEMA_META, SCHEMA_VERSION, SEAL

LOCK = 0x45584C47
"""The advisory lock that a writer holds: one at a time, as the log has no gaps."""


def prepare_postgres(where: Address, engine: Engine, *, create: bool) -> None:
    """Make sure that a database holds a ledger of this version; an empty one becomes one.

    Raises DatabaseError for a database without a ledger (unless `create`), or another version.
    """
    with engine.begin() as connection:
        if not inspect(connection).has_table(SCHEMA_META.name):
            if not create:
                message = f"there is no ledger at {where}"
                raise DatabaseError(message)
            tables = [table for table in METADATA.sorted_tables if table is not SEAL]
            METADATA.create_all(connection, tables=tables)
            connection.execute(SCHEMA_META.insert(), {"id": 1, "version": SCHEMA_VERSION})
        refuse_version(connection.execute(select(SCHEMA_META.c.version)).scalar_one(), str(where))
