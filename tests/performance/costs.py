"""What a process takes, measured from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# A child begins with the peak of the process that it was forked from: this one stays small.
_COST = """
import json, os, subprocess, sys, time
started = time.monotonic()
process = subprocess.Popen(sys.argv[2:], stdout=sys.stderr)
_, status, usage = os.wait4(process.pid, 0)
took = [time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6]
open(sys.argv[1], "w").write(json.dumps([*took, os.waitstatus_to_exitcode(status)]))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took."""

    seconds: float
    processor: float
    """Seconds of all cores; what else the machine does changes them less."""
    gigabytes: float


def cost(command: list[str], folder: Path, ends: int = 0) -> Cost:
    """Run a process to its end and return what it took; peak memory without its children's.

    Like a program that is installed, it may use the bytecode of the last time.
    """
    took = folder / "took.json"
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    said = subprocess.run(
        [sys.executable, "-c", _COST, str(took), *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    *measured, code = json.loads(took.read_text())
    assert code == ends, said.stderr
    return Cost(*measured)
