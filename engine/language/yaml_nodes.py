"""YAML as frozen nodes with a place for every key and value.

Nodes are built from libyaml's events, not composed: events show anchors and tags, and their depth
can be limited before anything recurses. They are tuples, because a pack has very many of them; for
the same reason a span is made of the parser's marks only once somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from engine.language.span import Span
from engine.language.yaml_scalars import Plain


class Mark(Protocol):
    """A position as libyaml gives it: line and column, counted from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Marked(Protocol):
    """The text that marks are positions in."""

    def span_of(self, start: Mark, end: Mark) -> Span:
        """Return the span between two marks."""


class Between(NamedTuple):
    """A place from one mark to another."""

    text: Marked
    start: Mark
    end: Mark


class Upto(NamedTuple):
    """A place from a mark to where a node ends: a block collection ends with its last child."""

    text: Marked
    start: Mark
    last: Node


Place = Span | Between | Upto


def span_of(place: Place) -> Span:
    """Return the span of a place."""
    if isinstance(place, Between):
        return place.text.span_of(place.start, place.end)
    if isinstance(place, Span):
        return place
    start, last = place.text.span_of(place.start, place.start), place.last.span
    return Span(start.file, start.line, start.column, last.end_line, last.end_column)


class ScalarNode(NamedTuple):
    """A single value; `text` is what stands in the file, without quotes and escapes."""

    value: Plain
    text: str
    quoted: bool
    place: Place

    @property
    def span(self) -> Span:
        """Where it stands."""
        return span_of(self.place)


class SequenceNode(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    place: Place

    @property
    def span(self) -> Span:
        """Where it stands."""
        return span_of(self.place)


class Entry(NamedTuple):
    """A key of a mapping and its value."""

    key: str
    key_place: Place
    value: Node
    quoted: bool = False
    """Whether the key stands in quotes, so that offsets in it are not columns of the file."""

    @property
    def key_span(self) -> Span:
        """Where the key stands."""
        return span_of(self.key_place)


class MappingNode(NamedTuple):
    """A mapping: its entries by their keys, in the order written."""

    by_key: Mapping[str, Entry]
    place: Place

    @property
    def span(self) -> Span:
        """Where it stands."""
        return span_of(self.place)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries in the order written."""
        return tuple(self.by_key.values())

    def entry(self, key: str) -> Entry | None:
        """Return the entry of a key."""
        return self.by_key.get(key)


class RefusedNode(NamedTuple):
    """Stands for what was refused and reported already; readers pass over it in silence."""

    span: Span


Node = ScalarNode | SequenceNode | MappingNode | RefusedNode


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document of a file."""

    root: Node
    text: str
    """Its lines, from the first line of its root to the last."""
    sound: bool = True
    """False when the parser stopped inside it: what follows the break is missing."""


def locate(node: Node, *path: str | int) -> Span:
    """Return the span at a path of keys and positions, of the deepest node that exists.

    Position 0 of what is not a list is the thing itself, as where an author left out the brackets.
    """
    for step in path:
        if isinstance(node, MappingNode) and isinstance(step, str):
            entry = node.entry(step)
            if entry is None:
                break
            node = entry.value
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        elif step != 0:
            break
    return node.span
