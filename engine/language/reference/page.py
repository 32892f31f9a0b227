"""The page itself: contents, documents, selections, measures, conditions, actions, fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.language import told
from engine.language.fields import (
    ACCOUNT_FIELDS,
    EXCHANGE_FIELDS,
    MODEL_FIELDS,
    Absent,
    Field,
    FieldType,
)
from engine.language.read.field_key import modifiers_of
from engine.language.read.measures import BARE
from engine.language.reference import measures as measured
from engine.language.reference import prose
from engine.language.reference.examples import CONDITION, DOCUMENTS, MEASURES, SELECTION
from engine.language.reference.values import default_words, value_words
from engine.language.schema import language_schema
from engine.language.words import ActionKind

_ELSEWHERE = {
    "condition": ("condition", "Conditions"),
    "comparison": ("comparison", "Conditions"),
    "findings": ("findings", "Conditions"),
    "strikes": ("strikes", "Conditions"),
    "selection": ("selection", "Selections"),
    "selections": ("selections by name", "Selections"),
    "happening": ("selection", "Selections"),
    "measure": ("measure", "Measures"),
    "inner": ("measure without a window", "Measures"),
    "action": ("action", "Actions"),
    "anchored-window": ("anchored window", "Measures"),
}
"""Definitions that have a chapter, not a place under a document: what they are called, and it."""
_OF_FIELDS = frozenset({"exchanges", "group-of-accounts"})
"""Mappings that take every field besides their own keys."""


def reference_text() -> str:
    """Return the reference of the language, as Markdown; the same text for the same language."""
    page = _Page(language_schema()["definitions"])
    chapters = {
        "Documents": page.documents(),
        "Selections": page.selections(),
        "Measures": page.measures(),
        "Conditions": page.conditions(),
        "Actions": page.actions(),
        "Canonical fields": page.fields(),
    }
    written = {title: list(lines) for title, lines in chapters.items()}
    contents = [line for title, lines in written.items() for line in _contents(title, lines)]
    body = [line for title, lines in written.items() for line in ("", f"## {title}", *lines)]
    return "\n".join([prose.OPENING, *contents, *body]) + "\n"


def _contents(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"- {_link(title)}"
    inner = [_link(line.removeprefix("### ")) for line in lines if line.startswith("### ")]
    if inner:
        yield f"  {' · '.join(inner)}"


def _link(title: str) -> str:
    return f"[{title}]({_anchor(title)})"


def _anchor(title: str) -> str:
    """Return what leads to a heading."""
    kept = (letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return f"#{''.join(kept).replace(' ', '-')}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', _BAR) for cell in row)} |"


_BAR = "\\|"


def _meanings(words: Mapping[str, Any]) -> Iterator[str]:
    rows = ((f"`{word}`", shape["description"]) for word, shape in words.items())
    yield from _table(("key", "meaning"), rows)


def _example(text: str) -> Iterator[str]:
    yield from ("", "```yaml", *text.rstrip().split("\n"), "```")


class _Page:
    """The chapters over the definitions of the language's schema."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._titles = self._named()
        """Those of the mappings inside documents, by their definitions."""

    def documents(self) -> Iterator[str]:
        for kind, meaning in prose.KINDS.items():
            yield from ("", f"### `{kind}`", "", meaning)
            yield from self._keys(kind)
            yield from _example(DOCUMENTS[kind])
            for inner, title in self._titles.items():
                if title.startswith(f"`{kind}`:"):
                    yield from ("", f"#### {title}")
                    yield from self._keys(inner)

    def _named(self) -> dict[str, str]:
        """Return a title for every mapping inside a document, by its definition."""
        found: dict[str, tuple[str, str]] = {}
        for kind in prose.KINDS:
            for inner, key in self._inside(kind):
                words = told.place(inner).rstrip("-0123456789").replace("-", " ")
                found.setdefault(inner, (f"`{kind}`: {words}", key))
        titles = [title for title, _ in found.values()]
        return {
            inner: title if titles.count(title) == 1 else f"{title} of `{key}`"
            for inner, (title, key) in found.items()
        }

    def _inside(self, definition: str) -> Iterator[tuple[str, str]]:
        """Yield the mappings that a definition refers to, and those inside them, with the key."""
        for key, shape in self._definitions[definition]["properties"].items():
            for inner in _references(shape):
                if inner not in _ELSEWHERE:
                    yield inner, key
                    yield from self._inside(inner)

    def _reference(self, definition: str) -> str:
        """Return the text for a definition that a value refers to: a link to where it stands."""
        if definition in _ELSEWHERE:
            words, chapter = _ELSEWHERE[definition]
            return f"[{words}](#{chapter.lower()})"
        title = self._titles[definition]
        return f"[{title.partition(': ')[2].partition(' of `')[0]}]({_anchor(title)})"

    def _keys(self, definition: str) -> Iterator[str]:
        shape = self._definitions[definition]
        properties = dict(shape["properties"])
        if definition in _OF_FIELDS:
            every = {*EXCHANGE_FIELDS, *ACCOUNT_FIELDS}
            properties = {key: one for key, one in properties.items() if key not in every}
        yield from self._described(properties, shape["required"])
        if definition in _OF_FIELDS:
            what = "accounts" if definition == "group-of-accounts" else "exchanges"
            yield from ("", f"Besides, any of the [fields of {what}](#fields-of-{what}).")

    def _described(self, properties: Mapping[str, Any], needed: Sequence[str]) -> Iterator[str]:
        """Yield a table of keys, without a column of defaults where there are none."""
        rows = [
            (
                _key(key, key in needed),
                value_words(shape, self._reference),
                default_words(shape),
                shape["description"],
            )
            for key, shape in properties.items()
        ]
        if any(default for _, _, default, _ in rows):
            yield from _table(("key", "value", "default", "meaning"), rows)
        elif rows:
            short = ((key, value, meaning) for key, value, _, meaning in rows)
            yield from _table(("key", "value", "meaning"), short)

    def selections(self) -> Iterator[str]:
        yield from ("", prose.SELECTIONS)
        words = self._definitions["selection"]["anyOf"][2]["properties"]
        yield from _table(
            ("key", "meaning"),
            ((f"`{word}`", shape["description"]) for word, shape in words.items()),
        )
        yield from _example(SELECTION)
        yield from ("", "### Modifiers", "", prose.MODIFIERS)
        rows = [
            (kind.value, ", ".join(f"`{one}`" for one in modifiers_of(kind))) for kind in FieldType
        ]
        yield from _table(("type of field", "modifiers"), rows)

    def measures(self) -> Iterator[str]:
        yield from ("", prose.MEASURES)
        meant = measured.measured()
        yield from ("", "#### An anchored window")
        yield from self._keys("anchored-window")
        for family, words in measured.by_family():
            yield from ("", f"### {family}")
            for word in words:
                yield from ("", f"#### `{word}`", "", measured.explained(meant[word]), "")
                bare = " May be written as the word alone." if word in BARE else ""
                yield f"Value: {measured.value_of(word, meant[word])}.{bare}"
                yield from self._parameters(word)
                yield from _example(f"{word}_signal: {MEASURES[word]}")

    def _parameters(self, word: str) -> Iterator[str]:
        shape = self._definitions[f"measure-{word}"]
        keys = {
            key: {**one, "description": _WHICH} if key == "window" else one
            for key, one in shape["properties"].items()
            if key != "timespan" and (key != word or word in shape["required"])
        }
        yield from self._described(keys, shape["required"])

    def conditions(self) -> Iterator[str]:
        yield from ("", prose.CONDITIONS)
        one = self._definitions["condition"]["anyOf"][0]["properties"]
        yield from _meanings(one)
        yield from _example(CONDITION)
        for definition, title in _OF_CONDITIONS.items():
            yield from ("", f"#### {title}")
            yield from self._keys(definition)

    def actions(self) -> Iterator[str]:
        yield from ("", prose.ACTIONS)
        kinds = self._definitions["action"]["anyOf"][1]["properties"]
        rows = []
        for kind in ActionKind:
            shape = kinds[kind.value]
            keys = [
                f"{_key(key, key in shape['required'])}: {value_words(one, self._reference)}"
                for key, one in shape["properties"].items()
            ]
            rows.append((f"`{kind.value}`", "; ".join(keys), shape["description"]))
        yield from _table(("action", "parameters", "meaning"), rows)

    def fields(self) -> Iterator[str]:
        yield from ("", prose.FIELDS)
        tables = {"exchanges": EXCHANGE_FIELDS, "accounts": ACCOUNT_FIELDS, "models": MODEL_FIELDS}
        for title, fields in tables.items():
            yield from ("", f"### Fields of {title}")
            heads = ("field", "type", "empty means", "meaning")
            yield from _table(heads, map(_field, fields.values()))


_WHICH = "which time counts"
_OF_CONDITIONS = {
    "comparison": "Comparisons of a signal",
    "findings": "`findings`",
    "strikes": "`strikes`",
}


def _key(key: str, required: bool) -> str:  # noqa: FBT001 - of a table
    return f"**`{key}`**" if required else f"`{key}`"


def _field(field: Field) -> tuple[str, str, str, str]:
    empty = "none" if field.absent is Absent.NONE else "" if field.required else "unknown"
    return (
        _key(field.name, field.required),
        field.type.value,
        empty,
        told.of("record", field.name),
    )


def _references(shape: Mapping[str, Any]) -> Iterator[str]:
    """Yield the definitions that a shape refers to, those of its options too."""
    if "$ref" in shape:
        yield shape["$ref"].rpartition("/")[2]
    for part in ("allOf", "anyOf"):
        for one in shape.get(part, ()):
            yield from _references(one)
    for part in ("items", "additionalProperties"):
        if isinstance(shape.get(part), Mapping):
            yield from _references(shape[part])
