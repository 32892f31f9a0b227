"""New files are read, and what they say becomes part of the state: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.activity.discover import InputFile
from engine.activity.ingest import Input, stage
from engine.activity.staging import Staging
from engine.activity.state.absorb import absorb, forget, mark_repeated, supplying
from engine.activity.state.files import Files, key_of, refresh
from engine.activity.state.mark import Mark, mark_of, unchanged
from engine.activity.state.store import NAME, transaction

_CHANGING = Mark("", -1, "")
"""Of a file that somebody wrote while it was read: like no file, so it is read again."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out about files by reading them, by their numbers."""

    left_out: dict[int, int] = field(default_factory=dict)
    supplied: dict[int, frozenset[str]] = field(default_factory=dict)


def renew(task: Input, files: Files) -> None:
    """Read the new files, the only ones of the task, and forget those that are gone.

    A file of lines is read as far as it went when it was marked: whoever writes it may go on.
    Raises InputError for a file that cannot be read; then the state is as it was.
    """
    workspace, found = task.workspace, _Found()
    marks = {n: files.grown.get(n) or mark_of(file.path) for n, file in task.files.items()}
    task = replace(task, files={n: _until(file, marks[n]) for n, file in task.files.items()})
    for kind in task.kinds:
        staging = Staging(workspace, kind)
        found.left_out.update(stage(task, staging))
        found.supplied.update(staging.supplied)
        task.quarantine.take_faulty(staging)
        mark_repeated(workspace, kind, files.gone)
    for number, file in task.files.items():
        if not unchanged(file.path, marks[number], may_grow=file.may_grow):
            marks[number] = _CHANGING
    with transaction(workspace):
        forget(workspace, task.kinds, files.gone)
        refresh(workspace, files)
        _remember(task, marks, found)
        workspace.execute(f"INSERT INTO {NAME}.set_aside SELECT * FROM quarantine")
        for kind in task.kinds:
            supplying(workspace, kind, {n: found.supplied[n] for n in files.grown})
            absorb(workspace, kind)
    for kind in task.kinds:
        workspace.execute(f"DROP TABLE {kind.staging}")


def _until(file: InputFile, mark: Mark) -> InputFile:
    if not file.may_grow:
        return file
    return replace(file, stretch=replace(file.stretch, end=mark.size))


def _remember(task: Input, marks: Mapping[int, Mark], found: _Found) -> None:
    for number, file in task.files.items():
        mark, before = marks[number], f"FROM {NAME}.files WHERE file_no = {number}"
        left_out = int(task.workspace.value(f"SELECT coalesce(sum(left_out), 0) {before}"))
        left_out += found.left_out.get(number, 0)
        said = (mark.stat, mark.size, mark.digest, mark.lines)
        supplied = sorted(found.supplied.get(number, ()))
        task.workspace.execute(f"DELETE {before}")
        task.workspace.execute(
            f"INSERT INTO {NAME}.files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [number, *key_of(file), *said, supplied, left_out],
        )
