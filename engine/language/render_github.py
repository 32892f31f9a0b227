"""Diagnostics as workflow commands of GitHub Actions, which become annotations on the lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.language.diagnostic import Diagnostic
from engine.language.span import Span

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})


def render_github(diagnostics: Iterable[Diagnostic], path: Callable[[str], str]) -> str:
    """Return a command for each diagnostic; `path` gives a file's path in its repository."""
    return "\n".join(_command(diagnostic, path) for diagnostic in diagnostics)


def _command(diagnostic: Diagnostic, path: Callable[[str], str]) -> str:
    properties = {**_place(diagnostic.span, path), "title": diagnostic.code}
    shown = ",".join(
        f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties.items()
    )
    message = "\n".join(_message(diagnostic, path)).translate(_DATA)
    return f"::{diagnostic.severity.value} {shown}::{message}"


def _place(span: Span, path: Callable[[str], str]) -> dict[str, object]:
    """Return where an annotation stands; GitHub takes columns within one line only."""
    lines: dict[str, object] = {"file": path(span.file), "line": span.line}
    if span.line != span.end_line:
        return {**lines, "endLine": span.end_line}
    end = max(span.end_column, span.column)
    return {**lines, "col": span.column, "endLine": span.end_line, "endColumn": end}


def _message(diagnostic: Diagnostic, path: Callable[[str], str]) -> Iterable[str]:
    yield diagnostic.message
    if diagnostic.hint:
        yield f"hint: {diagnostic.hint}"
    for related in diagnostic.related:
        span = related.span
        yield f"{related.message}: {path(span.file)}:{span.line}:{span.column}"
