"""Text that is not YAML: where the fault is, and what was probably meant.

libyaml tells where it could not go on, which is often not where the mistake is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from engine.language import codes
from engine.language.diagnostic import Diagnostics, Related
from engine.language.yaml_building import DocumentBuilder

_STUCK_COLON = re.compile(r"^\s*(?:- +)?[\w.|-]+:(?=[\[{\"'\w])")
_STUCK_DASH = re.compile(r"^\s*-(?=\w)")
_PART_IN_QUOTES = re.compile(r":\s+(?P<mark>[\"'])(?:(?!(?P=mark)).)*(?P=mark)\s*[^\s,#}\]]")
_PART_IN_BRACKETS = re.compile(r":\s+[\[{][^\[\]{}]*[\]}]\s*[^\s,#}\]]")
_LIST_APART = re.compile(r"\blist: +(?P<name>[\w-]+)")
_NOT_APART = re.compile(r"[\[,]\s*not\s+\{")

_KEY = "did not find expected key"
_COLON = "could not find expected ':'"
_VALUES = "mapping values are not allowed"
_HINTS = {
    _KEY: "indent the keys of a mapping alike; quote what begins with a bracket or a quote",
    "did not find expected '-'": "indent alike what belongs to one item of a list",
    _COLON: "write `key: value`, with a colon and a blank",
    "did not find expected ','": "part entries by commas, and close the bracket",
    _VALUES: "quote a value that holds a colon; indent keys alike",
    "did not find expected node content": "a value is missing, or there is a comma too many",
    "found unexpected ':'": "a blank follows the colon",
    "did not find expected <document start>": "begin another document with a line `---`",
    "found unexpected end of stream": "close the quotation mark",
    "found unexpected document indicator": "close the quotation mark",
    "cannot start any token": "indent with spaces, not tabs; quote what starts with @ or `",
    "unknown escape character": "use single quotes, in which a backslash is a backslash",
}


def report_syntax(
    fault: yaml.MarkedYAMLError,
    builder: DocumentBuilder,
    lines: Sequence[str],
    problems: Diagnostics,
) -> None:
    """Report what libyaml could not read, at the place of the mistake where that can be told."""
    parts = [part.rstrip(".") for part in (fault.context, fault.problem) if part]
    mark, opened = fault.problem_mark or fault.context_mark, fault.context_mark
    if _COLON in parts[-1]:
        mark = opened or mark
    span = builder.chunk.span_of(mark, mark) if mark else builder.place
    start = builder.chunk.span_of(opened, opened) if opened else span
    related = [Related(start, "opened here")] if start != span else []
    last = builder.last_quoted
    if _KEY in parts[-1] and last is not None and last.line != last.end_line:
        related = [Related(last, f"the quotation mark is closed in line {last.end_line} only")]
    hint = _advice(parts[-1], lines[span.line - 1], span.column)
    message = f"not valid YAML: {', '.join(parts)}"
    problems.error(codes.SYNTAX, span, message, hint=hint, related=related)


def _advice(problem: str, line: str, column: int) -> str | None:
    """Say how the line was probably meant."""
    apart = _LIST_APART.search(line)
    if apart:
        return f"write `list:{apart['name']}`, without a blank"
    if _NOT_APART.search(line):
        return "a selection that is not to happen is written `{not: {…}}`"
    if _STUCK_DASH.match(line):
        return "a blank follows the dash"
    if _STUCK_COLON.match(line) and _KEY in problem:
        return "a blank follows the colon"
    if _KEY in problem and _PART_IN_QUOTES.search(line):
        return "in single quotes write '' for a quote, or put double quotes around the whole"
    if _KEY in problem and _PART_IN_BRACKETS.search(line):
        return "put text that begins with a bracket in quotes"
    if line[column - 1 : column] in ("}", "]"):
        return "there is a closing bracket too many"
    return next((hint for sign, hint in _HINTS.items() if sign in problem), None)
