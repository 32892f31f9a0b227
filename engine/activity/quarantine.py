"""Rows set aside: what was wrong with which row, without the text of any prompt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.activity.arrays import incoming
from engine.activity.discover import InputFile
from engine.activity.faults import told_parts_sql
from engine.activity.staging import Staging
from engine.activity.workspace import Workspace

_BATCH = 10_000
_COLUMNS = ("file_no", "row_no", "field", "reason", "raw")


@dataclass(slots=True)
class Quarantine:
    """Collects the rows that readers reject and those that validation finds faulty."""

    workspace: Workspace
    files: Mapping[int, InputFile]
    _waiting: list[tuple[int, int, str, str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.workspace.execute(
            "CREATE OR REPLACE TABLE quarantine (file_no INTEGER, row_no BIGINT, field VARCHAR, "
            "reason VARCHAR, raw VARCHAR)"
        )

    def reject(
        self, file_no: int, row_no: int, reason: str, *, about: str = "", raw: str | None = None
    ) -> None:
        """Set aside a row that cannot become a row of the staging table; `about` is a field."""
        if raw is not None:  # halves of surrogate pairs are no text to the database
            raw = raw.encode("utf-8", "backslashreplace").decode()
        self._waiting.append((file_no, row_no, about, reason, raw))
        if len(self._waiting) >= _BATCH:
            self._flush()

    def take_faulty(self, staging: Staging) -> None:
        """Move the rows with a fault out of the staging table."""
        self._flush()
        fields = staging.kind.fields
        faults = {
            "number": range(len(staging.faults)),
            "field": [fields[one.field].label if one.field else "" for one in staging.faults],
            "reason": [fault.reason for fault in staging.faults],
        }
        number, raw = told_parts_sql("problem")
        with incoming(self.workspace, faults) as name:
            self.workspace.execute(
                f"INSERT INTO quarantine SELECT file_no, row_no, field, reason, {raw} "
                f"FROM {staging.kind.staging} JOIN {name} ON number = {number} "
                "WHERE problem IS NOT NULL"
            )
        self.workspace.execute(f"DELETE FROM {staging.kind.staging} WHERE problem IS NOT NULL")

    def count(self, kind: str) -> int:
        """Return how many rows of one kind of input have been set aside."""
        self._flush()
        counts = self.workspace.rows("SELECT file_no, count(*) FROM quarantine GROUP BY file_no")
        return sum(int(count) for number, count in counts if self.files[number].kind == kind)

    def write(self) -> Path:
        """Write the rows set aside as JSON Lines, in the order of files and rows."""
        path = self.workspace.folder / "quarantine.jsonl"
        result = self.workspace.connection.execute(
            "SELECT file_no, row_no, field, reason, raw FROM quarantine "
            "ORDER BY file_no, row_no, field, reason, raw"
        )
        with path.open("w", encoding="utf-8", newline="\n") as out:
            while rows := result.fetchmany(_BATCH):
                out.writelines(self._entry(*row) for row in rows)
        self.workspace.execute("DROP TABLE quarantine")
        return path

    def _entry(self, file_no: int, row_no: int, about: str, reason: str, raw: str | None) -> str:
        entry = {
            "file": escaped(str(self.files[file_no].path)),
            "row": row_no,
            "field": about or None,
            "reason": reason,
            "raw": None if raw is None else escaped(raw),
        }
        return json.dumps(entry) + "\n"

    def _flush(self) -> None:
        if not self._waiting:
            return
        waiting = dict(zip(_COLUMNS, zip(*self._waiting, strict=True), strict=True))
        with incoming(self.workspace, waiting) as name:
            self.workspace.execute(
                f"INSERT INTO quarantine SELECT {', '.join(_COLUMNS)} FROM {name}"
            )
        self._waiting.clear()


def escaped(text: str) -> str:
    """Return text with everything a terminal might act upon written out."""
    return "".join(
        letter if letter.isprintable() and letter != "\\" else _escape(letter) for letter in text
    )


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")
