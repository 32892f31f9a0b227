"""A process that records a run, for tests that kill it or run two of it.

Arguments: the ledger, the accounts of the run, and the step at which the process kills itself:
`statement N` before the Nth SQL statement, `work N` after N times 5,000 steps of SQLite's machine,
`told` to say `committing` just before the commit and leave the killing to others, or `never`. It
says `ready`, waits for a line, and says how many entries were added.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

sys.path.insert(0, str(Path(__file__).parent))

from ledger_runs import records_of

from engine.ledger.store import Ledger


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def die_at(step: int) -> object:
    """Return a callback that kills the process the `step`th time."""
    steps = count(1)

    def maybe(*_: object, **__: object) -> None:
        if next(steps) >= step:
            os.kill(os.getpid(), signal.SIGKILL)

    return maybe


def arm(how: str, step: int) -> None:
    if how == "statement":
        event.listen(Engine, "before_cursor_execute", die_at(step))
        event.listen(Engine, "commit", die_at(step))
    elif how == "work":
        callback = die_at(step)

        def watch(connection: sqlite3.Connection, _: object) -> None:
            connection.set_progress_handler(callback, 5_000)  # type: ignore[arg-type]

        event.listen(Pool, "connect", watch)
    elif how == "told":
        event.listen(Engine, "commit", lambda _: say("committing"))


def main() -> None:
    path, accounts, how, step = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    run = records_of(subjects=3, accounts=accounts, approvals=2)
    with Ledger.open(path) as ledger:
        arm(how, step)
        say("ready")
        sys.stdin.readline()
        say(str(ledger.record(run).entries))


main()
