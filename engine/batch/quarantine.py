"""Rows that were set aside outlive the run: bad input is shown to somebody, never lost."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from engine.activity.intake import Intake


def keep_quarantine(intake: Intake, folder: Path | None, run_id: str) -> Path | None:
    """Copy what was set aside into a folder, as `<run id>.jsonl`; return its path if there is any.

    Written beside and renamed, so that a killed run leaves no half file; each process beside for
    itself, for two may come to the same run at once.
    """
    if folder is None or not any(count.quarantined for count in intake.tables.values()):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run_id}.jsonl"
    beside = path.with_suffix(f".{os.getpid()}.part")
    shutil.copyfile(intake.quarantine_path, beside)
    beside.replace(path)
    return path
