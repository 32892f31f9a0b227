"""Rows that were set aside are kept whole, whoever keeps them at the same time."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from engine.activity.intake import Intake, TableCount
from engine.batch.quarantine import keep_quarantine


def _intake(path: Path) -> Intake:
    path.write_text('{"row": 1}\n')
    count = TableCount(read=1, quarantined=1)
    return Intake({"exchanges": count}, 0, {}, path, None, None, 0, "digest")


def test_two_runs_at_once_keep_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake, folder = _intake(tmp_path / "aside"), tmp_path / "kept"
    copied, others = shutil.copyfile, iter([True])

    def slowly(source: Path, target: Path) -> None:
        copied(source, target)
        if next(others, False):  # another process comes to the same run meanwhile
            with monkeypatch.context() as patched:
                patched.setattr(os, "getpid", lambda: 1)
                keep_quarantine(intake, folder, "run-1")

    monkeypatch.setattr(shutil, "copyfile", slowly)
    assert keep_quarantine(intake, folder, "run-1") == folder / "run-1.jsonl"
    assert [path.read_text() for path in folder.iterdir()] == ['{"row": 1}\n']


def test_where_nothing_was_set_aside_nothing_is_kept(tmp_path: Path) -> None:
    intake = Intake({"exchanges": TableCount()}, 0, {}, tmp_path / "aside", None, None, 0, "digest")
    assert keep_quarantine(intake, tmp_path / "kept", "run-1") is None
    assert not (tmp_path / "kept").exists()
