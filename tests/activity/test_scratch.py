"""What a killed run leaves in the temporary folder the next one takes away, and nothing else."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.activity.state.reading import Wanted, reading
from engine.activity.workspace import Workspace

_KILLED = """
import os, signal
from engine.activity.workspace import Workspace
with Workspace(memory="200MB", threads=1) as workspace:
    workspace.execute("CREATE TABLE t AS SELECT range AS n FROM range(1000)")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a temporary folder of the test's own."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    return tmp_path


def test_what_a_killed_run_left_is_taken_away(scratch: Path) -> None:
    for place in ("excise-of-somebody", "excise-1.db", "other"):
        (scratch / place).mkdir()
    with Workspace() as living:
        ended = subprocess.run([sys.executable, "-c", _KILLED], check=False)
        assert ended.returncode == -signal.SIGKILL
        left = set(scratch.iterdir()) - {living.folder}
        assert len(left) == 4
        with Workspace() as next_one:
            kept = {"excise-of-somebody", "excise-1.db", "other", living.folder.name}
            assert {path.name for path in scratch.iterdir()} == {*kept, next_one.folder.name}
            assert living.value("SELECT 1") == 1


def test_a_state_that_lies_there_stays(scratch: Path) -> None:
    kept = scratch / "excise-state"
    activity = scratch / "activity.jsonl"
    activity.write_text('{"event_id": "e", "ts": 1746093600000, "account_id": "a", "model": "m"}\n')
    for _ in range(2):
        with Workspace() as workspace, reading(workspace, kept) as state:
            state.read(str(activity), Wanted())
            assert state.rebuilt is None
    with Workspace():
        assert {path.name for path in kept.iterdir()} == {"activity.duckdb", "lock"}


def test_a_workspace_leaves_nothing(scratch: Path) -> None:
    with Workspace(), Workspace(small=True):
        assert len(list(scratch.iterdir())) == 2
    assert not list(scratch.iterdir())
