"""A run that is killed while it writes leaves a state that is as before, or as after."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from state_reads import read

from engine.activity.state.reading import reading
from engine.activity.workspace import Workspace

_KILLED = """
import os, signal, sys
from pathlib import Path
from engine.activity.state import {module} as module
from engine.activity.state.reading import Wanted, reading
from engine.activity.workspace import Workspace
whole, calls = module.{function}, iter(range({call}, -1, -1))

def killed(*what):
    found = whole(*what)
    if next(calls) == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

module.{function} = killed
with Workspace(memory="500MB", threads=2) as workspace, reading(workspace, Path(sys.argv[2])) as r:
    r.read(sys.argv[1], Wanted())
"""


def _rows(exchange: Any, count: int) -> list[dict[str, Any]]:
    return [exchange(prompt="words " * 50, input_tokens=n) for n in range(count)]


@pytest.mark.parametrize(
    ("module", "function", "call"),
    [
        ("renewing", "mark_repeated", 2),
        ("renewing", "forget", 0),
        ("renewing", "absorb", 0),
        ("renewing", "absorb", 2),
        ("reading", "renew", 0),
        ("reading", "intake_of", 0),
    ],
)
def test_killed(
    write: Any, exchange: Any, tmp_path: Path, module: str, function: str, call: int
) -> None:
    activity, state = tmp_path / "activity", tmp_path / "state"
    rows = _rows(exchange, 4000)
    write(activity / "1.jsonl", rows[:2000])
    write(activity / "3.jsonl", rows[:10])
    read(activity, state)
    (activity / "3.jsonl").unlink()
    write(activity / "2.jsonl", rows[1500:])
    script = _KILLED.format(module=module, function=function, call=call)
    ended = subprocess.run(
        [sys.executable, "-c", script, str(activity), str(state)], check=False, capture_output=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    expected, _ = read(activity, None)
    assert read(activity, state) == (expected, None)
    assert read(activity, state) == (expected, None)


def test_an_interrupted_transaction_is_undone(
    write: Any, exchange: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity, state = tmp_path / "activity", tmp_path / "state"
    write(activity / "1.jsonl", _rows(exchange, 20))
    before = read(activity, state)
    write(activity / "2.jsonl", _rows(exchange, 20))

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("engine.activity.state.renewing.absorb", interrupted)
        with pytest.raises(KeyboardInterrupt):
            read(activity, state)
    with Workspace() as workspace, reading(workspace, state):
        pass
    (activity / "2.jsonl").unlink()
    assert read(activity, state) == before
