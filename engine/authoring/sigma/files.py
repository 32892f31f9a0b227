"""Sigma files: which there are, their YAML documents, and where in them things stand.

Values are those of YAML 1.1, as pySigma reads them; anchors are allowed, as in Sigma.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from engine.authoring.sigma import codes
from engine.language import codes as language_codes
from engine.language.diagnostic import Diagnostics, Related, printable, quote
from engine.language.source_text import SourceText
from engine.language.span import Span
from engine.language.yaml_reading import MAX_BYTES, decode

_SUFFIXES = frozenset({".yml", ".yaml"})
_START = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)


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
        last = self.line + self.node.end_mark.line + 1
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


@dataclass
class SigmaFiles:
    """What was read of the files named on the command line."""

    documents: list[SigmaDocument] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    """The text of each file by the name that spans give it, for showing diagnostics."""


def read_files(paths: Iterable[Path], problems: Diagnostics) -> SigmaFiles:
    """Read files, and folders with the files under them; what is wrong is reported."""
    found = SigmaFiles()
    for path in dict.fromkeys(each for given in paths for each in _expand(given, problems)):
        _read_file(path, found, problems)
    return found


def _expand(path: Path, problems: Diagnostics) -> list[Path]:
    if not path.is_dir():
        return [path]
    inside = sorted(
        each
        for each in path.rglob("*")
        if each.suffix.lower() in _SUFFIXES and not each.name.startswith(".") and each.is_file()
    )
    if not inside:
        message = f"the folder {quote(path)} holds no .yml or .yaml file"
        problems.error(codes.NO_FILE, _whole(path), message)
    return inside


def _whole(path: Path) -> Span:
    return Span(printable(path.as_posix()), 1, 1, 1, 1)


def _read_file(path: Path, found: SigmaFiles, problems: Diagnostics) -> None:
    whole = _whole(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        problems.error(codes.NO_FILE, whole, f"there is no file {quote(path)}")
        return
    except (OSError, ValueError) as fault:
        reason = (getattr(fault, "strerror", None) or type(fault).__name__).lower()
        problems.error(language_codes.UNREADABLE, whole, f"it cannot be read: {reason}")
        return
    found.sources[whole.file] = data.decode("utf-8", "replace")
    source = decode(whole.file, data, problems)
    if source is not None:
        found.sources[whole.file] = source.text
        found.documents += _documents(source, problems)


def _documents(source: SourceText, problems: Diagnostics) -> Iterator[SigmaDocument]:
    """Yield the documents; each is parsed on its own, so that a break in one hides no other."""
    starts = [0, *(found.start() for found in _START.finditer(source.text)), len(source.text)]
    for start, end in pairwise(starts):
        try:
            yield from _parse(source, start, end, problems)
        except yaml.MarkedYAMLError as fault:
            _report(fault, source, source.line_at(start), problems)
        except (yaml.YAMLError, ValueError, RecursionError) as fault:
            reason = "it nests too deeply" if isinstance(fault, RecursionError) else str(fault)
            span = source.span_at(start)
            problems.error(language_codes.SYNTAX, span, f"not valid YAML: {quote(reason)}")


def _parse(
    source: SourceText, start: int, end: int, problems: Diagnostics
) -> Iterator[SigmaDocument]:
    loader = yaml.CSafeLoader(source.text[start:end])
    line = source.line_at(start)
    try:
        while loader.check_node():
            node = loader.get_node()
            if isinstance(node, yaml.ScalarNode) and not node.value:
                continue
            if not isinstance(node, yaml.MappingNode):
                message = "a Sigma document is a mapping"
                problems.error(codes.NOT_SIGMA, source.span_at(start), message)
                continue
            document = SigmaDocument(source.file, line, node, {})
            if _check_keys(document, problems):
                document.data.update(loader.construct_document(node))
                yield document
    finally:
        loader.dispose()


def _check_keys(document: SigmaDocument, problems: Diagnostics) -> bool:
    """Report keys that are written twice, of which other readers keep the last, or are no text."""
    sound = True
    seen: set[int] = set()
    open_nodes: list[yaml.Node] = [document.node]
    while open_nodes:
        node = open_nodes.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            open_nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            sound &= _check_mapping(node, document, problems)
            open_nodes += [value for _, value in node.value]
    return sound


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
        elif key.value in first:
            message = f"the key {quote(key.value)} is written twice"
            place = document.span_of(first[key.value])
            related = [Related(place, "first written here")]
            problems.error(language_codes.DUPLICATE_KEY, span, message, related=related)
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
    problems.error(language_codes.SYNTAX, span, f"not valid YAML: {', '.join(parts)}")
