"""The one base error, and the exit codes of every command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit status means."""

    OK = 0
    FINDINGS = 1  # diagnostics, failed policy tests
    USAGE = 2
    PARTIAL = 3  # committed, but rows or subjects were set aside above the threshold
    HELD = 4  # a cap was hit; actions are held
    TAMPERED = 6  # the audit log does not verify
    BAD_DATA = 65
    FAULT = 70  # nobody foresaw this: a defect of Excise itself
    RETRY = 75  # another run holds the database, the database is busy
    BAD_CONFIG = 78
    INTERRUPTED = 130
    TERMINATED = 143


class ExciseError(Exception):
    """A mistake or a fault that a person can act on; printed without a traceback."""

    exit_code = ExitCode.BAD_CONFIG

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class InputError(ExciseError):
    """Activity that cannot be read: names the file and, where there is one, the row."""

    exit_code = ExitCode.BAD_DATA


class UsageError(ExciseError):
    """A command line that makes no sense."""

    exit_code = ExitCode.USAGE


class RetryableError(ExciseError):
    """Nothing is wrong with the input; the same command may succeed later."""

    exit_code = ExitCode.RETRY
