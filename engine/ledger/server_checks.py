"""What can be wrong with a ledger's schema on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import Connection, text

from engine.ledger.postgres import FUNCTIONS, TABLES, triggers
from engine.ledger.problems import Problems

_COLUMNS = text(
    "SELECT attrelid::regclass::text, attname, format_type(atttypid, NULL), attnotnull "
    "FROM pg_attribute WHERE attrelid = ANY(CAST(:tables AS regclass[])) "
    "AND attnum > 0 AND NOT attisdropped"
)
_TRIGGERS = text(
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text "
    "FROM pg_trigger WHERE tgrelid = ANY(CAST(:tables AS regclass[])) AND NOT tgisinternal"
)
_FUNCTIONS = text(
    "SELECT DISTINCT proname, prosrc FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid "
    "WHERE tgrelid = ANY(CAST(:tables AS regclass[])) AND NOT tgisinternal"
)


def check_server(connection: Connection, problems: Problems) -> None:
    """Note tables, columns, triggers and functions that are not those of a ledger."""
    with problems.noting("schema"):
        names = [table.name for table in TABLES]
        present = connection.execute(
            text("SELECT n FROM unnest(CAST(:names AS text[])) n WHERE to_regclass(n) IS NOT NULL"),
            {"names": names},
        ).scalars()
        tables = sorted(present)
        for name in sorted(set(names) - set(tables)):
            problems.add("schema", f"table {name} is missing")
        _check_columns(connection, tables, problems)
        _check_triggers(connection, tables, problems)


def _check_columns(connection: Connection, tables: list[str], problems: Problems) -> None:
    expected = {
        (
            table.name,
            column.name,
            column.type.compile(dialect=connection.dialect).lower(),
            not column.nullable,
        )
        for table in TABLES
        if table.name in tables
        for column in table.columns
    }
    expected = {
        (table, name, kind.split(" collate")[0], full) for table, name, kind, full in expected
    }
    found = {tuple(row) for row in connection.execute(_COLUMNS, {"tables": tables})}
    for table, name, *_ in sorted(expected ^ found, key=repr):
        problems.add("schema", f"column {name} of {table} is not as a ledger has it")


def _check_triggers(connection: Connection, tables: list[str], problems: Problems) -> None:
    expected = {name: rest for (table, name), rest in triggers().items() if table in tables}
    found: set[str] = set()
    for _, name, definition, enabled in connection.execute(_TRIGGERS, {"tables": tables}):
        found.add(name)
        if name not in expected:
            problems.add("schema", f"trigger {name!a} does not belong to a ledger")
        elif enabled != "A":
            problems.add("schema", f"trigger {name} is disabled")
        elif _meaning(definition) != _meaning(f"CREATE TRIGGER {name} {expected[name]}"):
            problems.add("schema", f"trigger {name} was changed")
    for name in sorted(set(expected) - found):
        problems.add("schema", f"trigger {name} is missing")
    for name, body in connection.execute(_FUNCTIONS, {"tables": tables}):
        if FUNCTIONS.get(name) != body:
            problems.add("schema", f"function {name!a} was changed")


def _meaning(definition: str) -> tuple[str, ...]:
    """Return a trigger's definition as sorted words: the server puts DELETE before UPDATE."""
    return tuple(sorted(definition.replace("public.", "").split()))
