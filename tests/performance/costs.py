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
cost = [time.monotonic() - started, usage.ru_maxrss / 1e6, os.waitstatus_to_exitcode(status)]
open(sys.argv[1], "w").write(json.dumps(cost))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took."""

    seconds: float
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
    seconds, gigabytes, code = json.loads(took.read_text())
    assert code == ends, said.stderr
    return Cost(seconds, gigabytes)
