"""The ledger on PostgreSQL: its tables, what keeps them append-only, and the rights to grant.

The owner of the tables can disable triggers, so runs and reviewers should connect as a role that
owns nothing and has the rights of `grants` alone: it can neither change nor truncate what is there.
A superuser can do everything; only a root kept elsewhere finds that.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Engine, Table, inspect, select, text

from engine.ledger.creation import refuse_version
from engine.ledger.database import Address, DatabaseError
from engine.ledger.records import ActionStatus, Verdict
from engine.ledger.schema import (
    ACTIONS,
    CASES,
    CHECKPOINTS,
    DECISIONS,
    LOG,
    METADATA,
    SCHEMA_META,
    SCHEMA_VERSION,
    SEAL,
)
from engine.ledger.triggers import FLOOR, MUTABLE, UNDECIDED, WAITING

LOCK = 0x45584C47
"""The advisory lock that a writer holds: one at a time, as the log has no gaps."""

TABLES: tuple[Table, ...] = tuple(table for table in METADATA.sorted_tables if table is not SEAL)
"""The tables of a ledger on a server; a seal is for files."""

_UNDECIDED = ", ".join(f"'{status.value}'" for status in UNDECIDED)
_WAITING = ", ".join(f"'{status.value}'" for status in WAITING)
_FIXED = """
BEGIN
  IF to_jsonb(OLD) - string_to_array(TG_ARGV[0], ' ')
     <> to_jsonb(NEW) - string_to_array(TG_ARGV[0], ' ') THEN
    RAISE EXCEPTION USING MESSAGE =
      'what makes ' || TG_TABLE_NAME || ' what they are does not change';
  END IF;
  RETURN NEW;
END
"""
FUNCTIONS: Mapping[str, str] = {
    "excise_refuse": """
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only';
END
""",
    "excise_fixed": _FIXED,
    "excise_case_version": f"""
BEGIN
  IF NEW.version <> OLD.version + 1
     AND NOT (NEW.version = OLD.version AND NEW.status = OLD.status) THEN
    RAISE EXCEPTION 'the version of a case rises by one with every change of its status';
  END IF;
  IF OLD.status NOT IN ({_WAITING}) AND NEW.version = OLD.version THEN
    RAISE EXCEPTION 'a case grows until it is decided';
  END IF;
  RETURN NEW;
END
""",
    "excise_action_settled": f"""
BEGIN
  IF OLD.status NOT IN ({_UNDECIDED}) THEN
    RAISE EXCEPTION 'an action is decided once';
  END IF;
  IF OLD.status = '{ActionStatus.HELD.value}' AND left(OLD.reason, {len(FLOOR)}) = '{FLOOR}'
     AND NEW.status <> '{ActionStatus.REJECTED.value}' THEN
    RAISE EXCEPTION 'an action that the floor holds cannot be approved';
  END IF;
  RETURN NEW;
END
""",
    "excise_log_gapless": """
BEGIN
  IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), -1) + 1 FROM log) THEN
    RAISE EXCEPTION 'the log has no gaps';
  END IF;
  RETURN NEW;
END
""",
    "excise_checkpoint_at_end": """
BEGIN
  IF NEW.size IS DISTINCT FROM (SELECT coalesce(max(seq), -1) + 1 FROM log) THEN
    RAISE EXCEPTION 'a checkpoint covers the whole log';
  END IF;
  RETURN NEW;
END
""",
    "excise_second_reviewer": f"""
BEGIN
  IF NEW.verdict = '{Verdict.APPROVE.value}' AND EXISTS (
      SELECT 1 FROM decisions WHERE case_id = NEW.case_id
      AND case_version = NEW.case_version - 1 AND lower(reviewer) = lower(NEW.reviewer)) THEN
    RAISE EXCEPTION 'the second approval comes from a different reviewer';
  END IF;
  RETURN NEW;
END
""",  # noqa: S608  # own names
}
"""Trigger functions by name: their bodies in PL/pgSQL."""


def triggers() -> Mapping[tuple[str, str], str]:
    """Return what follows `CREATE TRIGGER name`, by table and name of the trigger."""
    made: dict[tuple[str, str], str] = {}

    def add(table: Table, name: str, when: str, function: str, *arguments: str) -> None:
        given = ", ".join(f"'{argument}'" for argument in arguments)
        level = "STATEMENT" if when == "TRUNCATE" else "ROW"
        made[table.name, f"{table.name}_{name}"] = (
            f"BEFORE {when} ON {table.name} FOR EACH {level} EXECUTE FUNCTION {function}({given})"
        )

    for table in TABLES:
        forbidden = "DELETE" if table.name in MUTABLE else "UPDATE OR DELETE"
        add(table, "append_only", forbidden, "excise_refuse")
        add(table, "no_truncate", "TRUNCATE", "excise_refuse")
        if table.name in MUTABLE:
            add(table, "fixed", "UPDATE", "excise_fixed", " ".join(MUTABLE[table.name]))
    add(CASES, "version", "UPDATE", "excise_case_version")
    add(ACTIONS, "settled", "UPDATE", "excise_action_settled")
    add(LOG, "gapless", "INSERT", "excise_log_gapless")
    add(CHECKPOINTS, "at_end", "INSERT", "excise_checkpoint_at_end")
    add(DECISIONS, "second_reviewer", "INSERT", "excise_second_reviewer")
    return made


def prepare_postgres(where: Address, engine: Engine, *, create: bool) -> None:
    """Make sure that a database holds a ledger of this version; one without becomes one.

    Raises DatabaseError for a database without a ledger (unless `create`), or another version.
    """
    with engine.begin() as connection:
        if not inspect(connection).has_table(SCHEMA_META.name):
            if not create:
                message = f"there is no ledger at {where}"
                raise DatabaseError(message)
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            _create(connection)
        refuse_version(connection.execute(select(SCHEMA_META.c.version)).scalar_one(), str(where))


def _create(connection: Connection) -> None:
    """Create everything; another process may have done so while this one waited for the lock."""
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": SCHEMA_META.name}).scalar():
        return
    METADATA.create_all(connection, tables=TABLES, checkfirst=False)
    for name, body in FUNCTIONS.items():
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $excise${body}$excise$"
        )
    for (table, name), rest in triggers().items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {rest}")
        # Otherwise `session_replication_role = replica` walks past it.
        connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    connection.execute(SCHEMA_META.insert(), {"id": 1, "version": SCHEMA_VERSION})


def grants(role: str) -> tuple[str, ...]:
    """Return the statements that give a role what running and reviewing need, and no more."""
    name = '"' + role.replace('"', '""') + '"'
    listed = ", ".join(table.name for table in TABLES)
    updates = (
        f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO {name}"
        for table, columns in MUTABLE.items()
    )
    return (f"GRANT SELECT, INSERT ON {listed} TO {name}", *updates)
