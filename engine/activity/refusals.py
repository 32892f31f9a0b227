"""What the system refused the scratch database, told apart from what a file of activity holds.

DuckDB raises whatever exception the statement happens to end in, with the system's own words at the
end: a full disk is an IOException while rows are spilled and a TransactionException as they commit.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

_REFUSALS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EMFILE,
    errno.ENFILE,
    errno.EROFS,
    errno.EACCES,
    errno.EIO,
)
_WORDS = "|".join(re.escape(os.strerror(number)) for number in _REFUSALS)
_FILE = 'file "(?P<file>[^"]+)"'
_REFUSED = re.compile(f'{_FILE}[^"]*: (?P<words>{_WORDS})')
_CUT_SHORT = re.compile(f"ould not write all bytes to {_FILE}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not allowed, and with which file."""

    file: Path
    words: str
    """Of the system: `No space left on device`."""
    for_now: bool
    """Whether the same may be allowed later."""


def refusal(error: Exception) -> Refusal | None:
    """Return what the system refused the database, None where the error is about something else."""
    told = str(error) if isinstance(error, duckdb.Error) else ""
    if found := _REFUSED.search(told):
        lasting = (os.strerror(errno.EROFS), os.strerror(errno.EACCES))
        return Refusal(Path(found["file"]), found["words"], found["words"] not in lasting)
    if found := _CUT_SHORT.search(told):
        return Refusal(Path(found["file"]), os.strerror(errno.ENOSPC), for_now=True)
    return None
