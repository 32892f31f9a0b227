"""Which of the files that rows were read from are as they were, and which are still to be read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.activity.discover import InputFile, Stretch
from engine.activity.json_values import is_spread
from engine.activity.state.mark import Mark, grown, look
from engine.activity.state.store import NAME
from engine.activity.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a run, by the numbers that rows kept have; order is that of the run."""

    kept: dict[int, InputFile] = field(default_factory=dict)
    """As they were when they were read."""
    new: dict[int, InputFile] = field(default_factory=dict)
    """Of one that has only grown the number stays, and what is still to be read is a stretch."""
    grown: dict[int, Mark] = field(default_factory=dict)
    """The marks of those that have."""
    gone: list[int] = field(default_factory=list)
    """Numbers of those that are there no more, or not as they were."""
    touched: dict[int, str] = field(default_factory=dict)
    """What the file system says of those kept of which it has said something else."""

    @property
    def every(self) -> Mapping[int, InputFile]:
        return {**self.kept, **self.new}


@dataclass(frozen=True, slots=True)
class _Known:
    """A file that rows were read from."""

    number: int
    mark: Mark
    supplied: frozenset[str]

    def rest(self, file: InputFile) -> InputFile:
        """Return a file that has grown with what is still to be read of it."""
        read = Stretch(self.mark.size, None, self.mark.lines or 0, self.supplied)
        return replace(file, stretch=read)


def compare(workspace: Workspace, files: Mapping[int, InputFile], *, foreign: bool) -> Files:
    """Compare a run's files, of `foreign` records or our own, with those that rows were read from.

    Raises InputError for one that cannot be read.
    """
    known = _known(workspace)
    free = 1 + max((one.number for one in known.values()), default=-1)
    found = Files()
    for place, file in files.items():
        one = known.get(key_of(file))
        same, stat = look(file.path, one.mark) if one else (False, "")
        if one and same:
            found.kept[one.number] = file
            if stat != one.mark.stat:
                found.touched[one.number] = stat
        elif one and (longer := _grown(file, one.mark, foreign)):
            found.new[one.number], found.grown[one.number] = one.rest(file), longer
        else:
            found.new[free + place] = file
    there = {one.number for one in known.values()}
    found.gone.extend(sorted(there - found.every.keys()))
    return found


def _grown(file: InputFile, mark: Mark, foreign: bool) -> Mark | None:  # noqa: FBT001 - as above
    """Return the mark of a file that has got more lines and whose other lines mean the same."""
    longer = grown(file.path, mark) if file.may_grow else None
    return None if longer and foreign and is_spread(file) else longer


def _known(workspace: Workspace) -> Mapping[tuple[str, str], _Known]:
    rows = workspace.rows(
        f"SELECT path, kind, file_no, stat, size, digest, lines, supplied FROM {NAME}.files"
    )
    return {
        (path, kind): _Known(number, Mark(stat, size, digest, lines), frozenset(supplied))
        for path, kind, number, stat, size, digest, lines, supplied in rows
    }


def refresh(workspace: Workspace, files: Files) -> None:
    """Note what the file systems say now, so that the bytes need not be looked at again."""
    for number, stat in files.touched.items():
        workspace.execute(f"UPDATE {NAME}.files SET stat = ? WHERE file_no = ?", [stat, number])


def key_of(file: InputFile) -> tuple[str, str]:
    """Return what names a file, wherever a run is started from, and what it is read as."""
    path = str(Path(file.path).resolve())
    try:
        path.encode()
    except UnicodeEncodeError:  # it is bytes to the system, and text to the database
        path = f"\0{os.fsencode(path).hex()}"
    return path, file.kind
