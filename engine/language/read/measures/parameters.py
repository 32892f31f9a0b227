"""The parameters of a signal: the measure's own value and the keys around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from engine.language import codes
from engine.language.declared import number_of
from engine.language.diagnostic import Diagnostics
from engine.language.fields import FieldRef, FieldType
from engine.language.model.measure import Inner, Measure, Step
from engine.language.model.selection import EVERYTHING, Selection
from engine.language.read.field_key import ALL_FIELDS, field_named
from engine.language.read.mapping import (
    InvalidError,
    Keys,
    Read,
    Reading,
    Shaper,
    as_mapping,
    shaped,
    wrong_type,
)
from engine.language.read.measures.choice import measure_word
from engine.language.read.measures.steps import read_step
from engine.language.read.scalars import at_most, duration, integer, list_of
from engine.language.read.selection import Selections
from engine.language.read.window import WHOLE, Window, read_window
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode

M = TypeVar("M", bound=Measure | Inner)
MOST = 10**9
MOST_STEPS = 16
"""Selections of one measure: every one is a column or two that slide over all events."""
NUMERIC = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
_ANY_TYPE = frozenset(FieldType)
_OUTSIDE = frozenset({"span", "timespan", "window", "with"})
"""Keys of a measure over intervals, which the measure inside it does not have."""


class Parameters:
    """The mapping of one signal: the measure's own value and the keys around it."""

    def __init__(
        self,
        word: str,
        keys: Keys,
        selections: Selections,
        signals: Read[Measure],
        problems: Diagnostics,
    ) -> None:
        self._word = word
        self.keys = keys
        self._selections = selections
        self._signals = signals
        self._problems = problems

    def own(self) -> Reading[Selection]:
        """The selection that is the measure's value."""
        return self.keys.required(self._word, self._selections.read)

    def own_or_where(self) -> Reading[Selection]:
        """The same for a measure that needs none: as its value, or under `where`."""
        entry = self.keys.entry(self._word)
        if entry is None or is_nothing(entry.value):
            return self.selection("where")
        return self.keys.optional(self._word, self._selections.read, EVERYTHING, "where")

    def selection(self, key: str) -> Reading[Selection]:
        return self.keys.optional(key, self._selections.read, EVERYTHING)

    def field(self, types: frozenset[FieldType] = _ANY_TYPE) -> Reading[FieldRef]:
        """The field that is the measure's value."""

        def read(node: Node, problems: Diagnostics) -> FieldRef:
            return _field(node, types, self._word, self._declared, problems)

        return self.keys.required(self._word, shaped(partial(_fields_of, types))(read))

    def signal(self) -> Reading[Measure]:
        """The measure of the other signal that is the measure's value."""
        return self.keys.required(self._word, self._signals)

    @property
    def _declared(self) -> Mapping[str, FieldRef]:
        return self._selections.known.fields

    def window(self) -> Reading[Window]:
        return self.keys.optional("window", read_window, WHOLE, "timespan")

    def least(self, key: str, default: int) -> Reading[int]:
        return self.keys.optional(key, integer(1, MOST), default)

    def span(self, key: str) -> Reading[int]:
        """The length of an interval that slides; in a correlation, Sigma calls it `timespan`."""
        return self.keys.required(key, duration, "timespan")

    def window_alone(self) -> Reading[Window]:
        """The window of a measure that has a `span`."""
        return self.keys.optional("window", read_window, WHOLE)

    def selections(self) -> Reading[tuple[Selection, ...]]:
        """The list of selections that is the measure's value."""
        return self.keys.required(self._word, at_most(MOST_STEPS, list_of(self._selections.read)))

    def steps(
        self, check: Callable[[tuple[Step, ...], Node, Diagnostics], None] | None = None
    ) -> Reading[tuple[Step, ...]]:
        """The list of steps that is the measure's value, once `check` finds nothing wrong."""
        read_all = at_most(MOST_STEPS, list_of(partial(read_step, self._selections)))

        def read(node: Node, problems: Diagnostics) -> tuple[Step, ...]:
            steps = read_all(node, problems)
            if check is not None:
                check(steps, node, problems)
            return steps

        shape: dict[str, object] = {"type": "array", "items": {"$ref": "#/definitions/happening"}}
        return self.keys.required(self._word, shaped(shape)(read))

    def inner(self, readers: Readers[M]) -> Reading[M]:
        """The measure that is the measure's value: over an interval, without a window."""

        def read(node: Node, problems: Diagnostics) -> M:
            entries = as_mapping(node, problems, "a measure")
            self._check_outside(entries)
            word = measure_word(entries, readers, f"`{self._word}`", problems)
            keys = Keys(entries, f"`{word}`", problems)
            return readers[word](OfInterval(word, keys, self._selections, self._signals, problems))

        return self.keys.required(self._word, shaped({"$ref": "#/definitions/inner"})(read))

    def _check_outside(self, inner: MappingNode) -> None:
        """Refuse, inside, the keys that belong to the measure around it."""
        for entry in inner.entries:
            if entry.key in _OUTSIDE:
                message = f"`{entry.key}` stands beside `{self._word}`, not in it"
                self._problems.error(codes.UNKNOWN_KEY, entry.key_span, message)
        if any(entry.key in _OUTSIDE for entry in inner.entries):
            raise InvalidError

    def misfit(self, message: str) -> InvalidError:
        """Report that the measure's value does not go with it; return what to raise."""
        entry = self.keys.entry(self._word)
        if entry is not None:
            self._problems.error(codes.MEASURE_MISFIT, entry.value.span, message)
        return InvalidError()

    def too_short(self, key: str, message: str, hint: str) -> InvalidError:
        """Report that a length of time holds too little; return what to raise."""
        entry = self.keys.entry(key)
        if entry is not None:
            self._problems.error(codes.OUT_OF_RANGE, entry.value.span, message, hint=hint)
        return InvalidError()

    def nothing(self) -> None:
        """The measure takes no value: `members:` or `members: all`."""
        entry = self.keys.entry(self._word)
        node = entry.value if entry else None
        if node is not None and not is_nothing(node) and not _is_word(node, "all"):
            raise wrong_type(node, "no value", self._problems, f"write `{self._word}` alone")


class OfInterval(Parameters):
    """The same of a measure inside another one, which has the window."""

    def window(self) -> Reading[Window]:
        return Reading(WHOLE)


def is_nothing(node: Node) -> bool:
    """Whether a measure that needs no value has none: `gap_cv:` or `gap_cv: {}`."""
    if isinstance(node, MappingNode):
        return not node.entries
    return isinstance(node, ScalarNode) and node.value is None


def _is_word(node: Node, word: str) -> bool:
    return isinstance(node, ScalarNode) and node.value == word


def _fields_of(types: frozenset[FieldType], _: Shaper) -> dict[str, object]:
    fit = [name for name, ref in ALL_FIELDS.items() if ref.field.type in types]
    return {"anyOf": [{"enum": fit}, {"type": "string"}]}  # a declared one


def _field(
    node: Node,
    types: frozenset[FieldType],
    word: str,
    declared: Mapping[str, FieldRef],
    problems: Diagnostics,
) -> FieldRef:
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        raise wrong_type(node, "the name of a field", problems)
    ref = field_named(node.text, declared, node.span, problems)
    if ref.field.type is FieldType.ANY and types == NUMERIC:
        return number_of(ref)
    if ref.field.type not in types:
        message = f"`{word}` needs a field of numbers; `{ref}` is {ref.field.type.value}"
        problems.error(codes.MEASURE_MISFIT, node.span, message)
        raise InvalidError
    return ref


Readers = Mapping[str, Callable[[Parameters], M]]
"""How the measures of a family are read, by the word that the language has for them."""
