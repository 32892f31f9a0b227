"""Reading with state and without it, to be compared."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.activity.intake import Intake
from engine.activity.state.reading import Wanted, reading
from engine.activity.workspace import Workspace

Read = tuple[Intake, str, dict[str, list[tuple[Any, ...]]]]


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """Yield a folder for activity and one for state; Hypothesis needs new ones each time."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "activity", Path(folder) / "state"


def read(
    activity: Path, state: Path | None, wanted: Wanted | None = None
) -> tuple[Read, str | None]:
    """Return all that reading leaves, and why the state was rebuilt."""
    with Workspace(memory="500MB", threads=2) as workspace, reading(workspace, state) as reader:
        intake = reader.read(str(activity), wanted or Wanted())
        tables = {
            table: sorted(workspace.rows(f"SELECT * FROM {table}"), key=repr)
            for table in ("events", "accounts", "models")
        }
        aside = intake.quarantine_path.read_text()
        return (replace(intake, quarantine_path=Path()), aside, tables), reader.rebuilt
