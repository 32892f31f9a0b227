"""Reads a path of activity into the workspace's `events`, `accounts` and `models`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.activity.coverage import measure_coverage
from engine.activity.dedupe import dedupe, dedupe_foreign
from engine.activity.digest import activity_digest
from engine.activity.discover import Format, InputFile, discover
from engine.activity.intake import Intake, TableCount
from engine.activity.parquet import read_parquet
from engine.activity.quarantine import (
    create_quarantine,
    quarantined,
    set_faulty_aside,
    write_quarantine,
)
from engine.activity.staging import ALL_KINDS, EXCHANGES, EXTRA, Kind, Staging
from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.language.model.pack import Source


@dataclass(frozen=True, slots=True)
class _Read:
    """What one kind of input came to."""

    count: TableCount
    collisions: int


def read_activity(
    workspace: Workspace,
    path: str,
    *,
    source: Source | None = None,
    since_us: int | None = None,
    until_us: int | None = None,
) -> Intake:
    """Read a file, folder or glob; the period's ends are inclusive, microseconds UTC.

    With a source every file holds that source's records. Raises InputError naming a file that is
    missing, of unknown format, corrupt or without a required column; single rows never stop it.
    """
    found = discover(path, kind=source.kind if source else None)
    files = dict(enumerate(found))
    register(workspace.connection)
    create_quarantine(workspace)
    reads = {
        kind.name: _read(workspace, kind, files, source, (since_us, until_us)) for kind in ALL_KINDS
    }
    quarantine_path = write_quarantine(workspace, files)
    workspace.execute("DROP TABLE quarantine")
    first, last, active = workspace.rows(
        "SELECT min(ts_us), max(ts_us), count(DISTINCT account_id) FROM events"
    )[0]
    return Intake(
        tables={name: read.count for name, read in reads.items()},
        collisions=sum(read.collisions for read in reads.values()),
        coverage=measure_coverage(workspace),
        quarantine_path=quarantine_path,
        first_us=first,
        last_us=last,
        active_accounts=active,
        digest=activity_digest(workspace),
    )


def _read(
    workspace: Workspace,
    kind: Kind,
    files: Mapping[int, InputFile],
    source: Source | None,
    period: tuple[int | None, int | None],
) -> _Read:
    mine = {number: file for number, file in files.items() if file.kind == kind.name}
    staging = Staging(workspace, kind)
    _stage(staging, mine)
    staged = int(workspace.value(f"SELECT count(*) FROM {kind.staging}"))
    before = quarantined(workspace, kind.name, files)
    set_faulty_aside(staging)
    outside = _cut_period(workspace, kind, period)
    deduped = dedupe_foreign(workspace, kind) if source else dedupe(workspace, kind)
    kept = _finish(workspace, kind)
    count = TableCount(
        read=staged + before,
        kept=kept,
        duplicates=deduped.duplicates,
        quarantined=quarantined(workspace, kind.name, files),
        outside_period=outside,
    )
    return _Read(count, deduped.collisions)


def _stage(staging: Staging, files: Mapping[int, InputFile]) -> None:
    parquet = {n: file for n, file in files.items() if file.format is Format.PARQUET}
    if parquet:
        read_parquet(staging, parquet)


def _cut_period(workspace: Workspace, kind: Kind, period: tuple[int | None, int | None]) -> int:
    since, until = period
    bounds = [f"ts_us < {since}"] if since is not None else []
    bounds += [f"ts_us > {until}"] if until is not None else []
    if kind is not EXCHANGES or not bounds:
        return 0
    outside = " OR ".join(bounds)
    count = int(workspace.value(f"SELECT count(*) FROM {kind.staging} WHERE {outside}"))
    if count:
        workspace.execute(f"DELETE FROM {kind.staging} WHERE {outside}")
    return count


def _finish(workspace: Workspace, kind: Kind) -> int:
    """Turn the staging table into the final one; return its rows."""
    for name in EXTRA:
        workspace.execute(f"ALTER TABLE {kind.staging} DROP COLUMN {name}")
    workspace.execute(f"DROP TABLE IF EXISTS {kind.table}")
    workspace.execute(f"ALTER TABLE {kind.staging} RENAME TO {kind.table}")
    return int(workspace.value(f"SELECT count(*) FROM {kind.table}"))
