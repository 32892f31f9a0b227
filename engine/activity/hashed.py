"""Activity without its text: the same rows, in which hashes and shapes stand for prompts.

Whoever may not keep text makes these where the text still is. A run over them comes to what a run
over the text comes to, but for what looks into the text itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.activity.discover import UNFINISHED
from engine.activity.faults import PRIVATE
from engine.activity.staging import ALL_KINDS, Kind
from engine.activity.tables import column
from engine.activity.text import NO_SHAPE
from engine.activity.workspace import Workspace
from engine.errors import UsageError
from engine.language.fields import Absent, Field, FieldType

_ORDER = {"exchanges": "ts_us, event_id", "accounts": "account_id", "models": "model"}


def write_hashed(workspace: Workspace, folder: Path) -> tuple[Path, ...]:
    """Write the activity that was read, all columns of it, to Parquet files in a folder.

    Each kind of input becomes a file for each set of fields that its files supplied: what an empty
    value means depends on that. Declared fields are left out, for nobody knows what is in them.
    `UsageError` where the folder holds anything but what was left of a writing that did not end.
    """
    unfinished = folder / UNFINISHED
    _clear(folder, unfinished)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished.touch()
    parts = [part for kind in ALL_KINDS for part in _parts(workspace, kind)]
    for name, rows in parts:
        target = str(_hidden(folder, name)).replace("'", "''")
        workspace.execute(f"COPY ({rows}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    for name, _ in reversed(parts):  # exchanges last: without them there is nothing to judge
        _hidden(folder, name).rename(folder / name)
    unfinished.unlink()
    return tuple(folder / name for name, _ in parts)


def _clear(folder: Path, unfinished: Path) -> None:
    """Remove what was left, if that is all that a folder holds."""
    if not folder.exists():
        return
    ours = {unfinished} if unfinished.exists() else set()
    for kind in ALL_KINDS if ours else ():
        ours |= {*folder.glob(f"{kind.name}*.parquet"), *folder.glob(f"_{kind.name}*.parquet")}
    if set(folder.iterdir()) - ours:
        raise UsageError(f"{folder} is not empty", hint="name a new folder")
    for path in sorted(ours - {unfinished}):
        path.unlink()


def _hidden(folder: Path, name: str) -> Path:
    return folder / f"_{name}"  # no reader looks at what begins so


def _parts(workspace: Workspace, kind: Kind) -> Iterator[tuple[str, str]]:
    """Yield the name of each file and a query for its rows."""
    if not kind.supplied:
        if workspace.value(f"SELECT count(*) FROM {kind.table}"):
            yield f"{kind.name}.parquet", _rows(kind, None)
        return
    masks = [mask for (mask,) in workspace.rows(f"SELECT DISTINCT supplied FROM {kind.table}")]
    for number, mask in enumerate(sorted(masks), start=1):
        part = "" if len(masks) == 1 else f"-{number}"
        yield f"{kind.name}{part}.parquet", _rows(kind, mask)


def _rows(kind: Kind, mask: int | None) -> str:
    known = (
        field
        for field in kind.fields.values()
        if field.absent is Absent.UNKNOWN or (mask or 0) >> kind.supplied[field.name] & 1
    )
    listed = ", ".join(f"{_value(one)} AS {one.name}" for one in known if one.name not in PRIVATE)
    where = "" if mask is None else f"WHERE supplied = {mask} "
    return f"SELECT {listed} FROM {kind.table} {where}ORDER BY {_ORDER[kind.name]}"


def _value(field: Field) -> str:
    """Return SQL for a field as a reader takes it back."""
    stored = column(field)
    if field.type is FieldType.TIMESTAMP:
        return f"make_timestamp({stored})"
    if field.type is FieldType.DECIMAL:
        return f"{stored} / 1000"
    if field.derived:
        return f"CASE WHEN {stored} = '' THEN '{NO_SHAPE}' ELSE {stored} END"
    return stored
