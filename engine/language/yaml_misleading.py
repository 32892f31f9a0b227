"""Plain scalars that say less, or more, than they seem to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.source_text import SourceText
from engine.language.span import Span
from engine.language.yaml_nodes import Document, MappingNode, Node, ScalarNode, SequenceNode

_SIGN = re.compile(r"#(?=\w)")
"""What was perhaps a part of a value that it cuts off: a comment has a blank after its sign."""
_NUMBER = re.compile(r"#[0-9]")
_OPENING, _CLOSING = "“”„‘’«»‹›", "“”‘’«»‹›"
_MARKS = re.compile(f"[{_OPENING}]")


def report_misleading(
    source: SourceText, documents: Iterable[Document], problems: Diagnostics
) -> None:
    """Report texts that a comment cuts off, and those in quotation marks that are not YAML's."""
    cuts = dict(_cuts(source))
    if not cuts and (source.text.isascii() or not _MARKS.search(source.text)):
        return
    for node in _plain(document.root for document in documents):
        span = node.span
        rest = cuts.get((span.end_line, span.end_column))
        if rest is not None and _perhaps_a_part(node.text, rest):
            message = f"{quote(rest)} is a comment, and no part of the value"
            hint = "put the value in quotes; a comment has a blank after its `#`"
            problems.error(codes.MISLEADING, _after(source, span, rest), message, hint=hint)
        elif len(node.text) > 1 and node.text[0] in _OPENING and node.text[-1] in _CLOSING:
            message = "these quotation marks are a part of the text"
            hint = "write \" or '; where they are meant, put such marks around them"
            problems.error(codes.MISLEADING, span, message, hint=hint)


def _perhaps_a_part(text: str, rest: str) -> bool:
    """Whether a value may go on: many leave the blank out behind a duration or a word."""
    return " " in text or _NUMBER.match(rest) is not None


def _cuts(source: SourceText) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield line and column of the end of what stands before a comment, with the comment."""
    for found in _SIGN.finditer(source.text):
        place = source.span_at(found.start())
        line = source.lines[place.line - 1]
        before = line[: place.column - 1]
        if before.strip() and before[-1].isspace():
            yield (place.line, len(before.rstrip()) + 1), line[place.column - 1 :]


def _after(source: SourceText, span: Span, rest: str) -> Span:
    line = source.lines[span.end_line - 1]
    column = line.index(rest, span.end_column - 1) + 1
    return Span(span.file, span.end_line, column, span.end_line, column + len(rest))


def _plain(roots: Iterable[Node]) -> Iterator[ScalarNode]:
    """Yield the values that are text without quotes."""
    nodes = list(roots)
    for node in nodes:
        if isinstance(node, MappingNode):
            nodes += [entry.value for entry in node.entries]
        elif isinstance(node, SequenceNode):
            nodes += node.items
        elif isinstance(node, ScalarNode) and isinstance(node.value, str) and not node.quoted:
            yield node
