"""SQLite triggers that keep the ledger append-only, beneath any code that writes to it.

They stop mistakes, not an owner of the file, who can drop them: that is found by `verify`, which
compares the schema, and by the log's root. `INSERT OR REPLACE` deletes without firing delete
triggers unless `recursive_triggers` is on, so every table also refuses a key that it has.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from engine.ledger.projection import GROWING
from engine.ledger.records import ActionStatus, CaseStatus, Verdict
from engine.ledger.schema import (
    ACTIONS,
    CASES,
    CHECKPOINTS,
    DECISIONS,
    FACTS,
    FINDINGS,
    LOG,
    MEMBERS,
    RUNS,
    SAMPLES,
    SCHEMA_META,
    SEAL,
)

_NEVER_CHANGED = (
    RUNS, FINDINGS, FACTS, MEMBERS, SAMPLES, DECISIONS, LOG, CHECKPOINTS, SCHEMA_META
)  # fmt: skip
MUTABLE: Mapping[str, tuple[str, ...]] = {
    CASES.name: ("status", "version", "severity_rank", *GROWING),
    ACTIONS.name: ("status", "decided_us"),
}
WAITING = (CaseStatus.OPEN, CaseStatus.AWAITING_SECOND)
UNDECIDED = (ActionStatus.PROPOSED, ActionStatus.HELD, ActionStatus.AWAITING_SECOND)

FLOOR = "floor"
"""How the reason of an action begins that law 5 forbids; no reviewer can approve it."""


APART = "bystander"
"""How the reason of an action begins that is decided about after all others of its case."""


def sqlite_triggers() -> tuple[str, ...]:
    """Return the DDL of every trigger."""
    return (
        *(_refuse("update", table.name) for table in _NEVER_CHANGED),
        *(_refuse("delete", table.name) for table in (*_NEVER_CHANGED, CASES, ACTIONS, SEAL)),
        *(_new_key(table, _key(table)) for table in (*_NEVER_CHANGED, CASES, ACTIONS, SEAL)),
        _new_key(DECISIONS, ("case_id", "case_version"), "_version"),
        _fixed_columns(CASES),
        _fixed_columns(ACTIONS),
        *_LIFECYCLE,
        *_LOG_ORDER,
        _SECOND_REVIEWER,
    )


def _key(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)


def _trigger(name: str, when: str, condition: str, message: str) -> str:
    test = f" WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {when}{test} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _refuse(verb: str, table: str) -> str:
    message = f"{table} is append-only"
    return _trigger(f"{table}_no_{verb}", f"{verb.upper()} ON {table}", "", message)


def _new_key(table: Table, columns: tuple[str, ...], suffix: str = "") -> str:
    same = " AND ".join(f"{column} = new.{column}" for column in columns)
    condition = f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"  # noqa: S608  # own names
    message = f"{table.name} has this key already"
    return _trigger(f"{table.name}_new_key{suffix}", f"INSERT ON {table.name}", condition, message)


def _fixed_columns(table: Table) -> str:
    fixed = [column.name for column in table.columns if column.name not in MUTABLE[table.name]]
    condition = " OR ".join(f"old.{name} IS NOT new.{name}" for name in fixed)
    message = f"what makes {table.name} what they are does not change"
    return _trigger(f"{table.name}_fixed", f"UPDATE ON {table.name}", condition, message)


_LIFECYCLE = (
    _trigger(
        "cases_version",
        "UPDATE ON cases",
        "new.version <> old.version + 1 "
        "AND NOT (new.version = old.version AND new.status = old.status)",
        "the version of a case rises by one with every change of its status",
    ),
    _trigger(
        "cases_decided",
        "UPDATE ON cases",
        f"old.status NOT IN ({', '.join(repr(status.value) for status in WAITING)}) "
        "AND new.version = old.version",
        "a case grows until it is decided",
    ),
    _trigger(
        "actions_settled",
        "UPDATE ON actions",
        f"old.status NOT IN ({', '.join(repr(status.value) for status in UNDECIDED)})",
        "an action is decided once",
    ),
    _trigger(
        "actions_floor",
        "UPDATE ON actions",
        f"old.status = '{ActionStatus.HELD.value}' "
        f"AND substr(old.reason, 1, {len(FLOOR)}) = '{FLOOR}' "
        f"AND new.status <> '{ActionStatus.REJECTED.value}'",
        "an action that the floor holds cannot be approved",
    ),
    _trigger(
        "cases_start",
        "INSERT ON cases",
        f"new.version <> 1 OR new.status <> '{CaseStatus.OPEN.value}'",
        "a case starts open at version 1",
    ),
)

_LOG_ORDER = (
    _trigger(
        "log_gapless",
        "INSERT ON log",
        "new.seq IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM log)",
        "the log has no gaps",
    ),
    _trigger(
        "checkpoints_at_end",
        "INSERT ON checkpoints",
        "new.size IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM log)",
        "a checkpoint covers the whole log",
    ),
)

_SECOND_REVIEWER = _trigger(
    "decisions_second_reviewer",
    "INSERT ON decisions",
    f"new.verdict = '{Verdict.APPROVE.value}' AND EXISTS (SELECT 1 FROM decisions "  # noqa: S608  # own names
    "WHERE case_id = new.case_id AND case_version = new.case_version - 1 "
    "AND lower(reviewer) = lower(new.reviewer))",
    "the second approval comes from a different reviewer",
)
"""A case that awaits a second approval was approved at the version before."""
