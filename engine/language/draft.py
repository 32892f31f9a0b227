"""A pack while it is being read: every document, sound or not, with its place in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.links import Links
from engine.language.model.pack import Exemption, FieldSet, Source
from engine.language.model.response import Response
from engine.language.model.terms import Addendum, Terms
from engine.language.read.addenda import read_addendum
from engine.language.read.exemptions import read_exemption
from engine.language.read.field_test import Lists, ReadList, Vocabulary
from engine.language.read.fields import known_fields, read_fields
from engine.language.read.links import read_links
from engine.language.read.lists import read_list
from engine.language.read.mapping import Reading, attempt, nearest, wrong_type
from engine.language.read.pack import PackDocument, read_pack
from engine.language.read.policy import ReadPolicy, read_policy
from engine.language.read.response import read_response
from engine.language.read.scalars import items
from engine.language.read.sources import read_source
from engine.language.read.terms import read_terms
from engine.language.span import Span
from engine.language.yaml_nodes import Document, MappingNode, Node, ScalarNode, locate

T = TypeVar("T")
C_co = TypeVar("C_co", covariant=True)
KINDS = (
    "pack", "terms", "addendum", "policy", "response", "links", "list", "exemption", "source",
    "fields",
)  # fmt: skip
"""The first keys of documents."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Stands for the nodes of a document that another process read, and kept."""

    span: Span
    named_at: Span
    parse: Callable[[], Node]


@dataclass(frozen=True, slots=True)
class Written(Generic[C_co]):
    """A document of the pack: its name, its text as nodes, and its model when it was sound."""

    name: str | None
    """None when the name itself could not be read."""
    root: Node | Elsewhere
    reading: Reading[C_co]

    @property
    def node(self) -> Node:
        """Its text as nodes."""
        return self.root.parse() if isinstance(self.root, Elsewhere) else self.root

    @property
    def start(self) -> Span:
        """Where it begins and ends."""
        return self.root.span

    def at(self, *path: str | int) -> Span:
        """Return the place of a value in the document."""
        return locate(self.node, *path)

    def at_item(self, key: str, text: str) -> Span:
        """Return the place of a text in the list under a key, or of the list."""
        entry = self.node.entry(key) if isinstance(self.node, MappingNode) else None
        if entry is None:
            return self.at()
        spans = (
            item.span
            for item in items(entry.value)
            if isinstance(item, ScalarNode) and item.text == text
        )
        return next(spans, entry.value.span)

    @property
    def named_at(self) -> Span:
        """Where the document's name stands."""
        if isinstance(self.root, Elsewhere):
            return self.root.named_at
        return self.node.entries[0].value.span if isinstance(self.node, MappingNode) else self.at()


@dataclass(frozen=True, slots=True)
class Draft:
    """All documents by kind, in the order of the files."""

    packs: tuple[Written[PackDocument], ...]
    terms: tuple[Written[Terms], ...]
    addenda: tuple[Written[Addendum], ...]
    policies: tuple[Written[ReadPolicy], ...]
    responses: tuple[Written[Response], ...]
    links: tuple[Written[Links], ...]
    lists: tuple[Written[ReadList], ...]
    exemptions: tuple[Written[Exemption], ...]
    sources: tuple[Written[Source], ...]
    fields: tuple[Written[FieldSet], ...]
    kept: dict[object, tuple[Any, ...]] = field(default_factory=dict, compare=False, repr=False)
    """What several checks look at, gathered once; see `checks.gathered`."""

    @property
    def kinds(self) -> dict[str, tuple[Written[object], ...]]:
        """The documents by the word for their kind."""
        return {
            "terms": self.terms,
            "addendum": self.addenda,
            "policy": self.policies,
            "response": self.responses,
            "links": self.links,
            "list": self.lists,
            "exemption": self.exemptions,
            "source": self.sources,
            "fields": self.fields,
        }


def sound(documents: Iterable[Written[T]]) -> Iterator[tuple[Written[T], T]]:
    """Yield the documents that could be read, with their models."""
    for written in documents:
        if not written.reading.failed:
            yield written, written.reading.value


ByKind = dict[str, list[Written[Any]]]
FIRST = ("list", "fields")
"""Kinds that the reading of others rests on."""


def read_draft(documents: Iterable[Document], problems: Diagnostics) -> Draft:
    """Read the documents of a pack; lists first, because selections hold their values."""
    by_kind = sort_by_kind(documents, problems)
    read, known = read_first(by_kind, problems)
    return draft_of(read | read_rest(by_kind, known, problems))


def sort_by_kind(
    documents: Iterable[Document], problems: Diagnostics
) -> Mapping[str, list[Document]]:
    """Return the documents of each kind; those of none are reported."""
    by_kind: dict[str, list[Document]] = {kind: [] for kind in KINDS}
    for document in documents:
        kind = kind_of(document, problems)
        if kind is not None:
            by_kind[kind].append(document)
    return by_kind


def read_first(
    by_kind: Mapping[str, list[Document]], problems: Diagnostics
) -> tuple[ByKind, Vocabulary]:
    """Read what others rest on, and return the words that it adds to the language."""
    lists = [_written(document, read_list, problems) for document in by_kind["list"]]
    fields = [_written(document, read_fields, problems) for document in by_kind["fields"]]
    declared = known_fields(((one.node, one.reading) for one in fields), problems)
    return {"list": lists, "fields": fields}, Vocabulary(_lists(lists), declared)


def read_rest(
    by_kind: Mapping[str, list[Document]], known: Vocabulary, problems: Diagnostics
) -> ByKind:
    """Read the documents of all other kinds."""
    readers: Mapping[str, Callable[[Document, Diagnostics], Any]] = {
        "pack": read_pack,
        "terms": read_terms,
        "addendum": read_addendum,
        "policy": lambda document, found: read_policy(document, known, found),
        "response": read_response,
        "links": read_links,
        "exemption": read_exemption,
        "source": lambda document, found: read_source(document, known.fields, found),
    }
    return {
        kind: [_written(document, read, problems) for document in by_kind[kind]]
        for kind, read in readers.items()
    }


def draft_of(read: ByKind) -> Draft:
    """Return the draft of documents by the word for their kind."""
    found = {kind: tuple(read[kind]) for kind in KINDS}
    return Draft(
        packs=found["pack"],
        terms=found["terms"],
        addenda=found["addendum"],
        policies=found["policy"],
        responses=found["response"],
        links=found["links"],
        lists=found["list"],
        exemptions=found["exemption"],
        sources=found["source"],
        fields=found["fields"],
    )


def _written(
    document: Document, reader: Callable[[Document, Diagnostics], T], problems: Diagnostics
) -> Written[T]:
    root = document.root
    label = root.entries[0].value if isinstance(root, MappingNode) else None
    name = label.value if isinstance(label, ScalarNode) else None
    if document.sound:
        reading = attempt(lambda _, found: reader(document, found), root, problems)
    else:
        reading = Reading(failed=True)
    return Written(name.strip() if isinstance(name, str) else None, root, reading)


def _lists(written: Iterable[Written[ReadList]]) -> Lists:
    return {
        document.name: None if document.reading.failed else document.reading.value
        for document in written
        if document.name is not None
    }


def kind_of(document: Document, problems: Diagnostics) -> str | None:
    """Return the kind that a document declares by its first key, None after reporting why not."""
    root = document.root
    if isinstance(root, ScalarNode) and root.value is None and not root.quoted:
        return None  # nothing but comments
    if not isinstance(root, MappingNode) or not root.entries:
        if document.sound:
            hint = f"its first key is one of: {', '.join(KINDS)}"
            if isinstance(root, MappingNode):
                problems.error(codes.EMPTY, root.span, "the document is empty", hint=hint)
            else:
                wrong_type(root, "a mapping", problems, hint)
        return None
    first = root.entries[0]
    if first.key in KINDS:
        return first.key
    late = next((entry.key for entry in root.entries if entry.key in KINDS), None)
    meant = nearest(first.key, KINDS)
    hint = f"one of: {', '.join(KINDS)}"
    if late is not None:
        hint = f"move `{late}` to the top: the first key says what a document is"
    elif meant is not None:
        hint = f"did you mean `{meant}`?"
    message = f"no kind of document starts with {quote(first.key)}"
    problems.error(codes.UNKNOWN_KIND, first.key_span, message, hint=hint)
    return None
