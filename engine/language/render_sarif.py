"""Diagnostics in SARIF 2.1.0, the format of code scanning.

Paths are relative to `%SRCROOT%`, the name that consumers have for the root of a repository.
Braces in messages stay single, although the standard would double them: no message has arguments,
so no consumer fills in placeholders, and a hint such as `{gte: 1}` must be shown as it is typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from pathlib import PurePosixPath
from urllib.parse import quote as percent_encoded

from engine.language.catalogue import CATALOGUE, level_of
from engine.language.codes import Code
from engine.language.diagnostic import Diagnostic
from engine.language.examples import examples_of, prose_of
from engine.language.span import Span
from engine.version import VERSION

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_INDEX = {code: index for index, code in enumerate(CATALOGUE)}

Path = Callable[[str], str]


def render_sarif(diagnostics: Iterable[Diagnostic], files: Collection[str], path: Path) -> str:
    """Return a log with one run.

    `files` are those whose text was read: a place in anything else, such as a folder, has no lines.
    `path` gives a file's path in its repository.
    """
    run = {
        "tool": {"driver": _driver()},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the repository"}}},
        "results": [_result(diagnostic, files, path) for diagnostic in diagnostics],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _driver() -> dict[str, object]:
    return {
        "name": "Excise",
        "version": VERSION,
        "rules": [_rule(code) for code in CATALOGUE.values()],
    }


def _rule(code: Code) -> dict[str, object]:
    return {
        "id": code.id,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": prose_of(code)},
        "help": {"text": code.explanation, "markdown": _markdown(code)},
        "defaultConfiguration": {"level": level_of(code.id).value},
    }


def _markdown(code: Code) -> str:
    examples = [
        f"{example.label}:\n\n```yaml\n{example.text}```\n" for example in examples_of(code)
    ]
    return "\n".join([f"{prose_of(code)}\n", *examples])


def _result(diagnostic: Diagnostic, files: Collection[str], path: Path) -> dict[str, object]:
    text = diagnostic.message + (f"\nhint: {diagnostic.hint}" if diagnostic.hint else "")
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": _INDEX[diagnostic.code],
        "level": diagnostic.severity.value,
        "message": _message(text),
        "locations": [{"physicalLocation": _place(diagnostic.span, files, path)}],
        "relatedLocations": [
            {
                "id": number,
                "physicalLocation": _place(related.span, files, path),
                "message": _message(related.message),
            }
            for number, related in enumerate(diagnostic.related)
        ],
    }


def _message(text: str) -> dict[str, str]:
    """Return plain text in which nothing that was quoted from a file becomes a link."""
    return {"text": text.replace("](", "\\](")}


def _place(span: Span, files: Collection[str], path: Path) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": _artifact(path(span.file))}
    if span.file in files:
        place["region"] = {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": span.end_line,
            "endColumn": span.end_column,
        }
    return place


def _artifact(path: str) -> dict[str, str]:
    where = PurePosixPath(path)
    if where.is_absolute():
        return {"uri": f"file://{percent_encoded(path)}"}
    return {"uri": percent_encoded(path), "uriBaseId": _ROOT}
