"""Diagnostics as text for people and as JSON for tools."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from engine.language.diagnostic import Diagnostic, Level, printable
from engine.language.span import Span

_WIDTH = 100
_BEFORE = 30
"""How much of a long line is shown before the place of a diagnostic."""


class _Lines:
    """The lines of the files, each file split once."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._split: dict[str, list[str]] = {}

    def at(self, span: Span) -> str | None:
        """Return the line where a span starts, None when its text is not there."""
        if span.file not in self._sources:
            return None
        if span.file not in self._split:
            self._split[span.file] = self._sources[span.file].split("\n")
        lines = self._split[span.file]
        return lines[span.line - 1].removesuffix("\r") if span.line <= len(lines) else None


def render_text(diagnostics: Iterable[Diagnostic], sources: Mapping[str, str]) -> str:
    """Return all diagnostics with their source lines, a blank line between them."""
    lines = _Lines(sources)
    return "\n\n".join(_block(diagnostic, lines) for diagnostic in diagnostics)


def render(diagnostic: Diagnostic, sources: Mapping[str, str]) -> str:
    """Return one diagnostic: what, where, the line with a caret under it, and what to do."""
    return _block(diagnostic, _Lines(sources))


def _block(diagnostic: Diagnostic, sources: _Lines) -> str:
    lines = [
        f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.message}",
        *_excerpt(diagnostic.span, "^", "", sources),
    ]
    for related in diagnostic.related:
        lines += _excerpt(related.span, "-", f" {related.message}", sources)
    if diagnostic.hint:
        lines.append(f"  = hint: {diagnostic.hint}")
    return "\n".join(lines)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many errors and warnings there are, in words."""
    levels = [diagnostic.severity for diagnostic in diagnostics]
    counts = [(levels.count(level), level.value) for level in Level]
    shown = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count]
    return ", ".join(shown) or "no problems"


def _excerpt(span: Span, mark: str, label: str, sources: _Lines) -> Iterator[str]:
    """Yield the place and, where its line is known, the line with a mark under it.

    A span of several lines is marked to the end of its first.
    """
    yield f"  --> {printable(str(span))}"
    line = sources.at(span)
    if line is None:
        return
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    start = min(span.column - 1, len(line))
    shift = max(0, start - _BEFORE) if len(line) > _WIDTH else 0
    shown = line[shift : shift + _WIDTH]
    marked = shown[start - shift : max(end, start + 1) - shift]
    number = str(span.line)
    gutter = " " * len(number)
    before = " " * _columns(shown[: start - shift])
    yield f" {gutter} |"
    yield f" {number} | {_visible(shown)}"
    yield f" {gutter} | {before}{mark * max(1, _columns(marked))}{label}"


def _visible(text: str) -> str:
    return "".join(char if char.isprintable() else _stand_in(char) for char in text)


def _stand_in(char: str) -> str:
    """Return one column for what cannot be printed: a blank for a tab, else a replacement."""
    return " " if char == "\t" else "\N{REPLACEMENT CHARACTER}"


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: wide characters take two."""
    return sum(_column(char) for char in text)


def _column(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def render_json(diagnostics: Iterable[Diagnostic]) -> str:
    """Return the diagnostics as a JSON array, one object each."""
    return json.dumps([as_data(diagnostic) for diagnostic in diagnostics], indent=2)


def as_data(diagnostic: Diagnostic) -> dict[str, object]:
    """Return a diagnostic as plain data; the keys are those of the dataclasses."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "span": _span_data(diagnostic.span),
        "hint": diagnostic.hint,
        "related": [
            {"span": _span_data(related.span), "message": related.message}
            for related in diagnostic.related
        ],
    }


def _span_data(span: Span) -> dict[str, object]:
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
