"""A whole run of the shipped pack, campaigns included, against a bare scan of the columns it needs.

Seconds depend on the machine, so only ratios within one run, and memory, are asserted; the seconds
are printed for the record.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from engine.activity.ingest import ALWAYS_KEPT
from engine.activity.tables import column
from engine.batch.needed import columns_needed
from engine.language.fields import EXCHANGE_FIELDS
from engine.language.load import find_rules, require_pack
from fixtures.generate import generate
from fixtures.scale import DAY_OF_WORK, PERFORMANCE, Scale

pytestmark = pytest.mark.performance

_SCAN = """
import sys, duckdb
file, *columns = sys.argv[1:]
connection = duckdb.connect()
connection.execute("SET threads = 2")
totals = ", ".join(f'bit_xor(hash("{column}"))' for column in columns)
for _ in range(3):
    connection.execute(f"SELECT {totals} FROM read_parquet(?)", [file]).fetchall()
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


def needed(file: Path) -> Iterable[str]:
    """Return the columns of a file that the shipped pack looks at, directly or by what follows."""
    kept = columns_needed(require_pack(find_rules())) | ALWAYS_KEPT
    with duckdb.connect() as connection:
        described = connection.execute("DESCRIBE FROM read_parquet(?)", [str(file)]).fetchall()
    for name, *_ in described:
        made = {column(EXCHANGE_FIELDS[name]), f"{name}_network", f"{name}_number"}
        if made & kept:
            yield name


@pytest.mark.parametrize(
    ("scale", "memory", "most_scans", "most_gigabytes"),
    [
        pytest.param(PERFORMANCE, "2GB", 45, 1.6, id="a million exchanges"),
        pytest.param(DAY_OF_WORK, "2GB", 35, 2.2, id="a day of work"),
    ],
)
def test_a_run_at_size(
    scale: Scale, memory: str, most_scans: float, most_gigabytes: float, tmp_path: Path
) -> None:
    activity = tmp_path / "activity"
    generate(scale, 1, activity)
    file = activity / "exchanges.parquet"
    run = [sys.executable, "-m", "engine.cli.main", "run", "--activity", str(activity), "--json"]
    empty = cost([sys.executable, "-c", "import duckdb"], tmp_path)
    scans = cost([sys.executable, "-c", _SCAN, str(file), *needed(file)], tmp_path)
    bare = (scans.seconds - empty.seconds) / 3
    whole = cost([*run, "--memory", memory], tmp_path)
    sys.stdout.write(
        f"\nexcise run: {whole.seconds:.1f} s, {whole.gigabytes:.2f} GB; "
        f"bare scan: {bare:.2f} s; ratio {whole.seconds / bare:.0f}\n"
    )
    assert whole.gigabytes <= most_gigabytes
    assert whole.seconds / bare <= most_scans
