"""The text of one file, by lines, and the places in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from engine.language.span import Span

# C0 and C1 controls, delete, lone CR, line separators that YAML 1.1 takes for line breaks,
# bidirectional controls, byte-order marks, noncharacters.
REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c"
    "\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
"""Characters that no file and no value of a pack may hold, however escaped."""


@dataclass(frozen=True)
class SourceText:
    """A file's decoded text; lines end with LF or CRLF."""

    file: str
    text: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends."""
        lines = self.text.split("\n")
        if "\r" in self.text:
            return tuple(line.removesuffix("\r") for line in lines)
        return tuple(lines)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return (0, *(found.end() for found in re.finditer("\n", self.text)))

    def line_at(self, offset: int) -> int:
        """Return the number, from 0, of the line that holds an offset into the text."""
        return bisect_right(self._starts, offset) - 1

    def span_at(self, offset: int, length: int = 1) -> Span:
        """Return the span of `length` characters of one line, from an offset into the text."""
        line = self.line_at(offset)
        column = offset - self._starts[line]
        return Span(self.file, line + 1, column + 1, line + 1, column + 1 + length)

    def whole_lines(self, first: int, last: int) -> str:
        """Return lines `first` to `last`, counted from 1, both included, each with its LF."""
        return "\n".join([*self.lines[first - 1 : last], ""])
