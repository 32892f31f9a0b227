"""A ledger to tamper with, and the ways of somebody who owns its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ledger_runs import AS_OF, DAY, growth_record, member_record, records_of

from engine.ledger.records import Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import Verification


def build(path: Path) -> None:
    with Ledger.open(str(path)) as ledger:
        first = records_of("r1", subjects=2, accounts=3, approvals=2)
        ledger.record(first)
        second = records_of("r2", subjects=2, accounts=2, as_of_us=AS_OF + DAY)
        waiting = first.cases[1]
        late = member_record(waiting.case_id, "late")
        grown = replace(growth_record(waiting, second.run.run_id), title="more of it")
        ledger.record(replace(second, members=(*second.members, late), growths=(grown,)))
        for version, reviewer in ((1, "ada"), (2, "bob")):
            ledger.decide(
                first.cases[0].case_id,
                seen_version=version,
                verdict=Verdict.APPROVE,
                reviewer=reviewer,
                reason="seen",
                decided_us=AS_OF + version,
            )


def tamper(
    path: Path, change: Callable[[sqlite3.Connection], object], *, sealed: bool = False
) -> None:
    """Change a ledger as its owner can: without constraints or triggers, which come back after.

    The file's seal is taken off unless `sealed`, so that the log must find the change by itself.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("PRAGMA synchronous = OFF")  # a test may lose its data
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    if not sealed:
        connection.execute("UPDATE seal SET digest = zeroblob(32), counters = zeroblob(12)")
    change(connection)
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def places(result: Verification) -> set[str]:
    assert not result.ok
    assert result.problems
    return {problem.where for problem in result.problems}
