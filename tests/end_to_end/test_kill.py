"""A run that is killed anywhere, then repeated, ends where it would have ended."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from activity import EXCISE, environment, excise
from ledger_state import state

from engine.errors import ExitCode
from fixtures.truth import Truth

World = tuple[Path, Truth]


def run_arguments(activity: Path) -> list[str]:
    return ["run", "--activity", str(activity), "--db", "sqlite:///ledger.db", "--json"]


@pytest.fixture(scope="module")
def unharmed(world: World, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """Return the ledger of a run that nobody killed, and how long the run took."""
    folder = tmp_path_factory.mktemp("unharmed")
    started = time.monotonic()
    done = excise(*run_arguments(world[0]), folder=folder)
    assert done.returncode == ExitCode.OK, done.stderr
    return folder / "ledger.db", time.monotonic() - started


def killed_after(seconds: float, activity: Path, folder: Path) -> bool:
    """Start a run and kill it with SIGKILL after a while; return whether it was still running."""
    process = subprocess.Popen(
        [*EXCISE, *run_arguments(activity)],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def kill_and_repeat(
    moments: list[float], world: World, unharmed: tuple[Path, float], tmp_path: Path
) -> None:
    reference, took = unharmed
    # The earliest first: one that is not met because the machine is idle now meets nothing.
    killed = [killed_after(took * moment, world[0], tmp_path) for moment in sorted(moments)]
    assert any(killed)
    for _ in range(2):  # the second repetition adds nothing either
        again = excise(*run_arguments(world[0]), folder=tmp_path)
        assert again.returncode == ExitCode.OK, again.stderr
    assert state(tmp_path / "ledger.db") == state(reference)
    verified = excise("audit", "verify", "--db", "sqlite:///ledger.db", folder=tmp_path)
    assert verified.returncode == ExitCode.OK, verified.stdout


def test_killed_runs_leave_nothing_or_everything(
    world: World, unharmed: tuple[Path, float], tmp_path: Path
) -> None:
    rng = random.Random(20260605)
    moments = [rng.uniform(0.1, 0.9) for _ in range(2)] + [rng.uniform(0.85, 1.0)]
    kill_and_repeat(moments, world, unharmed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_killed_at_many_moments(
    seed: int, world: World, unharmed: tuple[Path, float], tmp_path: Path
) -> None:
    rng = random.Random(seed)
    moments = [rng.uniform(0.0, 0.5), rng.uniform(0.0, 1.0), rng.uniform(0.8, 1.05)]
    kill_and_repeat(moments, world, unharmed, tmp_path)
