"""By what a file is known again: that nobody has changed it since it was read.

What the file system says of a file is believed where it cannot have missed a change; wherever it
says anything else than before, the bytes themselves decide.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
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
    lines: int | None = field(default=None, compare=False)
    """How many lines it has; None where the last of them has no end."""


def mark_of(path: Path) -> Mark:
    """Look at a file, and at all of its bytes; raises InputError where it cannot be read."""
    try:
        stat, size = _stat(path)
        seen = _Seen()
        for chunk in _chunks(path, size):
            seen.add(chunk)
        return Mark(stat, size, seen.digest, seen.lines)
    except OSError as error:
        message = f"cannot read {path}: {error}"
        raise InputError(message) from error


def grown(path: Path, mark: Mark) -> Mark | None:
    """Return the mark of a file that is as it was marked, but for more lines at its end.

    None for any other file, and for one that had nothing in it. The bytes before and after are
    looked at in one go, so that nobody can exchange them in between.
    """
    if mark.lines is None or mark.size <= 0:
        return None
    try:
        stat, size = _stat(path)
        if size <= mark.size:
            return None
        seen, left = _Seen(), mark.size
        for chunk in _chunks(path, size):
            seen.add(chunk[:left])
            if 0 < left <= len(chunk) and seen.digest != mark.digest:
                return None
            seen.add(chunk[left:])
            left = max(left - len(chunk), 0)
        return None if left else Mark(stat, size, seen.digest, seen.lines)
    except OSError:
        return None


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


def unchanged(path: Path, mark: Mark, *, may_grow: bool) -> bool:
    """Return whether a file is as it was marked; so nobody wrote it while it was read.

    More lines at its end do not matter where it `may_grow`.
    """
    try:
        return look(path, mark)[0] or (may_grow and grown(path, mark) is not None)
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
    for chunk in _chunks(path, size):
        whole.update(chunk)
    return whole.hexdigest()


def _chunks(path: Path, size: int) -> Iterator[bytes]:
    """Yield the first bytes of a file."""
    with path.open("rb", buffering=0) as stream:
        while size and (chunk := stream.read(min(size, _CHUNK))):
            yield chunk
            size -= len(chunk)


class _Seen:
    """What bytes come to, one after another."""

    def __init__(self) -> None:
        self._whole, self._ends, self._last = hashlib.sha256(), 0, b"\n"

    def add(self, chunk: bytes) -> None:
        self._whole.update(chunk)
        self._ends += chunk.count(b"\n")
        self._last = chunk[-1:] or self._last

    @property
    def digest(self) -> str:
        return self._whole.hexdigest()

    @property
    def lines(self) -> int | None:
        """How many there are; None where the last of them has no end."""
        return self._ends if self._last == b"\n" else None
