"""From the bytes of a file to YAML documents; whatever the bytes, diagnostics and no exception."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import yaml

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.source_text import REFUSED, SourceText
from engine.language.span import Span
from engine.language.yaml_building import DocumentBuilder, TooDeepError
from engine.language.yaml_faults import report_syntax
from engine.language.yaml_misleading import report_misleading
from engine.language.yaml_nodes import Document

MAX_BYTES = 1 << 20
"""A file larger than this is refused unread."""

_SEPARATOR = "---"
_DOCUMENT_START = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)
_HARMLESS = dict.fromkeys([*b"\t\n", *range(0x20, 0x7F)])
"""ASCII that a file may hold, to be taken away: looking for what it may not hold takes longer."""
_DEEP = "the document nests deeper than 64 levels"
_SHALLOW = "name the inner parts, and refer to them"
_PARSER_LIMIT = "maximum nesting depth"
"""From libyaml 0.2.6 on it refuses thousands of levels itself, before our own limit can be met."""
_DIRECTIVE = re.compile(r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*(%[^\r\n]*)")


def decode(file: str, data: bytes, problems: Diagnostics) -> SourceText | None:
    """Return the text of a file, or None when it is too large, not UTF-8 or not plain text."""
    if len(data) > MAX_BYTES:
        problems.error(
            codes.TOO_LARGE,
            Span(file, 1, 1, 1, 1),
            "the file is larger than 1 MiB",
            hint="split it",
        )
        return None
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as fault:
        before = SourceText(file, data[: fault.start].decode("utf-8"))
        byte = f"byte 0x{data[fault.start]:02x} is not UTF-8"
        hint = "save the file as UTF-8"
        problems.error(codes.NOT_UTF8, before.span_at(len(before.text)), byte, hint=hint)
        return None
    source = SourceText(file, text)
    return None if _report_controls(source, problems) else source


def _report_controls(source: SourceText, problems: Diagnostics) -> bool:
    if source.text.isascii() and not source.text.translate(_HARMLESS):
        return False
    found = REFUSED.search(source.text)
    if found is None:
        return False
    message = f"control character U+{ord(found.group()[0]):04X} is not accepted"
    hint = "delete it; where it is meant, write an escape in double quotes"
    problems.error(codes.CONTROL_CHARACTER, source.span_at(found.start()), message, hint=hint)
    return True


def documents(source: SourceText, problems: Diagnostics) -> list[Document]:
    """Return the documents of a file.

    Each is parsed on its own, so that a break in one hides nothing in the next: a line that starts
    with `---` always starts a document in YAML, even inside a quoted or block scalar.
    """
    found = [
        document
        for start, end in _chunks(source.text)
        for document in _parse(source, start, end, problems)
    ]
    report_misleading(source, found, problems)
    return found


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    if _SEPARATOR not in text:
        return iter([(0, len(text))] if text.strip() else [])
    starts = [0, *(found.start() for found in _DOCUMENT_START.finditer(text)), len(text)]
    return (
        (start, end)
        for start, end in pairwise(starts)
        if text[start:end].removeprefix(_SEPARATOR).strip()
    )


def _parse(source: SourceText, start: int, end: int, problems: Diagnostics) -> list[Document]:
    chunk = source.text[start:end]
    directive = _DIRECTIVE.match(chunk)
    if directive:
        span = source.span_at(start + directive.start(1), len(directive.group(1)))
        problems.error(codes.TAG, span, "directives are not accepted", hint="remove the line")
        return []
    builder = DocumentBuilder(source, source.line_at(start), problems)
    try:
        builder.take(iter(yaml.CSafeLoader(chunk).get_event, None))
    except TooDeepError as fault:
        problems.error(codes.TOO_DEEP, fault.span, _DEEP, hint=_SHALLOW)
        builder.stop()
    except yaml.MarkedYAMLError as fault:
        if _PARSER_LIMIT in (fault.problem or ""):
            problems.error(codes.TOO_DEEP, builder.place, _DEEP, hint=_SHALLOW)
        else:
            report_syntax(fault, builder, source.lines, problems)
        builder.stop()
    except yaml.YAMLError as fault:
        span = source.span_at(start)
        if _PARSER_LIMIT in str(fault):
            problems.error(codes.TOO_DEEP, span, _DEEP, hint=_SHALLOW)
        else:
            problems.error(codes.SYNTAX, span, f"not valid YAML: {quote(fault)}")
        builder.stop()
    return builder.documents
