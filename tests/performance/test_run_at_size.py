"""One million exchanges of fifty thousand accounts: a whole run against a bare scan of its input.

Seconds depend on the machine, so only ratios within one run, and memory, are asserted; the seconds
are printed for the record.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures.generate import generate
from fixtures.scale import PERFORMANCE

pytestmark = pytest.mark.performance

MOST_SCANS = 90
"""A run may take so many times what reading the same columns takes; measured: 35 to 50."""

MOST_GIGABYTES = 2.0

_SCAN = """
import sys, duckdb
connection = duckdb.connect()
connection.execute("SET threads = 2")
described = connection.execute("DESCRIBE FROM read_parquet(?)", sys.argv[1:]).fetchall()
totals = ", ".join(f'bit_xor(hash("{column}"))' for column, *_ in described)
for _ in range(3):
    connection.execute(f"SELECT {totals} FROM read_parquet(?)", sys.argv[1:]).fetchall()
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took."""

    seconds: float
    gigabytes: float


def cost(command: list[str], folder: Path) -> Cost:
    """Run a process to its end and return what it took; peak memory without its children's."""
    started = time.monotonic()
    with (folder / "said.txt").open("w") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (folder / "said.txt").read_text()
    return Cost(time.monotonic() - started, usage.ru_maxrss / 1e6)


def test_a_run_over_a_million_exchanges(tmp_path: Path) -> None:
    activity = tmp_path / "activity"
    generate(PERFORMANCE, 1, activity)
    scan = [sys.executable, "-c", _SCAN, str(activity / "exchanges.parquet")]
    run = [sys.executable, "-m", "engine.cli.main", "run", "--activity", str(activity), "--json"]
    empty = cost([sys.executable, "-c", "import duckdb"], tmp_path)
    bare = (cost(scan, tmp_path).seconds - empty.seconds) / 3
    whole = cost(run, tmp_path)
    sys.stdout.write(
        f"\nexcise run: {whole.seconds:.1f} s, {whole.gigabytes:.2f} GB; "
        f"bare scan: {bare:.2f} s; ratio {whole.seconds / bare:.0f}\n"
    )
    assert whole.gigabytes <= MOST_GIGABYTES
    assert whole.seconds / bare <= MOST_SCANS
