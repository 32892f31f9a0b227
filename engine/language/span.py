"""Where a piece of policy text stands."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A range of characters in one file; lines and columns count from 1, the end is exclusive.

    A pack has a million of them, and a tuple is made several times faster than a frozen dataclass.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Span("<built in>", 1, 1, 1, 1)
"""The span of nodes that no file holds: built-in defaults and nodes made by tests."""
