"""Typed reading of positioned nodes: every fault is reported where it stands, and reading goes on.

A reader is a function from a node to a value; it reports what is wrong and raises `InvalidError`.
`attempt` turns that into a `Reading`, which gives the value later or raises again in silence. So a
document's keys are all read, all their faults reported, and only then is the model built, or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Generic, NamedTuple, TypeVar

from engine.language import codes, other_words, told
from engine.language.diagnostic import Diagnostics, Related, quote
from engine.language.yaml_nodes import (
    Entry,
    MappingNode,
    Node,
    RefusedNode,
    ScalarNode,
    SequenceNode,
)

T = TypeVar("T")
D = TypeVar("D")
C_co = TypeVar("C_co", covariant=True)
Read = Callable[[Node, Diagnostics], T]
F = TypeVar("F", bound=Callable[..., Any])
Shaper = Callable[[Read[Any]], dict[str, Any]]
"""Tells the shape of a reader."""
Asked = dict[str, tuple[Read[Any] | None, bool, object]]
"""The keys of a mapping that a reader knows: how each is read, whether it must be there, and what
stands for it where it is not."""


def shaped(shape: Mapping[str, object] | Callable[[Shaper], object]) -> Callable[[F], F]:
    """Say what a reader takes, as JSON Schema, for the editors that authors write in.

    A shape that is made of those of other readers is a function, which gets what tells those.
    A reader without a shape is tried with values of each type instead.
    """

    def mark(read: F) -> F:
        read.shape = shape  # type: ignore[attr-defined]
        return read

    return mark


class InvalidError(Exception):
    """A node was found wrong and reported, or rests on one that was."""


class Reading(NamedTuple, Generic[C_co]):
    """What came of reading a node."""

    result: C_co | None = None
    failed: bool = False

    @property
    def value(self) -> C_co:
        """The value; InvalidError when there is none."""
        if self.failed:
            raise InvalidError
        return self.result  # type: ignore[return-value] # it is one when nothing failed


_FAILED: Reading[Any] = Reading(failed=True)
_tuple = tuple.__new__
"""Makes a named tuple in half the time that its class takes; a large pack has very many."""


def attempt(read: Read[T], node: Node, problems: Diagnostics) -> Reading[T]:
    """Read a node, keeping a failure for later."""
    if type(node) is RefusedNode:
        return _FAILED
    try:
        return _tuple(Reading, (read(node, problems), False))
    except InvalidError:
        return _FAILED


def describe(node: Node) -> str:
    """Name the type of a node as an author would."""
    match node:
        case MappingNode():
            return "a mapping"
        case SequenceNode():
            return "a list"
        case ScalarNode(value=None):
            return "nothing"
        case ScalarNode(value=bool()):
            return "true or false"
        case ScalarNode(value=int() | float()):
            return "a number"
    return "text"


def suggested(where: str, word: str, known: Iterable[str], *, listed: int = 16) -> str | None:
    """Return a hint: what another language calls by the word, else what `suggestion` does."""
    meant = other_words.meant(where, word)
    return f"write `{meant}`" if meant else suggestion(word, known, listed=listed)


def wrong_type(
    node: Node, expected: str, problems: Diagnostics, hint: str | None = None
) -> InvalidError:
    """Report a value of the wrong type and return the exception to raise."""
    if not isinstance(node, RefusedNode):
        message = f"expected {expected}, found {describe(node)}"
        problems.error(codes.WRONG_TYPE, node.span, message, hint=hint)
    return InvalidError()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that the author most likely meant."""
    folded = {candidate.casefold().replace("-", "_"): candidate for candidate in known}
    wanted = word[:80].casefold().replace("-", "_")
    close = get_close_matches(wanted, sorted(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def suggestion(word: str, known: Iterable[str], *, listed: int = 16) -> str | None:
    """Return a hint: the word that was meant, or all the words there are when they are few."""
    names = list(known)
    found = nearest(word, names)
    if found is not None:
        return f"did you mean `{found}`?"
    if not names or len(names) > listed:
        return None
    return f"one of: {', '.join(names)}"


def as_mapping(
    node: Node, problems: Diagnostics, expected: str = "a mapping", hint: str | None = None
) -> MappingNode:
    """Return the node when it is a mapping."""
    if isinstance(node, MappingNode):
        return node
    raise wrong_type(node, expected, problems, hint)


_UNREAD = (None, False, None)


_SEVERAL = 3
"""From so many missing keys on, one diagnostic names them all."""


class Keys:
    """The keys of one mapping, read one by one; `finish` reports those that nobody asked for."""

    __slots__ = ("_asked", "_entries", "_many", "_missing", "_node", "_problems", "_what")

    def __init__(
        self, node: Node, what: str, problems: Diagnostics, *, example: str | None = None
    ) -> None:
        """Begin with a mapping; of anything else, say what it is made of, or an example of it."""
        if not isinstance(node, MappingNode):
            raise wrong_type(node, "a mapping", problems, example or _made_of(what))
        self._node = node
        self._what = what
        self._problems = problems
        self._entries = self._node.by_key
        self._asked: Asked = {}
        self._many: Mapping[str, Read[Any]] = {}
        self._missing: list[str] = []

    def entry(self, *names: str) -> Entry | None:
        """Return the entry under one of a key's spellings; two of them at once are reported."""
        self.mention(names)
        found = [self._entries[name] for name in names if name in self._entries]
        for other in found[1:]:
            message = f"{quote(other.key)} says the same as {quote(found[0].key)}"
            related = [Related(found[0].key_span, "written here too")]
            hint = "keep one of the two"
            self._problems.error(
                codes.EXCLUSIVE, other.key_span, message, hint=hint, related=related
            )
        return found[0] if found else None

    def mention(self, names: Iterable[str]) -> None:
        """Know of keys that may be there and are read elsewhere, if at all."""
        for name in names:
            if name not in self._asked:
                self._asked[name] = _UNREAD

    def has(self, name: str) -> bool:
        """Whether the mapping has the key."""
        return name in self._entries

    def required(self, name: str, read: Read[T], *spellings: str) -> Reading[T]:
        """Read a key that must be there."""
        self._asked[name] = (read, not spellings, None)
        entry = self._spelled(name, *spellings) if spellings else self._entries.get(name)
        if entry is not None:
            return attempt(read, entry.value, self._problems)
        self._missing.append(name)
        return Reading(failed=True)

    def optional(self, name: str, read: Read[T], default: D, *spellings: str) -> Reading[T | D]:
        """Read a key that may be left out."""
        self._asked[name] = (read, False, default)
        entry = self._spelled(name, *spellings) if spellings else self._entries.get(name)
        if entry is None:
            return _tuple(Reading, (default, False))
        return attempt(read, entry.value, self._problems)

    def known(self, asked: Asked, many: Mapping[str, Read[Any]]) -> None:
        """Read those that are there of the keys that may be, each for what it reports."""
        self._asked.update(asked)
        self._many = many
        for name, entry in self._entries.items():
            own = asked[name][0] if name in asked else None
            for read in (own, many.get(name)):
                if read is not None:
                    attempt(read, entry.value, self._problems)

    def _spelled(self, name: str, *spellings: str) -> Entry | None:
        self._asked.update(dict.fromkeys(spellings, self._asked[name]))
        return self.entry(name, *spellings)

    def finish(self) -> None:
        """Report the keys that nobody asked for, and those that are missing.

        InvalidError for a key that is not known: without it the mapping says something else, and
        whatever else were found wrong with that would only follow from it.
        """
        self._problems.understood(self._what, self._asked, self._many)
        asked, many = self._asked, self._many
        unknown = [self._entries[key] for key in self._entries.keys() - asked if key not in many]
        if unknown:
            self._report_unknown(unknown)
        if self._missing:
            self._report_missing()
        self._asked = {}  # what reads a key mostly knows these keys: a cycle
        if unknown:
            raise InvalidError

    def _report_unknown(self, unknown: Iterable[Entry]) -> None:
        """Report keys; none is missing as well that one of them was meant to be."""
        known = [*self._asked, *self._many]
        for entry in unknown:
            message = f"{self._what} has no key {quote(entry.key)}"
            hint = self._outside(entry) or self._hint(entry.key, known)
            self._problems.error(codes.UNKNOWN_KEY, entry.key_span, message, hint=hint)
            meant = self._meant(entry.key) or nearest(entry.key, known)
            if meant in self._missing:
                self._missing.remove(meant)

    def _report_missing(self) -> None:
        span = self._node.entries[0].key_span if self._node.entries else self._node.span
        where, missing = told.place(self._what), self._missing
        if len(missing) > _SEVERAL:
            names = ", ".join(quote(name) for name in missing)
            message = f"{self._what} needs the keys {names}"
            hint = f"`{where}: …` stands first, and then these" if where in self._asked else None
            self._problems.error(codes.MISSING_KEY, span, message, hint=hint)
            return
        for name in missing:
            message = f"{self._what} needs the key {quote(name)}"
            purpose = told.of(where, name) or told.of("measure", name)
            hint = f"`{name}`: {purpose}" if purpose else None
            self._problems.error(codes.MISSING_KEY, span, message, hint=hint)

    def _hint(self, key: str, known: list[str]) -> str | None:
        meant = self._meant(key)
        if meant is None:
            return suggestion(key, known)
        purpose = told.of(told.place(self._what), meant)
        return f"that is `{meant}` here: {purpose}" if purpose else f"that is `{meant}` here"

    def _meant(self, key: str) -> str | None:
        """Return the key that another language would call by this word."""
        return other_words.meant(told.place(self._what), key)

    def _outside(self, entry: Entry) -> str | None:
        """Say so of a key that stands beside the one before it, and was meant to be in it."""
        entries = list(self._entries.values())
        before = entries[entries.index(entry) - 1]
        empty = isinstance(before.value, ScalarNode) and before.value.value is None
        if before.key in self._asked and empty and before.key_span < entry.key_span:
            return f"indent it, if it belongs to `{before.key}`"
        return None


def _made_of(what: str) -> str | None:
    """Say what keys a kind of mapping has."""
    keys = told.KEYS.get(told.place(what), {})
    return f"a mapping with the keys: {', '.join(keys)}" if keys else None
