"""What nobody foresaw, in words: no traceback, and never the text of an exchange.

The message of a foreign exception may quote the value it choked on, so it is left out; where it
came from is enough to report it.
"""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

import duckdb

from engine.activity.refusals import Refusal, refusal
from engine.errors import ExciseError, ExitCode

_FOR_NOW = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE})


class FileFaultError(ExciseError):
    """The system refused a file."""

    def __init__(self, error: OSError) -> None:
        what = f"`{error.filename}`: " if error.filename is not None else ""
        super().__init__(f"{what}{(error.strerror or type(error).__name__).lower()}")
        if error.errno in _FOR_NOW:
            self.exit_code = ExitCode.RETRY


class RefusedError(ExciseError):
    """The system refused a database of rows one of its files."""

    def __init__(self, refused: Refusal) -> None:
        hint = "the temporary folder is TMPDIR, the folder of a state --state"
        super().__init__(f"`{refused.file}`: {refused.words.lower()}", hint=hint)
        if refused.for_now:
            self.exit_code = ExitCode.RETRY


class ScratchError(ExciseError):
    """The scratch database ran out of something."""

    exit_code = ExitCode.RETRY


class UnforeseenError(ExciseError):
    """A fault of Excise itself."""

    exit_code = ExitCode.FAULT

    def __init__(self, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        own = [f for f in traceback.extract_tb(error.__traceback__) if "engine" in f.filename]
        last = own[-1] if own else frame
        place = f"{Path(last.filename).name}:{last.lineno}"
        super().__init__(
            f"a fault at {place} ({type(error).__name__})",
            hint="please report this line with the command and its version",
        )


def in_words(error: Exception) -> ExciseError:
    """Return an error that a person can act on, or at least report."""
    if refused := refusal(error):
        return RefusedError(refused)
    match error:
        case ExciseError():
            return error
        case duckdb.OutOfMemoryException() | MemoryError():
            hint = "give more with --memory, or free space in the temporary folder (TMPDIR)"
            return ScratchError("not enough memory for this activity", hint=hint)
        case duckdb.IOException() | duckdb.FatalException():
            hint = "is the temporary folder (TMPDIR) full"
            return ScratchError("the scratch database cannot be written", hint=hint)
        case OSError():
            return FileFaultError(error)
        case _:
            return UnforeseenError(error)
