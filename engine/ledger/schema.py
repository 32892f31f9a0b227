"""The tables of the ledger, for SQLite and PostgreSQL alike.

`log` and `checkpoints` are the truth; `runs`, `findings`, `cases`, `actions` and `decisions` are
projections of the log; `facts`, `members` and `samples` are evidence that the log commits to by
digest. What keeps them append-only is in `triggers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.sql.schema import SchemaItem

from engine.language.words import Severity
from engine.ledger.records import ActionStatus, CaseStatus, Verdict
from engine.ledger.rows import RECORDS, field_types

SCHEMA_VERSION = 2
APPLICATION_ID = 0x45584C47
"""`EXLG` in a SQLite file's header."""

METADATA = MetaData()

_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
_INTEGER = BigInteger().with_variant(Integer(), "sqlite")

KEYS: Mapping[str, tuple[str, ...]] = {
    "runs": ("run_id",),
    "findings": ("finding_id",),
    "facts": ("finding_id", "signal"),
    "cases": ("case_id",),
    "members": ("case_id", "account_id"),
    "samples": ("case_id", "position"),
    "actions": ("action_id",),
    "decisions": ("decision_id",),
}
"""The primary key of each table of records."""

_PARENTS: Mapping[str, Mapping[str, str]] = {
    "findings": {"run_id": "runs.run_id", "case_id": "cases.case_id"},
    "facts": {"finding_id": "findings.finding_id"},
    "cases": {"run_id": "runs.run_id"},
    "members": {"case_id": "cases.case_id"},
    "samples": {"case_id": "cases.case_id"},
    "actions": {"run_id": "runs.run_id", "case_id": "cases.case_id"},
    "decisions": {"case_id": "cases.case_id"},
}


def _columns(table: str) -> list[SchemaItem]:
    """Return one column for each field of the table's record."""
    items: list[SchemaItem] = []
    parents = _PARENTS.get(table, {})
    for name, (kind, nullable) in field_types(RECORDS[table]).items():
        parent = [ForeignKey(parents[name])] if name in parents else []
        key = name in KEYS[table]
        column_type = _TEXT if kind is str else _INTEGER
        items.append(Column(name, column_type, *parent, primary_key=key, nullable=nullable))
        if kind is bool:
            items.append(CheckConstraint(f"{name} IN (0, 1)"))
    return items


def _one_of(column: str, words: Iterable[Enum]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word.value) for word in words)})")


def _table(name: str, *more: SchemaItem) -> Table:
    return Table(
        name,
        METADATA,
        *_columns(name),
        *more,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


RUNS = _table("runs")
CASES = _table(
    "cases",
    Column("severity_rank", _INTEGER, nullable=False),  # the queue's order, severity as a number
    _one_of("severity", Severity),
    _one_of("status", CaseStatus),
    CheckConstraint("version >= 1"),
)
FINDINGS = _table("findings", _one_of("severity", Severity))
FACTS = _table("facts")
MEMBERS = _table("members")
SAMPLES = _table("samples")
ACTIONS = _table(
    "actions",
    Column("decided_us", _INTEGER, nullable=True),  # when a decision last changed its status
    _one_of("status", ActionStatus),
    CheckConstraint("approvals_needed IN (0, 1, 2)"),
)
DECISIONS = _table(
    "decisions",
    _one_of("verdict", Verdict),
    CheckConstraint("reviewer <> '' AND reason <> ''"),
    UniqueConstraint("case_id", "case_version"),
)

LOG = Table(
    "log",
    METADATA,
    Column("seq", _INTEGER, primary_key=True, autoincrement=False),
    Column("kind", _TEXT, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""Entry `seq` (gapless from 0), its kind, and its exact RFC 8785 bytes."""

CHECKPOINTS = Table(
    "checkpoints",
    METADATA,
    Column("size", _INTEGER, primary_key=True, autoincrement=False),
    Column("root", _TEXT, nullable=False),
    Column("frontier", _TEXT, nullable=False),
    Column("run_id", _TEXT, ForeignKey("runs.run_id"), nullable=True),
    sqlite_strict=True,
)
"""The root (hex) of the first `size` entries; `frontier` holds the subtree roots (hex, separated by
spaces) from which the next entries are hashed; `run_id` when a run was recorded here."""

SCHEMA_META = Table(
    "schema_meta",
    METADATA,
    Column("id", _INTEGER, primary_key=True, autoincrement=False),
    Column("version", _INTEGER, nullable=False),
    CheckConstraint("id = 1"),
    sqlite_strict=True,
)
"""The schema's version; SQLite also keeps it in the file's header."""

SEAL = Table(
    "seal",
    METADATA,
    Column("id", _INTEGER, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False),
    Column("counters", LargeBinary, nullable=False),
    CheckConstraint("id = 1 AND length(digest) = 32 AND length(counters) = 12"),
    sqlite_strict=True,
)
"""SQLite: SHA-256 of the database file with these 32 bytes zero, and the counters of its header;
zeros while there is no seal."""

STATE_TABLES: tuple[Table, ...] = (RUNS, CASES, FINDINGS, ACTIONS, DECISIONS)
"""Projections of the log, each after those it refers to."""

SATELLITES: Mapping[str, tuple[Table, ...]] = {"findings": (FACTS,), "cases": (MEMBERS, SAMPLES)}
"""Evidence that the entry of a finding or a case commits to by digest."""

Index("cases_queue", CASES.c.severity_rank.desc(), CASES.c.accounts.desc(), CASES.c.case_id)
Index("findings_run", FINDINGS.c.run_id)
Index("findings_case", FINDINGS.c.case_id)
Index("actions_case", ACTIONS.c.case_id)
Index("actions_run", ACTIONS.c.run_id)
Index("actions_account", ACTIONS.c.account_id)
Index("actions_time", ACTIONS.c.action, ACTIONS.c.as_of_us)
