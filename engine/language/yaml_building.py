"""Builds positioned nodes from libyaml's events, refusing what the language has no use for.

A large pack is half a million events, so what happens to each of them is the time a check takes:
plain scalars, most of them, are made where the events are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import yaml
from yaml import ScalarEvent

from engine.language import codes
from engine.language.diagnostic import Diagnostics, Related, quote
from engine.language.source_text import REFUSED, SourceText
from engine.language.span import Span
from engine.language.yaml_nodes import (
    Between,
    Document,
    Entry,
    MappingNode,
    Mark,
    Node,
    Place,
    RefusedNode,
    ScalarNode,
    SequenceNode,
    Upto,
    span_of,
)
from engine.language.yaml_scalars import AmbiguousNumberError, NumberError, resolve

MAX_DEPTH = 64

_resolved = lru_cache(maxsize=4096)(resolve)
"""The same few keys and words make most of a pack."""
_tuple = tuple.__new__
"""Makes a named tuple of what is known to fit, in half the time that its class takes."""


class TooDeepError(Exception):
    """The document nests deeper than MAX_DEPTH."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


class Chunk:
    """Where a part of a file's text lies, which was parsed on its own."""

    __slots__ = ("_before", "_lines_left", "_source")

    def __init__(self, source: SourceText, first_line: int) -> None:
        self._source = source
        self._before = first_line + 1
        """What makes a line of the chunk, counted from 0, one of the file, counted from 1."""
        self._lines_left = len(source.lines) - first_line

    @property
    def start(self) -> Span:
        """Its first character."""
        return Span(self._source.file, self._before, 1, self._before, 1)

    def span_of(self, start: Mark, end: Mark) -> Span:
        """Return the span between two marks."""
        if end.line < self._lines_left:
            line, end_line = start.line + self._before, end.line + self._before
            return Span(self._source.file, line, start.column + 1, end_line, end.column + 1)
        return Span(self._source.file, *self._position(start), *self._position(end))

    def _position(self, mark: Mark) -> tuple[int, int]:
        """Return line and column; libyaml marks the end of a text as a line that is not there."""
        line, lines = mark.line + self._before, self._source.lines
        if line <= len(lines):
            return line, mark.column + 1
        return len(lines), len(lines[-1]) + 1


class _Open(NamedTuple):
    """A list or mapping whose end has not been seen."""

    start: Mark
    opened: Mark
    """Where its bracket ends; of a block collection, its start."""
    mapping: bool
    siblings: list[Node]
    """What stands before it in the collection that holds it."""


class DocumentBuilder:
    """Takes the events of one chunk of a file; `documents` holds what was completed."""

    def __init__(self, source: SourceText, first_line: int, problems: Diagnostics) -> None:
        self._source = source
        self.chunk = Chunk(source, first_line)
        """What places refer to: not this builder, which refers to them."""
        self._problems = problems
        self._open: list[_Open] = []
        self._children: list[Node] = []
        """Of the innermost open collection: its items, or its keys and values in turn."""
        self._last: yaml.Event | None = None
        self.documents: list[Document] = []

    @property
    def place(self) -> Span:
        """Where the last event stood."""
        return self.chunk.start if self._last is None else self._mark(self._last)

    @property
    def last_quoted(self) -> Span | None:
        """Where the last event stood, if it was text in quotes."""
        last = self._last
        quoted = type(last) is ScalarEvent and last.style in ('"', "'")
        return self.place if quoted else None

    def take(self, events: Iterable[yaml.Event]) -> None:
        """Add events; TooDeepError when one opens one level too many."""
        chunk = self.chunk
        for event in events:
            if type(event) is not ScalarEvent:
                handle = _HANDLERS.get(type(event))
                if handle is not None:
                    handle(self, event)
                continue
            self._last = event
            if event.style or event.tag is not None or event.anchor is not None:
                self._children.append(self._scalar(event))
                continue
            text = event.value
            place = _tuple(Between, (chunk, event.start_mark, event.end_mark))
            try:
                self._children.append(_tuple(ScalarNode, (_resolved(text), text, False, place)))
            except NumberError as fault:
                self._children.append(self._no_number(fault, text, place))

    def stop(self) -> None:
        """Close what is open after the parser gave up: the beginning still names the document."""
        sound = not self._open
        while self._open:
            self._close(None)
        self._finish(sound=sound)

    def _mark(self, event: yaml.Event) -> Span:
        return self.chunk.span_of(*_marks(event))

    def _start(self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        self._last = event
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event, self._mark(event))
        if len(self._open) >= MAX_DEPTH:
            raise TooDeepError(self._mark(event))
        mapping = type(event) is yaml.MappingStartEvent
        opened = (event.start_mark, event.end_mark, mapping, self._children)
        self._open.append(_tuple(_Open, opened))
        self._children = []

    def _end(self, event: yaml.SequenceEndEvent | yaml.MappingEndEvent) -> None:
        # The end of a block collection is marked where the next token stands; of a flow
        # collection, after its bracket.
        self._last = event
        start, end = _marks(event)
        self._close(end if start.column != end.column or start.line != end.line else None)

    def _close(self, end: Mark | None) -> None:
        """Make a node of the innermost open collection.

        A block collection, without an end of its own, ends where its last child does. A key whose
        value was never met does not count.
        """
        open_ = self._open.pop()
        children, self._children = self._children, open_.siblings
        if open_.mapping:
            entries = self._entries(children)
            last = next(reversed(entries.values())).value if entries else None
            place = self._place(open_, end, last)
            self._children.append(_tuple(MappingNode, (entries, place)))
        else:
            place = self._place(open_, end, children[-1] if children else None)
            self._children.append(_tuple(SequenceNode, (tuple(children), place)))

    def _place(self, open_: _Open, end: Mark | None, last: Node | None) -> Place:
        if end is None and last is not None:
            return _tuple(Upto, (self.chunk, open_.start, last))
        return _tuple(Between, (self.chunk, open_.start, end or open_.opened))

    def _entries(self, children: list[Node]) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        each = iter(children)
        for key, value in zip(each, each, strict=False):
            if type(key) is ScalarNode and type(key.value) is str:
                name, quoted = key.text, key.quoted
                if name not in entries and (name != "<<" or quoted):
                    entries[name] = _tuple(Entry, (name, key.place, value, quoted))
                    continue
            self._refuse_key(key, entries)
            if isinstance(key, ScalarNode) and key.text in entries:
                entries[key.text] = _joined(entries[key.text], value)
        return entries

    def _scalar(self, event: ScalarEvent) -> Node:
        """Make a node of a scalar in quotes or in a block, or with a tag or an anchor."""
        place, text = Between(self.chunk, *_marks(event)), event.value
        plain = event.tag is None and event.anchor is None
        if not plain and self._refuse_properties(event, span_of(place)):
            return RefusedNode(span_of(place))
        if event.style:
            block = event.style in ("|", ">")
            return self._quoted(text, self._trimmed(span_of(place)) if block else place)
        try:
            return ScalarNode(_resolved(text), text, quoted=False, place=place)
        except NumberError as fault:
            return self._no_number(fault, text, place)

    def _no_number(self, fault: NumberError, text: str, place: Place) -> Node:
        span = span_of(place)
        if isinstance(fault, AmbiguousNumberError):
            if self._open and self._open[-1].mapping and len(self._children) % 2 == 0:
                return ScalarNode(int(text), text, quoted=False, place=place)  # no key either way
            message = f"{quote(text)} is an octal number to some readers of YAML"
            hint = f"write {int(text)}, or quote it if it is meant as text"
            self._problems.error(codes.MISLEADING, span, message, hint=hint)
        else:
            message = f"{quote(text)} is not a finite number of 64 bits"
            hint = "quote it if it is meant as text"
            self._problems.error(codes.BAD_NUMBER, span, message, hint=hint)
        return RefusedNode(span)

    def _quoted(self, text: str, place: Place) -> Node:
        found = REFUSED.search(text)
        if found is None:
            return ScalarNode(text, text, quoted=True, place=place)
        message = f"control character U+{ord(found.group()[0]):04X} is not accepted"
        self._problems.error(codes.CONTROL_CHARACTER, span_of(place), message)
        return RefusedNode(span_of(place))

    def _trimmed(self, span: Span) -> Span:
        """Return the span of a block scalar without the blank lines and the line after it."""
        last = span.end_line if span.end_column > 1 else span.end_line - 1
        while last > span.line and not self._source.lines[last - 1].strip():
            last -= 1
        return Span(span.file, span.line, span.column, last, len(self._source.lines[last - 1]) + 1)

    def _alias(self, event: yaml.AliasEvent) -> None:
        self._last = event
        span = self._mark(event)
        if not self._merging():
            hint = "write the value out, or name it: a selection, or a `list` document"
            message = f"alias {quote(f'*{event.anchor}')} is not accepted"
            self._problems.error(codes.ALIAS, span, message, hint=hint)
        self._children.append(RefusedNode(span))

    def _merging(self) -> bool:
        """Whether what comes next is the value of a merge key, which is refused as a whole."""
        key = self._children[-1] if len(self._children) % 2 else None
        merge = isinstance(key, ScalarNode) and key.text == "<<" and not key.quoted
        return merge and self._open[-1].mapping

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

    def _complete(self, _: yaml.DocumentEndEvent) -> None:
        self._finish(sound=True)

    def _finish(self, *, sound: bool) -> None:
        """Make a document of the root that was completed, if one was."""
        for root in self._children:
            text = self._source.whole_lines(root.span.line, root.span.end_line)
            self.documents.append(Document(root, text, sound))
        self._children = []

    def _refuse_key(self, key: Node, entries: dict[str, Entry]) -> None:
        """Report a key that is no text, is a merge, or is there already."""
        if isinstance(key, RefusedNode):
            return
        if not isinstance(key, ScalarNode):
            message = "a key is one word, not a collection"
            hint = "a blank follows the colon; quote what starts with a bracket"
            self._problems.error(codes.KEY_NOT_TEXT, key.span, message, hint=hint)
        elif not isinstance(key.value, str):
            name = quote(key.text or "null")
            message, hint = f"key {name} is not text", "quote it if it is meant as text"
            before = entries[next(reversed(entries))].value if entries else None
            if isinstance(before, ScalarNode) and key.text.isdigit() and before.text.isdigit():
                hint = f"a comma parts entries: write {before.text}{key.text}"
            self._problems.error(codes.KEY_NOT_TEXT, key.span, message, hint=hint)
        elif key.text in entries:
            first = Related(entries[key.text].key_span, "first defined here")
            message = f"key {quote(key.text)} is defined twice"
            hint = "keep one of the two, or write both into one"
            self._problems.error(codes.DUPLICATE_KEY, key.span, message, hint=hint, related=[first])
        else:
            message = "merge key `<<` is not accepted"
            self._problems.error(codes.MERGE_KEY, key.span, message, hint="write the keys out")


def _joined(first: Entry, second: Node) -> Entry:
    """Return the entry of a key that is there twice: what either names is not unknown as well."""
    if not isinstance(first.value, MappingNode) or not isinstance(second, MappingNode):
        return first
    return first._replace(
        value=first.value._replace(by_key={**second.by_key, **first.value.by_key})
    )


def _marks(event: yaml.Event) -> tuple[Mark, Mark]:
    """Return where an event starts and ends; libyaml always says."""
    return event.start_mark, event.end_mark  # type: ignore[return-value]


_HANDLERS: dict[type, Callable[[DocumentBuilder, Any], None]] = {
    yaml.SequenceStartEvent: DocumentBuilder._start,  # noqa: SLF001 - its own
    yaml.MappingStartEvent: DocumentBuilder._start,  # noqa: SLF001
    yaml.SequenceEndEvent: DocumentBuilder._end,  # noqa: SLF001
    yaml.MappingEndEvent: DocumentBuilder._end,  # noqa: SLF001
    yaml.AliasEvent: DocumentBuilder._alias,  # noqa: SLF001
    yaml.DocumentEndEvent: DocumentBuilder._complete,  # noqa: SLF001
}
"""What is done with an event that is no scalar; streams begin and end in silence."""
