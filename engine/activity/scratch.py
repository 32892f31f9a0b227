"""The folder that a workspace writes in, gone with it; and those that killed ones left behind.

A process that is killed cannot tidy up, and its scratch database holds prompts and may be as large
as the disk. So each folder has a lock, which goes with the process, however that ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "excise-"
_LOCK = "scratch-lock"
"""Nobody else calls a file so: a state, which has a lock too, may lie under TMPDIR."""


class Scratch:
    """A new private folder under TMPDIR."""

    def __init__(self) -> None:
        """Make it, with its lock held."""
        self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX)
        self.path = Path(self._folder.name)
        new = self.path / f"{_LOCK}.new"
        self._lock = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with suppress(OSError):  # some file systems know no locks: there nobody tidies up
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            new.rename(self.path / _LOCK)  # none is seen before it is held

    def cleanup(self) -> None:
        """Remove it."""
        self._folder.cleanup()
        os.close(self._lock)


def sweep() -> None:
    """Remove the folders under TMPDIR that are this user's and whose processes are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if folder.lstat().st_uid == os.getuid() and not folder.is_symlink():
                _remove_if_left(folder)


def _remove_if_left(folder: Path) -> None:
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
