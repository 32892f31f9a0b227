"""Rows set aside: what was wrong with which row, without the text of any prompt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from engine.activity.discover import InputFile
from engine.activity.staging import Staging
from engine.activity.workspace import Workspace

_BATCH = 10_000


def create_quarantine(workspace: Workspace) -> None:
    """Create the table that readers and validation put rejected rows into."""
    workspace.execute(
        "CREATE OR REPLACE TABLE quarantine (file_no INTEGER, row_no BIGINT, field VARCHAR, "
        "reason VARCHAR, raw VARCHAR)"
    )


def reject(workspace: Workspace, file_no: int, row_no: int, field: str | None, reason: str) -> None:
    """Set aside a row that never became a row of the staging table."""
    workspace.execute(
        "INSERT INTO quarantine VALUES (?, ?, ?, ?, NULL)", [file_no, row_no, field, reason]
    )


def set_faulty_aside(staging: Staging) -> None:
    """Move the rows with a fault out of the staging table."""
    workspace, table = staging.workspace, staging.kind.staging
    workspace.execute(
        "CREATE OR REPLACE TEMP TABLE faults (problem SMALLINT, field VARCHAR, reason VARCHAR)"
    )
    for number, fault in enumerate(staging.faults):
        workspace.execute(
            "INSERT INTO faults VALUES (?, ?, ?)", [number, fault.field, fault.reason]
        )
    workspace.execute(
        "INSERT INTO quarantine SELECT file_no, row_no, field, reason, raw "
        f"FROM {table} JOIN faults USING (problem)"
    )
    workspace.execute(f"DELETE FROM {table} WHERE problem IS NOT NULL")


def quarantined(workspace: Workspace, kind: str, files: Mapping[int, InputFile]) -> int:
    """Return how many rows of one kind of input have been set aside."""
    counts = workspace.rows("SELECT file_no, count(*) FROM quarantine GROUP BY file_no")
    return sum(int(count) for number, count in counts if files[number].kind == kind)


def write_quarantine(workspace: Workspace, files: Mapping[int, InputFile]) -> Path:
    """Write the rows set aside as JSON Lines, in the order of files and rows."""
    path = workspace.folder / "quarantine.jsonl"
    result = workspace.connection.execute(
        "SELECT file_no, row_no, field, reason, raw FROM quarantine "
        "ORDER BY file_no, row_no, field, reason"
    )
    with path.open("w", encoding="utf-8", newline="\n") as out:
        while rows := result.fetchmany(_BATCH):
            for file_no, row_no, field, reason, raw in rows:
                entry = {
                    "file": escaped(str(files[file_no].path)),
                    "row": row_no,
                    "field": field,
                    "reason": reason,
                    "raw": None if raw is None else escaped(raw),
                }
                out.write(json.dumps(entry) + "\n")
    return path


def escaped(text: str) -> str:
    """Return text with everything a terminal might act upon written out."""
    return "".join(
        letter if letter.isprintable() and letter != "\\" else _escape(letter) for letter in text
    )


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")
