"""Which files an activity path stands for, and what each of them holds."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from itertools import takewhile
from pathlib import Path

from engine.errors import InputError

KINDS = ("exchanges", "accounts", "models")

UNFINISHED = "_unfinished"
"""A file that is in a folder while Excise writes others there."""


class Format(Enum):
    """How the rows of a file are written."""

    PARQUET = "parquet"
    LINES = "lines"  # JSON Lines
    JSON = "json"  # JSON Lines, or one array or one object
    CSV = "csv"


class Packing(Enum):
    """How a file is compressed."""

    PLAIN = ""
    GZIP = ".gz"
    ZSTD = ".zst"


_FORMATS = {
    ".parquet": Format.PARQUET,
    ".jsonl": Format.LINES,
    ".ndjson": Format.LINES,
    ".json": Format.JSON,
    ".csv": Format.CSV,
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The bytes to read of a file of lines, and what is known of those before them."""

    begin: int = 0
    end: int | None = None
    """None: to the end, wherever that is by then."""
    lines: int = 0
    """How many lines come before."""
    supplied: frozenset[str] = frozenset()
    """The fields that they supply."""


WHOLE = Stretch()


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of activity; the same one, whichever stretch of it is read."""

    path: Path
    kind: str
    format: Format
    packing: Packing
    stretch: Stretch = field(default=WHOLE, compare=False)

    @property
    def may_grow(self) -> bool:
        """Whether what is there stays as it is when more is written at the end."""
        return self.format is Format.LINES and self.packing is Packing.PLAIN


def discover(path: str, *, kind: str | None = None) -> tuple[InputFile, ...]:
    """Return the files of a path (a file, a folder or a glob), sorted, each once.

    In a folder or glob a file holds what its name, or else its nearest folder, begins with:
    `exchanges`, `accounts` or `models`; anything else, and a single file, holds exchanges. `kind`
    overrules the names. Names that begin with `.` or `_` are bookkeeping of other tools: skipped.

    Raises InputError where there is no file or a file's extension is unknown.
    """
    if not path:
        raise InputError("no activity is named", hint="give a file, a folder or a glob")
    root = Path(path)
    if root.is_file():
        return (_input_file(root, kind or "exchanges"),)
    found = _inside(root) if root.is_dir() else _matches(path)
    files = {_resolved(item): item for item in sorted(found)}
    if not files:
        message = f"no activity files at `{path}`"
        raise InputError(message, hint="give a file, a folder or a glob")
    base = root if root.is_dir() else _fixed(path)
    return tuple(_input_file(item, kind or _kind(item, base)) for item in sorted(files.values()))


def _inside(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Yield the files of a folder, also through links to folders, but not back to one `above`.

    Raises InputError for a link that leads nowhere: what it stands for would be lost unseen; and
    for a folder that somebody writes, or began to.
    """
    here = _resolved(folder)
    if here in above:
        return
    if (folder / UNFINISHED).exists():
        message = f"what is in {folder} is not complete"
        raise InputError(message, hint="write it again")
    for item in folder.iterdir():
        if item.name.startswith((".", "_")):
            continue
        if item.is_dir():
            yield from _inside(item, above | {here})
        elif item.is_file():
            yield item
        elif item.is_symlink():
            _resolved(item)


def _matches(pattern: str) -> Iterator[Path]:
    for name in glob.iglob(pattern, recursive=True):  # noqa: PTH207 - absolute patterns too
        item = Path(name)
        if item.is_dir():
            yield from _inside(item)
        elif item.is_file() and not item.name.startswith((".", "_")):
            yield item


def _fixed(pattern: str) -> Path:
    """Return the folders that a glob names in full."""
    return Path(*takewhile(lambda part: not glob.has_magic(part), Path(pattern).parts))


def _resolved(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        message = f"cannot read {path}: {error}"
        raise InputError(message) from error


def _kind(path: Path, base: Path) -> str:
    inner = path.relative_to(base) if path.is_relative_to(base) else path
    names: Iterable[str] = (path.name, path.parent.name, *reversed(inner.parts[:-1]))
    for name in names:
        for kind in KINDS:
            if name.lower().startswith(kind):
                return kind
    return "exchanges"


def _input_file(path: Path, kind: str) -> InputFile:
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    packing = Packing.PLAIN
    if suffixes and suffixes[-1] in (Packing.GZIP.value, Packing.ZSTD.value):
        packing = Packing(suffixes.pop())
    layout = _FORMATS.get(suffixes[-1]) if suffixes else None
    if layout is None or (layout is Format.PARQUET and packing is not Packing.PLAIN):
        message = f"cannot tell how {path} is written from its name"
        hint = (
            "known are .parquet, and .jsonl, .ndjson, .json, .csv, each also with .gz or .zst; "
            "a glob leaves out what is no activity: FOLDER/**/*.json.gz"
        )
        raise InputError(message, hint=hint)
    return InputFile(path, kind, layout, packing)
