"""The YAML documents of a Sigma file, and where in them things stand.

Values are those of YAML 1.1, as pySigma reads them; anchors are allowed, as in Sigma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import yaml

from engine.authoring.sigma import codes
from engine.language import codes as language_codes
from engine.language.diagnostic import Diagnostics, Related, quote
from engine.language.source_text import SourceText
from engine.language.span import Span

_START = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)
_DIRECTIVES = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*%(?:[^\n]*\n)*?(?:[ \t]*(?:[#%][^\n]*)?\n)*")
_DEPTH = 64
_NODES = 100_000
"""With what aliases repeat: a few lines of them can stand for billions."""
_HINT = "indent with spaces, alike; quote a value that holds a colon or starts with `*`, `%` or `@`"
_TAGGED = "tag:yaml.org,2002:"


@dataclass(frozen=True, eq=False)
class SigmaDocument:
    """One YAML document of a Sigma file."""

    file: str
    line: int
    """Lines of the file before the document."""
    node: yaml.MappingNode
    data: dict[str, Any]

    def holds(self, span: Span) -> bool:
        """Whether a place of a file is inside the document."""
        end = self.node.end_mark
        last = self.line + end.line + (end.column > 0)
        return span.file == self.file and self.line < span.line <= last

    def span(self, *path: str | int) -> Span:
        """Return the place at the end of a path, or as near to it as there is one.

        A step is a key or, of a list or a mapping, a number: which item or entry it is. Without a
        path, and where not even its first step exists, it is the title.
        """
        node: yaml.Node = self.node
        title = _step(node, "title")
        place = title[0] if title else node
        for step in path:
            found = _step(node, step)
            if found is None:
                break
            place, node = found
        return self.span_of(place)

    def span_of(self, node: yaml.Node) -> Span:
        """Return the place of a node of the document, of a collection its first character."""
        start, end = node.start_mark, node.end_mark
        if isinstance(node, yaml.CollectionNode) or end.line != start.line:
            return self._at(start.line, start.column, start.column + 1)
        return self._at(start.line, start.column, max(end.column, start.column + 1))

    def _at(self, line: int, column: int, end: int) -> Span:
        number = self.line + line + 1
        return Span(self.file, number, column + 1, number, end + 1)


def _step(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(step, str):
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        return next((pair for pair in pairs if pair[0].value == step), None)
    if not isinstance(node, yaml.CollectionNode) or step >= len(node.value):
        return None
    found = node.value[step]
    return found if isinstance(node, yaml.MappingNode) else (found, found)


def documents_of(source: SourceText, problems: Diagnostics) -> Iterator[SigmaDocument | None]:
    """Yield the documents, None for one that is reported.

    Each is parsed on its own, so that a break in one hides no other.
    """
    starts = [found.start() for found in _START.finditer(source.text)]
    if starts and _DIRECTIVES.fullmatch(source.text, 0, starts[0]):
        del starts[0]  # what stands before it belongs to the first document
    for start, end in pairwise([0, *starts, len(source.text)]):
        try:
            yield from _parse(source, start, end, problems)
        except yaml.MarkedYAMLError as fault:
            _report(fault, source, source.line_at(start), problems)
            yield None
        except yaml.YAMLError as fault:
            span = source.span_at(start)
            message = f"not valid YAML: {quote(fault)}"
            problems.error(language_codes.SYNTAX, span, message, hint=_HINT)
            yield None


def _parse(
    source: SourceText, start: int, end: int, problems: Diagnostics
) -> Iterator[SigmaDocument | None]:
    text, line = source.text[start:end], source.line_at(start)
    if _nests_too_deeply(text):
        hint = "a Sigma rule needs a few levels only"
        message = f"the document nests deeper than {_DEPTH} levels"
        problems.error(language_codes.TOO_DEEP, source.span_at(start), message, hint=hint)
        yield None
        return
    loader = yaml.CSafeLoader(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if isinstance(node, yaml.ScalarNode) and not node.value:
                continue
            if isinstance(node, yaml.MappingNode):
                yield _constructed(loader, SigmaDocument(source.file, line, node, {}), problems)
                continue
            hint = "write `key: value` lines; `---` stands between documents"
            message = "a Sigma document is a mapping"
            problems.error(codes.NOT_SIGMA, source.span_at(start), message, hint=hint)
            yield None
    finally:
        loader.dispose()


def _nests_too_deeply(text: str) -> bool:
    depth = 0
    with suppress(yaml.YAMLError):  # which is reported by who reads the text for its values
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH:
                return True
    return False


def _constructed(
    loader: yaml.CSafeLoader, document: SigmaDocument, problems: Diagnostics
) -> SigmaDocument | None:
    """Return the document with its values; None, reported, if it has none."""
    size = _size(document.node, {})
    if size > _NODES:
        message = "its aliases stand for too much, or for themselves"
        hint = "write the values out"
        problems.error(language_codes.ALIAS, document.span(), message, hint=hint)
        return None
    if not (_check_keys(document, problems) and _check_values(document, problems)):
        return None
    document.data.update(loader.construct_document(document.node))
    return document


def _size(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Return how many nodes a node stands for; more than are accepted if it holds itself."""
    known = sizes.get(id(node))
    if known is None:
        sizes[id(node)] = _NODES + 1
        known = sizes[id(node)] = 1 + sum(_size(each, sizes) for each in _inner(node))
    return known


def _inner(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in node.value for each in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Yield the nodes, one that aliases repeat once."""
    seen: set[int] = set()
    open_nodes = [root]
    while open_nodes:
        node = open_nodes.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            open_nodes += _inner(node)


def _check_values(document: SigmaDocument, problems: Diagnostics) -> bool:
    """Report scalars that YAML has a type for and no value, such as a thirteenth month."""
    sound = True
    for node in _nodes(document.node):
        if isinstance(node, yaml.ScalarNode) and not node.tag.endswith(
            (":str", ":merge", ":value")
        ):
            try:
                yaml.constructor.SafeConstructor().construct_object(node)
            except (ValueError, OverflowError, yaml.YAMLError):
                kind = node.tag.removeprefix(_TAGGED)
                message = f"{quote(node.value)} is no {quote(kind)} that YAML knows"
                span = document.span_of(node)
                problems.error(language_codes.SYNTAX, span, message, hint="put it in quotes")
                sound = False
    return sound


def _check_keys(document: SigmaDocument, problems: Diagnostics) -> bool:
    """Report keys that are written twice, of which other readers keep the last, or are no text."""
    mappings = (one for one in _nodes(document.node) if isinstance(one, yaml.MappingNode))
    faulty = [one for one in mappings if not _check_mapping(one, document, problems)]
    return not faulty


def _check_mapping(node: yaml.MappingNode, document: SigmaDocument, problems: Diagnostics) -> bool:
    sound = True
    first: dict[str, yaml.Node] = {}
    for key, _ in node.value:
        span = document.span_of(key)
        if key.tag == "tag:yaml.org,2002:merge":
            continue
        if key.tag != "tag:yaml.org,2002:str":
            message = "the key is not text"
            hint = "put it in quotes"
            problems.error(language_codes.KEY_NOT_TEXT, span, message, hint=hint)
            sound = False
            continue
        if key.value in first:
            message = f"the key {quote(key.value)} is written twice"
            place = document.span_of(first[key.value])
            related = [Related(place, "first written here")]
            hint = "keep one of the two"
            problems.error(language_codes.DUPLICATE_KEY, span, message, hint=hint, related=related)
            sound = False
        first.setdefault(key.value, key)
    return sound


def _report(
    fault: yaml.MarkedYAMLError, source: SourceText, line: int, problems: Diagnostics
) -> None:
    mark = fault.problem_mark or fault.context_mark
    parts = [part.rstrip(".") for part in (fault.context, fault.problem) if part]
    number = line + (mark.line if mark else 0) + 1
    column = (mark.column if mark else 0) + 1
    span = Span(source.file, number, column, number, column + 1)
    message = f"not valid YAML: {', '.join(parts)}"
    problems.error(language_codes.SYNTAX, span, message, hint=_HINT)
