"""New files are read, and what they say becomes part of the state: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

from engine.activity.ingest import Input, stage
from engine.activity.staging import Staging
from engine.activity.state.absorb import absorb, forget, mark_repeated
from engine.activity.state.files import Files, key_of, refresh
from engine.activity.state.mark import Mark, mark_of, unchanged
from engine.activity.state.store import NAME, transaction

_CHANGING = Mark("", -1, "")
"""Of a file that somebody wrote while it was read: like no file, so it is read again."""


def renew(task: Input, files: Files) -> None:
    """Read the new files, the only ones of the task, and forget those that are gone.

    Raises InputError for a file that cannot be read; then the state is as it was.
    """
    workspace = task.workspace
    marks = {number: mark_of(file.path) for number, file in task.files.items()}
    left_out: dict[int, int] = {}
    for kind in task.kinds:
        staging = Staging(workspace, kind)
        left_out |= stage(task, staging)
        task.quarantine.take_faulty(staging)
        mark_repeated(workspace, kind, files.gone)
    for number, file in task.files.items():
        if not unchanged(file.path, marks[number]):
            marks[number] = _CHANGING
    with transaction(workspace):
        forget(workspace, task.kinds, files.gone)
        refresh(workspace, files)
        _remember(task, marks, left_out)
        workspace.execute(f"INSERT INTO {NAME}.set_aside SELECT * FROM quarantine")
        for kind in task.kinds:
            absorb(workspace, kind)
    for kind in task.kinds:
        workspace.execute(f"DROP TABLE {kind.staging}")


def _remember(task: Input, marks: Mapping[int, Mark], left_out: Mapping[int, int]) -> None:
    for number, file in task.files.items():
        mark = marks[number]
        task.workspace.execute(
            f"INSERT INTO {NAME}.files VALUES (?, ?, ?, ?, ?, ?, ?)",
            [number, *key_of(file), mark.stat, mark.size, mark.digest, left_out.get(number, 0)],
        )
