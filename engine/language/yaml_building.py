"""Builds positioned nodes from libyaml's events, refusing what the language has no use for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import yaml

from engine.language import codes
from engine.language.diagnostic import Diagnostics, Related, quote
from engine.language.source_text import REFUSED, SourceText
from engine.language.span import Span
from engine.language.yaml_nodes import (
    Document,
    Entry,
    MappingNode,
    Node,
    RefusedNode,
    ScalarNode,
    SequenceNode,
)
from engine.language.yaml_scalars import NotFiniteError, resolve

MAX_DEPTH = 64


class _Mark(Protocol):
    """A position as libyaml gives it: line and column, counted from 0."""

    line: int
    column: int


class TooDeepError(Exception):
    """The document nests deeper than MAX_DEPTH."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been seen."""

    start: Span
    mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Node | None = None

    def close(self, end: Span | None) -> Node:
        """Return the node; a block collection ends where its last child does."""
        start, last = self.start, end or self._last_child()
        span = Span(start.file, start.line, start.column, last.end_line, last.end_column)
        if self.mapping:
            return MappingNode(tuple(self.entries.values()), span)
        return SequenceNode(tuple(self.items), span)

    def _last_child(self) -> Span:
        if self.items:
            return self.items[-1].span
        if self.entries:
            return next(reversed(self.entries.values())).value.span
        return self.start


class DocumentBuilder:
    """Takes the events of one chunk of a file; `documents` holds what was completed."""

    def __init__(self, source: SourceText, first_line: int, problems: Diagnostics) -> None:
        self._source = source
        self._before = first_line + 1
        """What makes a line of the chunk, counted from 0, one of the file, counted from 1."""
        self._last_line = len(source.lines)
        self._problems = problems
        self._open: list[_Open] = []
        self.documents: list[Document] = []
        self.place = Span(source.file, first_line + 1, 1, first_line + 1, 1)
        """Where the last event stood."""

    def take(self, event: yaml.Event) -> None:
        """Add one event; TooDeepError when it opens one level too many."""
        handle = _HANDLERS.get(type(event))
        if handle is not None:
            handle(self, event)

    def stop(self) -> None:
        """Close what is open after the parser gave up: the beginning still names the document."""
        if not self._open:
            return
        while self._open:
            node = self._open.pop().close(None)
            if self._open:
                self._attach(self._open[-1], node)
        self._finish(node, sound=False)

    def span_of(self, start: _Mark, end: _Mark) -> Span:
        """Return the span between two marks of the chunk."""
        line, end_line = start.line + self._before, end.line + self._before
        if end_line <= self._last_line:
            return Span(self._source.file, line, start.column + 1, end_line, end.column + 1)
        return Span(self._source.file, *self._position(start), *self._position(end))

    def _position(self, mark: _Mark) -> tuple[int, int]:
        """Return line and column; libyaml marks the end of a text as a line that is not there."""
        line = mark.line + self._before
        if line <= self._last_line:
            return line, mark.column + 1
        return self._last_line, len(self._source.lines[-1]) + 1

    def _start(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        span = self._mark(event)
        self._refuse_properties(event, span)
        if len(self._open) >= MAX_DEPTH:
            raise TooDeepError(span)
        self._open.append(_Open(span, isinstance(event, yaml.MappingStartEvent)))

    def _end(self, event: yaml.SequenceEndEvent | yaml.MappingEndEvent) -> None:
        # The end of a block collection is marked where the next token stands; of a flow
        # collection, after its bracket.
        span = self._mark(event)
        flow = (span.line, span.column) != (span.end_line, span.end_column)
        self._add(self._open.pop().close(span if flow else None))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        span = self._mark(event)
        if event.tag is None and event.anchor is None:
            self._add(self._value(event, span))
        elif self._refuse_properties(event, span):
            self._add(RefusedNode(span))
        else:
            self._add(self._value(event, span))

    def _value(self, event: yaml.ScalarEvent, span: Span) -> Node:
        text = event.value
        if event.style:
            if event.style in ("|", ">"):
                return ScalarNode(text, text, True, self._trimmed(span))  # noqa: FBT003 - see Span
            return self._quoted(event, span)
        try:
            return ScalarNode(resolve(text), text, False, span)  # noqa: FBT003 - see Span
        except NotFiniteError:
            message = f"{quote(event.value)} is not a finite number of 64 bits"
            hint = "quote it if it is meant as text"
            self._problems.error(codes.BAD_NUMBER, span, message, hint=hint)
            return RefusedNode(span)

    def _quoted(self, event: yaml.ScalarEvent, span: Span) -> Node:
        found = REFUSED.search(event.value)
        if found is None:
            return ScalarNode(event.value, event.value, quoted=True, span=span)
        message = f"control character U+{ord(found.group()[0]):04X} is not accepted"
        self._problems.error(codes.CONTROL_CHARACTER, span, message)
        return RefusedNode(span)

    def _trimmed(self, span: Span) -> Span:
        """Return the span of a block scalar without the blank lines and the line after it."""
        last = span.end_line if span.end_column > 1 else span.end_line - 1
        while last > span.line and not self._source.lines[last - 1].strip():
            last -= 1
        return Span(span.file, span.line, span.column, last, len(self._source.lines[last - 1]) + 1)

    def _take_alias(self, event: yaml.AliasEvent) -> None:
        self._add(self._alias(event))

    def _alias(self, event: yaml.AliasEvent) -> Node:
        span = self._mark(event)
        hint = "write the value out, or name it: a selection, or a `list` document"
        message = f"alias {quote(f'*{event.anchor}')} is not accepted"
        self._problems.error(codes.ALIAS, span, message, hint=hint)
        return RefusedNode(span)

    def _refuse_properties(self, event: yaml.NodeEvent, span: Span) -> bool:
        """Report an anchor or a tag; whether there is a tag, which could change the value."""
        tag = getattr(event, "tag", None)
        if tag is not None:
            message = f"tag {quote(tag)} is not accepted"
            self._problems.error(codes.TAG, span, message, hint="remove it")
        if event.anchor is not None:
            message = f"anchor {quote(f'&{event.anchor}')} is not accepted"
            self._problems.error(codes.ALIAS, span, message, hint="remove it")
        return tag is not None

    def _mark(self, event: yaml.Event) -> Span:
        start, end = event.start_mark, event.end_mark
        if start is not None and end is not None:
            self.place = self.span_of(start, end)
        return self.place

    def _add(self, node: Node) -> None:
        if self._open:
            self._attach(self._open[-1], node)
        else:
            self._finish(node, sound=True)

    def _finish(self, node: Node, *, sound: bool) -> None:
        text = self._source.whole_lines(node.span.line, node.span.end_line)
        self.documents.append(Document(node, text, sound))

    def _attach(self, parent: _Open, node: Node) -> None:
        if not parent.mapping:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            key, parent.key = parent.key, None
            self._enter(parent, key, node)

    def _enter(self, parent: _Open, key: Node, value: Node) -> None:
        if isinstance(key, RefusedNode):
            return
        if not isinstance(key, ScalarNode) or not isinstance(key.value, str):
            self._refuse_key(key)
        elif key.text == "<<" and not key.quoted:
            message = "merge key `<<` is not accepted"
            self._problems.error(codes.MERGE_KEY, key.span, message, hint="write the keys out")
        elif key.text in parent.entries:
            first = Related(parent.entries[key.text].key_span, "first defined here")
            message = f"key {quote(key.text)} is defined twice"
            self._problems.error(codes.DUPLICATE_KEY, key.span, message, related=[first])
        else:
            parent.entries[key.text] = Entry(key.text, key.span, value, key.quoted)

    def _refuse_key(self, key: Node) -> None:
        if isinstance(key, ScalarNode):
            name = quote(key.text or "null")
            message, hint = f"key {name} is not text", "quote it if it is meant as text"
            self._problems.error(codes.KEY_NOT_TEXT, key.span, message, hint=hint)
        else:
            self._problems.error(
                codes.KEY_NOT_TEXT, key.span, "a key is one word, not a collection"
            )


_HANDLERS: dict[type, Callable[[DocumentBuilder, Any], None]] = {
    yaml.ScalarEvent: DocumentBuilder._scalar,  # noqa: SLF001 - its own
    yaml.SequenceStartEvent: DocumentBuilder._start,  # noqa: SLF001
    yaml.MappingStartEvent: DocumentBuilder._start,  # noqa: SLF001
    yaml.SequenceEndEvent: DocumentBuilder._end,  # noqa: SLF001
    yaml.MappingEndEvent: DocumentBuilder._end,  # noqa: SLF001
    yaml.AliasEvent: DocumentBuilder._take_alias,  # noqa: SLF001
}
"""What is done with an event; documents and streams begin and end in silence."""
