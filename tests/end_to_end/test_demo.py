"""The demonstration is a promise: every campaign found, nobody innocent touched."""

from __future__ import annotations

from pathlib import Path

from activity import excise

from engine.errors import ExitCode


def test_the_demonstration_keeps_its_promise(tmp_path: Path) -> None:
    done = excise("demo", folder=tmp_path)
    assert done.returncode == ExitCode.OK, done.stdout + done.stderr
    assert "exchanges: 150,000 read = 150,000 kept" in done.stdout
    assert "campaigns missed (under half of the accounts acted on): 0" in done.stdout
    assert "benign accounts with an action above log: 0" in done.stdout
    assert "audit log: verified" in done.stdout
    assert "excise-review --db sqlite:///excise-demo.db" in done.stdout
    assert "Traceback" not in done.stderr
