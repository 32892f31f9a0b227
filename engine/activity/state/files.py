"""Which of the files that rows were read from are as they were, and which are still to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.activity.discover import InputFile
from engine.activity.state.mark import Mark, look
from engine.activity.state.store import NAME
from engine.activity.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a run, by the numbers that rows kept have; order is that of the run."""

    kept: Mapping[int, InputFile]
    """As they were when they were read."""
    new: Mapping[int, InputFile]
    gone: tuple[int, ...]
    """Numbers of those that are there no more, or not as they were."""
    touched: Mapping[int, str]
    """What the file system says of those kept of which it has said something else."""

    @property
    def every(self) -> Mapping[int, InputFile]:
        return {**self.kept, **self.new}


def compare(workspace: Workspace, files: Mapping[int, InputFile]) -> Files:
    """Compare a run's files with those that rows were read from.

    Raises InputError for one that cannot be read.
    """
    known = {
        (path, kind): (number, Mark(stat, size, digest))
        for number, path, kind, stat, size, digest in workspace.rows(
            f"SELECT file_no, path, kind, stat, size, digest FROM {NAME}.files"
        )
    }
    free = 1 + max((number for number, _ in known.values()), default=-1)
    kept: dict[int, InputFile] = {}
    new: dict[int, InputFile] = {}
    touched: dict[int, str] = {}
    for place, file in files.items():
        number, mark = known.get(key_of(file), (free + place, None))
        same, stat = (False, "") if mark is None else look(file.path, mark)
        if mark is None or not same:
            new[free + place] = file
            continue
        kept[number] = file
        if stat != mark.stat:
            touched[number] = stat
    gone = {number for number, _ in known.values()} - kept.keys()
    return Files(kept, new, tuple(sorted(gone)), touched)


def refresh(workspace: Workspace, files: Files) -> None:
    """Note what the file systems say now, so that the bytes need not be looked at again."""
    for number, stat in files.touched.items():
        workspace.execute(f"UPDATE {NAME}.files SET stat = ? WHERE file_no = ?", [stat, number])


def key_of(file: InputFile) -> tuple[str, str]:
    """Return what names a file, wherever a run is started from, and what it is read as."""
    return str(Path(file.path).resolve()), file.kind
