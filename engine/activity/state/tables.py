"""The tables of a run, made from the rows kept: `accounts` and `models` copied, `events` seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.activity.arrays import incoming
from engine.activity.digest import table_digest
from engine.activity.discover import InputFile
from engine.activity.ingest import Input, Table, cut_period, deduplicate, finish, outside_period
from engine.activity.intake import TableCount
from engine.activity.quarantine import Quarantine
from engine.activity.staging import EXCHANGES, Kind, Staging
from engine.activity.state.files import Files
from engine.activity.state.store import NAME, ORIGIN, again, once
from engine.activity.workspace import Workspace

_REPEATED = "events_repeated"
"""Exchanges whose id occurs again, one of each."""


def set_aside(workspace: Workspace, found: Mapping[int, InputFile], files: Files) -> Quarantine:
    """Return the quarantine of a run, with what was set aside of its files whenever that was."""
    quarantine = Quarantine(workspace, found)
    numbers = {file: number for number, file in files.every.items()}
    places = {"file_no": [numbers[file] for file in found.values()], "place": list(found)}
    with incoming(workspace, places) as name:
        workspace.execute(
            "INSERT INTO quarantine SELECT place, row_no, field, reason, raw "
            f"FROM {NAME}.set_aside JOIN {name} USING (file_no)"
        )
    return quarantine


def table_of(task: Input, kind: Kind) -> Table:
    """Make the table of one kind, and return what came of its rows.

    Rows whose identity occurs once are as they are; which of the others count is settled here,
    among those of the period, by the one rule of `dedupe`.
    """
    seen = kind.name == EXCHANGES.name
    copied = (again(kind),) if seen else (once(kind), again(kind))
    staged = _copy(task.workspace, kind, copied)
    outside = cut_period(task, kind)
    deduped = deduplicate(task, kind)
    digest, kept = _see(task, kind) if seen else _take(task, kind)
    left_out = _left_out(task.workspace, kind)
    quarantined = task.quarantine.count(kind.name)
    if seen:
        whole = int(task.workspace.value(f"SELECT count(*) FROM {once(kind)}"))
        staged, outside = staged + whole, outside + _outside(task, kind)
    count = TableCount(
        read=staged + quarantined + left_out,
        kept=kept,
        duplicates=deduped.duplicates,
        quarantined=quarantined,
        outside_period=outside,
        left_out=left_out,
    )
    return Table(kind.name, count, deduped.collisions, digest)


def _copy(workspace: Workspace, kind: Kind, tables: tuple[str, ...]) -> int:
    """Copy rows to the staging table; return how many."""
    staging = Staging(workspace, kind).kind.staging
    columns = ", ".join([*kind.final_columns, *ORIGIN])
    for table in tables:
        workspace.execute(f"INSERT INTO {staging} ({columns}) SELECT {columns} FROM {table}")
    return int(workspace.value(f"SELECT count(*) FROM {staging}"))


def _take(task: Input, kind: Kind) -> tuple[str, int]:
    digest = table_digest(task.workspace, kind.staging, masked=bool(kind.supplied))
    return digest, finish(task.workspace, kind)


def _see(task: Input, kind: Kind) -> tuple[str, int]:
    """Make a view of rows kept, and of the repeated ones that were settled."""
    workspace, outside = task.workspace, outside_period(task, kind)
    inside = "" if outside is None else f"WHERE NOT ({outside})"

    def view(name: str, columns: str, table: str) -> None:
        workspace.execute(
            f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} FROM {once(kind)} {inside} "
            f"UNION ALL SELECT {columns} FROM {table}"
        )

    view("said_rows", "supplied, said", kind.staging)
    digest = table_digest(workspace, "said_rows", masked=bool(kind.supplied))
    workspace.execute("DROP VIEW said_rows")
    finish(workspace, replace(kind, table=_REPEATED))
    view(kind.table, ", ".join(kind.final_columns), _REPEATED)
    return digest, int(workspace.value(f"SELECT count(*) FROM {kind.table}"))


def _outside(task: Input, kind: Kind) -> int:
    outside = outside_period(task, kind)
    if outside is None:
        return 0
    return int(task.workspace.value(f"SELECT count(*) FROM {once(kind)} WHERE {outside}"))


def _left_out(workspace: Workspace, kind: Kind) -> int:
    total = f"SELECT coalesce(sum(left_out), 0) FROM {NAME}.files WHERE kind = '{kind.name}'"
    return int(workspace.value(total))
