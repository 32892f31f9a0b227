"""What ingestion reports: every row read is accounted for, and what is known of each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from engine.errors import ExciseError


class Coverage(Enum):
    """How much of a field is known."""

    ALL = "all"  # in every row
    SOME = "some"
    NONE = "none"  # in no row, or there is no row


@dataclass(frozen=True, slots=True)
class TableCount:
    """What became of the rows of one kind of input; raises ExciseError if they do not add up."""

    read: int = 0
    kept: int = 0
    duplicates: int = 0
    quarantined: int = 0
    outside_period: int = 0
    left_out: int = 0
    """Records that the source's `where` does not want."""

    def __post_init__(self) -> None:
        settled = (
            self.kept + self.duplicates + self.quarantined + self.outside_period + self.left_out
        )
        if self.read != settled:
            message = f"rows do not add up: {self.read} read, {settled} accounted for"
            raise ExciseError(message)


@dataclass(frozen=True, slots=True)
class Intake:
    """The result of reading activity."""

    tables: Mapping[str, TableCount]
    """By kind of input: `exchanges`, `accounts`, `models`."""
    collisions: int
    """Rows that carry the identity of another row but say something else."""
    coverage: Mapping[str, Coverage]
    """By kept exchange field, and by `account.<field>` over the accounts that were active."""
    quarantine_path: Path
    """JSON Lines: file, row, field, reason and a shortened, escaped value; never a prompt."""
    first_us: int | None
    last_us: int | None
    active_accounts: int
    digest: str
    """SHA-256 (hex) of all that the kept rows say; neither their order nor the layout of files
    counts, nor which columns were kept."""
