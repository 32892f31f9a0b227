"""By what a file is known again: that nobody has changed it since it was read.

What the file system says of a file is believed where it cannot have missed a change; wherever it
says anything else than before, the bytes themselves decide.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InputError

_SETTLED_NS = 2_000_000_000
"""A clock of a file system ticks at least this often: what was changed later ago than this, in a
change of the same size, would be seen."""
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Mark:
    """A file as it was when it was read."""

    stat: str
    """What the file system said of it; empty where that would not show the next change."""
    size: int
    digest: str
    """SHA-256 (hex) of its bytes."""


def mark_of(path: Path) -> Mark:
    """Look at a file, and at all of its bytes; raises InputError where it cannot be read."""
    try:
        stat, size = _stat(path)
        return Mark(stat, size, _digest(path, size))
    except OSError as error:
        message = f"cannot read {path}: {error}"
        raise InputError(message) from error


def look(path: Path, mark: Mark) -> tuple[bool, str]:
    """Return whether a file is as it was marked, and what its file system says now.

    Raises InputError as `mark_of`.
    """
    try:
        stat, size = _stat(path)
        if stat and stat == mark.stat:
            return True, stat
        return size == mark.size and _digest(path, size) == mark.digest, stat
    except OSError as error:
        message = f"cannot read {path}: {error}"
        raise InputError(message) from error


def unchanged(path: Path, mark: Mark) -> bool:
    """Return whether a file is as it was marked; so nobody wrote it while it was read."""
    try:
        return look(path, mark)[0]
    except InputError:
        return False


def _stat(path: Path) -> tuple[str, int]:
    """Return what a file system says of a file, nothing if it is too young, and its size."""
    found = path.stat()
    times = (found.st_mtime_ns, found.st_ctime_ns)
    said = (found.st_size, *times, found.st_ino, found.st_dev)
    settled = time.time_ns() - max(times) > _SETTLED_NS
    return ":".join(map(str, said)) if settled else "", found.st_size


def _digest(path: Path, size: int) -> str:
    """Return the digest of the first bytes of a file."""
    whole = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        while size and (chunk := stream.read(min(size, _CHUNK))):
            whole.update(chunk)
            size -= len(chunk)
    return whole.hexdigest()
