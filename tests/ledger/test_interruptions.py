"""A process that is killed leaves all of a run or nothing; two that record it record it once."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from ledger_runs import AS_OF, records_of

from engine.errors import RetryableError
from engine.ledger.deciding import StaleCase
from engine.ledger.records import Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify

ACCOUNTS = 400
RUN = records_of(subjects=3, accounts=ACCOUNTS, approvals=2)
ENTRIES = 1 + 3 + 3 + 3 * ACCOUNTS


def process(path: Path, how: str = "never", step: int = 0) -> subprocess.Popen[str]:
    script = Path(__file__).with_name("recording_process.py")
    return subprocess.Popen(
        [sys.executable, str(script), str(path), str(ACCOUNTS), how, str(step)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def start(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    child.stdin.write("go\n")
    child.stdin.flush()


def dump(path: Path) -> list[str]:
    """Return every value of every table but the file's own seal."""
    connection = sqlite3.connect(path)
    lines = [line for line in connection.iterdump() if 'INTO "seal"' not in line]
    connection.close()
    return lines


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("undisturbed") / "ledger.db"
    with Ledger.open(str(path)) as ledger:
        ledger.record(RUN)
    return dump(path)


def check_after_kill(path: Path, undisturbed: list[str]) -> bool:
    """Return whether the run was there; recording it again ends as if nobody had been killed."""
    result = verify(str(path))
    assert result.problems == ()
    assert result.entries in (0, ENTRIES)
    with Ledger.open(str(path)) as ledger:
        assert len(ledger.actions()) in (0, 3 * ACCOUNTS)
        assert ledger.record(RUN).entries == ENTRIES - result.entries
    assert dump(path) == undisturbed
    assert verify(str(path)).problems == ()
    return result.entries == ENTRIES


STEPS = [("statement", step) for step in (1, 2, 5, 9, 12, 15, 18, 20, 22, 24, 25, 26)]
WORK = [("work", step) for step in (1, 3, 10, 20, 40, 60, 80)]


@pytest.mark.parametrize(("how", "step"), STEPS + WORK)
def test_a_kill_leaves_all_or_nothing(
    path: Path, undisturbed: list[str], how: str, step: int
) -> None:
    child = process(path, how, step)
    start(child)
    out, _ = child.communicate()
    there = check_after_kill(path, undisturbed)
    if child.returncode == -signal.SIGKILL:
        assert out == ""
    else:
        assert there
        assert out == f"{ENTRIES}\n"


def test_the_first_steps_do_kill(path: Path, undisturbed: list[str]) -> None:
    for how in ("statement", "work"):
        child = process(path, how, 3)
        start(child)
        child.communicate()
        assert child.returncode == -signal.SIGKILL
    assert check_after_kill(path, undisturbed) is False


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_amid_the_commit(path: Path, undisturbed: list[str], seed: int) -> None:
    child = process(path, "told")
    start(child)
    assert child.stdout is not None
    assert child.stdout.readline() == "committing\n"
    for _ in range(random.Random(seed).randrange(0, 3_000)):
        child.poll()
    child.kill()
    child.communicate()
    check_after_kill(path, undisturbed)


def test_two_processes_record_a_run_once(path: Path, undisturbed: list[str]) -> None:
    children = [process(path) for _ in range(2)]
    for child in children:
        start(child)
    added = sorted(int(child.communicate()[0]) for child in children)
    assert [child.returncode for child in children] == [0, 0]
    assert added == [0, ENTRIES]
    assert dump(path) == undisturbed
    assert verify(str(path)).problems == ()


def test_of_two_reviewers_at_once_one_is_told(path: Path) -> None:
    with Ledger.open(str(path)) as one, Ledger.open(str(path)) as other:
        one.record(RUN)
        case = one.cases()[0]
        words = {"seen_version": case.version, "reason": "seen", "decided_us": AS_OF}
        one.decide(case.case_id, verdict=Verdict.APPROVE, reviewer="ada", **words)
        with pytest.raises(StaleCase, match="ada approved"):
            other.decide(case.case_id, verdict=Verdict.REJECT, reviewer="bob", **words)
        assert len(other.decisions(case.case_id)) == 1


def test_readers_are_not_held_up_by_a_writer(path: Path) -> None:
    with Ledger.open(str(path)) as ledger, Ledger.open(str(path), busy_ms=1) as other:
        ledger.record(RUN)
        blocking = sqlite3.connect(path, isolation_level=None)
        blocking.execute("BEGIN IMMEDIATE")
        try:
            assert len(other.cases()) == 3
            with pytest.raises(RetryableError):
                other.record(records_of("r2"))
        finally:
            blocking.close()
        assert other.record(records_of("r2", first=9)).added_cases == 2
