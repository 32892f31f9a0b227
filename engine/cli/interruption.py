"""Ctrl-C and SIGTERM: they unwind a command, so that workers are reaped and files removed.

Some libraries turn the exception that a signal raises into one of their own (DuckDB says `Query
interrupted`), so what ends a command is told by the signal that was heard, not by what was raised.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from engine.errors import ExitCode

_CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}


class Interrupted(KeyboardInterrupt):
    """A signal asks the command to end."""


class Interruptions:
    """What was heard since the command began."""

    def __init__(self) -> None:
        self.heard: ExitCode | None = None
        """The exit code of the last signal; None when there was none."""
        self._deaf = False

    @contextmanager
    def listening(self, *, hand_back: bool) -> Iterator[None]:
        """Raise `Interrupted` at every signal while the block runs.

        A process that ends with the block has nobody to hand the signals back to: a late Ctrl-C
        must not replace the exit code of what is done.
        """
        self.heard, self._deaf = None, False
        before = {number: signal.signal(number, self._hear) for number in _CODES}
        try:
            yield
        finally:
            self._deaf = True
            for number, handler in before.items():
                # As it ends Python takes its own handlers away, and then a signal would kill.
                signal.signal(number, handler if hand_back else signal.SIG_IGN)

    def too_late(self) -> None:
        """Ignore signals from now on: what is begun is about to be there for good.

        To end with `nothing was recorded` after the commit would be a lie.
        """
        self._deaf = True

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if not self._deaf:
            self.heard = _CODES[signal.Signals(number)]
            raise Interrupted


interruptions = Interruptions()
"""Of this process: signals belong to processes."""
