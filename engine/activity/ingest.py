"""Reads a path of activity into the workspace's `events`, `accounts` and `models`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.activity.coverage import measure_coverage
from engine.activity.csv_rows import read_csv
from engine.activity.dedupe import Deduped, dedupe, dedupe_foreign
from engine.activity.digest import activity_digest, table_digest
from engine.activity.discover import Format, InputFile, discover
from engine.activity.foreign import ForeignReader
from engine.activity.intake import Intake, TableCount
from engine.activity.json_lines import read_json_lines
from engine.activity.mapping import RecordMapping, compile_source
from engine.activity.parquet import read_parquet
from engine.activity.quarantine import Quarantine
from engine.activity.staging import ALL_KINDS, EXCHANGES, EXTRA, Kind, Staging
from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.language.fields import Field
from engine.language.model.pack import Source

ALWAYS_KEPT = frozenset({"event_id", "ts_us", "account_id", "org_id", "model"})
"""Columns of `events` without which no exchange could be told, placed or counted."""


@dataclass(frozen=True, slots=True)
class Input:
    """All that reading needs: what the files are, and what of them is wanted."""

    workspace: Workspace
    files: Mapping[int, InputFile]
    quarantine: Quarantine
    mapping: RecordMapping | None
    kinds: tuple[Kind, ...]
    since_us: int | None
    until_us: int | None


def read_activity(
    workspace: Workspace,
    path: str,
    *,
    source: Source | None = None,
    since_us: int | None = None,
    until_us: int | None = None,
    fields: Sequence[Field] = (),
    kept: frozenset[str] | None = None,
) -> Intake:
    """Read a file, folder or glob; the period's ends are inclusive, microseconds UTC.

    `fields` are declared ones, kept beside the canonical fields of exchanges. `kept` names the only
    columns that `events` needs; what rows say elsewhere is still checked, and tells them apart.

    With a source every file holds that source's records. Raises InputError naming a file that is
    missing, of unknown format, corrupt or without a required column; single rows never stop it.
    Raises ExciseError if the source itself is wrong.
    """
    mapping = compile_source(source, fields) if source else None
    files = dict(enumerate(discover(path, kind=source.kind if source else None)))
    register(workspace.connection)
    task = Input(
        workspace,
        files,
        Quarantine(workspace, files),
        mapping,
        kinds_of(fields, kept),
        since_us,
        until_us,
    )
    return intake_of(task, [_read(task, kind) for kind in task.kinds])


def kinds_of(fields: Sequence[Field], kept: frozenset[str] | None) -> tuple[Kind, ...]:
    """Return the kinds of input, exchanges with declared `fields` and the columns to be kept."""
    exchanges = EXCHANGES.declaring(fields)
    if kept is not None:
        exchanges = exchanges.keeping(kept | ALWAYS_KEPT)
    return tuple(exchanges if kind is EXCHANGES else kind for kind in ALL_KINDS)


@dataclass(frozen=True, slots=True)
class Table:
    """What came of one kind of input."""

    kind: str
    count: TableCount
    collisions: int
    digest: str


def intake_of(task: Input, tables: Sequence[Table]) -> Intake:
    """Return what is known of the tables `events`, `accounts` and `models` that were made."""
    workspace = task.workspace
    first, last, active = workspace.rows(
        "SELECT min(ts_us), max(ts_us), count(DISTINCT account_id) FROM events"
    )[0]
    return Intake(
        tables={one.kind: one.count for one in tables},
        collisions=sum(one.collisions for one in tables),
        coverage=measure_coverage(workspace, task.kinds[0]),
        quarantine_path=task.quarantine.write(),
        first_us=first,
        last_us=last,
        active_accounts=active,
        digest=activity_digest({one.kind: one.digest for one in tables}),
    )


def _read(task: Input, kind: Kind) -> Table:
    """Read one kind of input into its final table."""
    workspace = task.workspace
    staging = Staging(workspace, kind)
    left_out = sum(stage(task, staging).values())
    staged = int(workspace.value(f"SELECT count(*) FROM {kind.staging}"))
    rejected = task.quarantine.count(kind.name)
    task.quarantine.take_faulty(staging)
    outside = cut_period(task, kind)
    deduped = deduplicate(task, kind)
    digest = table_digest(workspace, kind.staging, masked=bool(kind.supplied))
    count = TableCount(
        read=staged + rejected + left_out,
        kept=finish(workspace, kind),
        duplicates=deduped.duplicates,
        quarantined=task.quarantine.count(kind.name),
        outside_period=outside,
        left_out=left_out,
    )
    return Table(kind.name, count, deduped.collisions, digest)


def stage(task: Input, staging: Staging) -> Mapping[int, int]:
    """Fill the staging table; return by file how many records the source left out."""
    files = {n: file for n, file in task.files.items() if file.kind == staging.kind.name}
    if task.mapping is not None:
        reader = ForeignReader(staging, task.quarantine, task.mapping)
        return {number: reader.read(number, file) for number, file in files.items()}
    read_parquet(staging, {n: f for n, f in files.items() if f.format is Format.PARQUET})
    for number, file in files.items():
        if file.format is Format.CSV:
            read_csv(staging, task.quarantine, number, file)
        elif file.format is not Format.PARQUET:
            read_json_lines(staging, task.quarantine, number, file)
    return {}


def deduplicate(task: Input, kind: Kind) -> Deduped:
    """Leave one row of each identity in the staging table."""
    return (dedupe_foreign if task.mapping else dedupe)(task.workspace, kind)


def cut_period(task: Input, kind: Kind) -> int:
    """Drop what lies outside the period; return how many rows."""
    workspace, outside = task.workspace, outside_period(task, kind)
    if outside is None:
        return 0
    count = int(workspace.value(f"SELECT count(*) FROM {kind.staging} WHERE {outside}"))
    if count:
        workspace.execute(f"DELETE FROM {kind.staging} WHERE {outside}")
    return count


def outside_period(task: Input, kind: Kind) -> str | None:
    """Return SQL for whether a row is not of the period, None where any is."""
    bounds = [f"ts_us < {task.since_us}"] if task.since_us is not None else []
    bounds += [f"ts_us > {task.until_us}"] if task.until_us is not None else []
    return " OR ".join(bounds) if kind.name == EXCHANGES.name and bounds else None


def finish(workspace: Workspace, kind: Kind) -> int:
    """Turn the staging table into the final one; return its rows."""
    for name in EXTRA:
        workspace.execute(f"ALTER TABLE {kind.staging} DROP COLUMN {name}")
    workspace.execute(f"DROP TABLE IF EXISTS {kind.table}")
    workspace.execute(f"ALTER TABLE {kind.staging} RENAME TO {kind.table}")
    return int(workspace.value(f"SELECT count(*) FROM {kind.table}"))
