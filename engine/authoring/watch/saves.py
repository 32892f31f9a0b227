"""When something was saved in a folder of rules."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.language.rule_files import rule_files

_PAUSE_S = 0.1
"""Between two looks. Polling sees saves by rename and works on every file system."""
_LONGEST_WRITE = 20
"""So many looks in a row may find something new before the folder is read in spite of it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a folder of rules, each with what changes when it is saved."""

    files: tuple[tuple[str, int, int, int, int], ...]

    @classmethod
    def of(cls, root: Path) -> Snapshot:
        """Look at the files that loading reads; one that goes away meanwhile is not there."""
        found = []
        for path in rule_files(root):
            try:
                seen = path.stat()
            except OSError:
                continue
            found.append((str(path), seen.st_mtime_ns, seen.st_size, seen.st_ino, seen.st_mode))
        return cls(tuple(sorted(found)))


def _rest() -> None:
    time.sleep(_PAUSE_S)


class Saves:
    """Yields at once, and then whenever a file was saved, added or removed, once it has settled.

    An editor may write a file in several steps, or empty it first: the folder counts as settled
    when two looks in a row find the same.
    """

    def __init__(self, look: Callable[[], Snapshot], rest: Callable[[], None] = _rest) -> None:
        """Take what looks at the folder, and what passes the time between two looks."""
        self._look, self._rest = look, rest
        self._seen: Snapshot | None = None

    def __iter__(self) -> Iterator[Snapshot]:
        """Yield what the folder is like; what is saved before the next step is not missed."""
        self._seen = self._look()
        yield self._seen
        while True:
            if not self.pending:
                self._rest()
                continue
            self._seen = self._settled()
            yield self._seen

    @property
    def pending(self) -> bool:
        """Whether something was saved since the last yield."""
        return self._look() != self._seen

    def _settled(self) -> Snapshot:
        now = self._look()
        for _ in range(_LONGEST_WRITE):
            self._rest()
            before, now = now, self._look()
            if now == before:
                break
        return now
