"""YAML as frozen nodes with a span on every key and value.

Nodes are built from libyaml's events, not composed: events show anchors and tags, and their depth
can be limited before anything recurses. They are tuples, because a pack has very many of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.language.span import Span
from engine.language.yaml_scalars import Plain


class ScalarNode(NamedTuple):
    """A single value; `text` is what stands in the file, without quotes and escapes."""

    value: Plain
    text: str
    quoted: bool
    span: Span


class SequenceNode(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    span: Span


class Entry(NamedTuple):
    """A key of a mapping and its value."""

    key: str
    key_span: Span
    value: Node
    quoted: bool = False
    """Whether the key stands in quotes, so that offsets in it are not columns of the file."""


class MappingNode(NamedTuple):
    """A mapping, its keys unique and in the order written."""

    entries: tuple[Entry, ...]
    span: Span

    def entry(self, key: str) -> Entry | None:
        """Return the entry of a key."""
        return next((entry for entry in self.entries if entry.key == key), None)


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
    span = node.span
    for step in path:
        if isinstance(node, MappingNode) and isinstance(step, str):
            entry = node.entry(step)
            if entry is None:
                return span
            node, span = entry.value, entry.value.span
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            span = node.span
        elif step != 0:
            return span
    return span
