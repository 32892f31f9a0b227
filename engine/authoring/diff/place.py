"""The place in two packs that is being compared, and what is known there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.authoring.diff.change import Change, Kind, Leaning, Path
from engine.authoring.diff.words import label
from engine.language.model.pack import Exemption, NamedList, Pack, Source
from engine.language.model.policy import Policy
from engine.language.model.response import Response
from engine.language.model.terms import Addendum, Clause, Terms
from engine.language.span import NOWHERE, Span

Named = Mapping[bytes, tuple[str, ...]]
"""By the canonical bytes of a selection: the names it has in `select`, in the order written."""

_WORDS: Mapping[type, frozenset[str]] = {
    Pack: frozenset({"name", "version", "owners"}),
    Policy: frozenset(
        {"title", "version", "owner", "references", "explain", "tests"},
    ),
    Response: frozenset({"title"}),
    NamedList: frozenset({"owner", "source", "reviewed"}),
    Exemption: frozenset({"reason", "owner", "approved_by"}),
    Source: frozenset({"title"}),
    Terms: frozenset({"title"}),
    Addendum: frozenset({"title"}),
    Clause: frozenset({"section", "summary", "url"}),
}
"""Fields from which no decision follows; any other field may decide."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What both packs, and both versions of a policy, call things."""

    renamed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The new name of a document by its kind and its old name."""
    changed_lists: frozenset[str] = frozenset()
    """Lists, by their new names, whose values differ: they are told of once, as lists."""
    old_names: Named = field(default_factory=dict)
    new_names: Named = field(default_factory=dict)

    def now(self, kind: str, name: str) -> str:
        """Return what a document of the old pack is called in the new one."""
        return self.renamed.get((kind, name), name)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that both packs have."""

    path: Path
    old_at: Span | None
    new_at: Span | None
    scope: Scope = field(default_factory=Scope)
    said: str = ""
    """The place in words, within its document."""
    decides: bool = True
    wanted: bool | None = None
    """Within a condition: whether that it holds brings the finding about, or its failing does."""

    def at(self, old: object, new: object) -> Place:
        """Return the place with the spans of the nodes that stand there, if they have any."""
        return replace(self, old_at=span_of(old) or self.old_at, new_at=span_of(new) or self.new_at)

    def at_key(self, old: object, new: object, name: str) -> Place:
        """Return the place with the lines on which two documents write a field, if they show."""
        return replace(
            self, old_at=_line(old, name) or self.old_at, new_at=_line(new, name) or self.new_at
        )

    def inside(self, part: str, said: str | None = None) -> Place:
        """Return a place within this one; `said` replaces the words of the place."""
        return replace(self, path=(*self.path, part), said=self.said if said is None else said)

    def field(self, node: object, name: str) -> Place:
        """Return the place of a field of a node."""
        decides = self.decides and name not in _WORDS.get(type(node), frozenset())
        said = f"{self.said}, {label(name)}" if self.said else label(name)
        return replace(self.inside(name, said), decides=decides)

    def change(
        self,
        kind: Kind,
        words: str,
        old: object = None,
        new: object = None,
        leaning: Leaning | None = None,
    ) -> Change:
        """Return a difference at this place; `words` stand after those of the place."""
        told = f"{self.said}: {words}" if self.said else words
        old_at = None if kind is Kind.ADDED and len(self.path) == _DOCUMENT else self.old_at
        new_at = None if kind is Kind.REMOVED and len(self.path) == _DOCUMENT else self.new_at
        decides = self.decides and kind is not Kind.REWRITTEN
        return Change(self.path, kind, told, old, new, old_at, new_at, decides, leaning)


_DOCUMENT = 2
"""Parts of the path of a document."""


def span_of(node: object) -> Span | None:
    """Return where a node is written, None for what has no place of its own."""
    span = getattr(node, "span", None)
    return span if isinstance(span, Span) and span != NOWHERE else None


def _line(document: object, name: str) -> Span | None:
    """Return the line of a key in the text of a document: plain values have no spans."""
    text, span = getattr(document, "text", None), span_of(document)
    found = re.search(rf"^{name}:", text, re.MULTILINE) if isinstance(text, str) and span else None
    if text is None or span is None or found is None:
        return None
    line = span.line + text.count("\n", 0, found.start())
    return Span(span.file, line, 1, line, 1 + len(name))


def leaning(*, stricter: bool | None, wanted: bool | None) -> Leaning | None:
    """Return what it means that a condition, or part of one, holds for fewer (or for more)."""
    if stricter is None or wanted is None:
        return None
    return Leaning.TIGHTENED if stricter is wanted else Leaning.LOOSENED
