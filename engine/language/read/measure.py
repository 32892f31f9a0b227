"""Signals: a measure and its parameters."""

from __future__ import annotations

from collections.abc import Callable

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.fields import FieldRef, FieldType
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, Selection
from engine.language.read.field_key import field_named
from engine.language.read.mapping import (
    InvalidError,
    Keys,
    Reading,
    nearest,
    suggestion,
    wrong_type,
)
from engine.language.read.scalars import decimal, duration, integer, name, one_of
from engine.language.read.selection import Selections
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode

_MOST = 10**9
_NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
_ANY_TYPE = frozenset(FieldType)
_SHAPES = {"prompt": "prompt_shape", "system_prompt": "system_shape"}


class _Parameters:
    """The mapping of one signal: the measure's own value and the keys around it."""

    def __init__(
        self, word: str, keys: Keys, selections: Selections, problems: Diagnostics
    ) -> None:
        self._word = word
        self.keys = keys
        self._selections = selections
        self._problems = problems

    def own(self) -> Reading[Selection]:
        """The selection that is the measure's value."""
        return self.keys.required(self._word, self._selections.read)

    def own_or_where(self) -> Reading[Selection]:
        """The same for a measure that needs none: as its value, or under `where`."""
        entry = self.keys.entry(self._word)
        if entry is None or _is_nothing(entry.value):
            return self.selection("where")
        return self.keys.optional(self._word, self._selections.read, EVERYTHING, "where")

    def selection(self, key: str) -> Reading[Selection]:
        return self.keys.optional(key, self._selections.read, EVERYTHING)

    def field(self, types: frozenset[FieldType] = _ANY_TYPE) -> Reading[FieldRef]:
        """The field that is the measure's value."""
        return self.keys.required(
            self._word, lambda node, problems: _field(node, types, self._word, problems)
        )

    def window(self) -> Reading[int | None]:
        return self.keys.optional("window", duration, None, "timespan")

    def least(self, key: str, default: int) -> Reading[int]:
        return self.keys.optional(key, integer(1, _MOST), default)

    def nothing(self) -> None:
        """The measure takes no value: `members:` or `members: all`."""
        entry = self.keys.entry(self._word)
        node = entry.value if entry else None
        if node is not None and not _is_nothing(node) and not _is_word(node, "all"):
            raise wrong_type(node, "no value", self._problems, f"write `{self._word}` alone")


def _is_nothing(node: Node) -> bool:
    """Whether a measure that needs no value has none: `gap_cv:` or `gap_cv: {}`."""
    if isinstance(node, MappingNode):
        return not node.entries
    return isinstance(node, ScalarNode) and node.value is None


def _is_word(node: Node, word: str) -> bool:
    return isinstance(node, ScalarNode) and node.value == word


def _field(node: Node, types: frozenset[FieldType], word: str, problems: Diagnostics) -> FieldRef:
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        raise wrong_type(node, "the name of a field", problems)
    ref = field_named(node.text, node.span, problems)
    if ref.field.type not in types:
        message = f"`{word}` needs a field of numbers; `{ref}` is {ref.field.type.value}"
        problems.error(codes.MEASURE_MISFIT, node.span, message)
        raise InvalidError
    return ref


def _count(p: _Parameters) -> m.Measure:
    where, window = p.own(), p.window()
    p.keys.finish()
    return m.Count(where=where.value, window_us=window.value)


def _share(p: _Parameters) -> m.Measure:
    where, of, min_of, window = p.own(), p.selection("of"), p.least("min_of", 1), p.window()
    p.keys.finish()
    return m.Share(where=where.value, of=of.value, min_of=min_of.value, window_us=window.value)


def _total(
    kind: type[m.Sum | m.Mean | m.Minimum | m.Maximum],
) -> Callable[[_Parameters], m.Measure]:
    def read(p: _Parameters) -> m.Measure:
        field, where, window = p.field(_NUMBERS), p.selection("where"), p.window()
        p.keys.finish()
        return kind(field=field.value, where=where.value, window_us=window.value)

    return read


def _distinct(p: _Parameters) -> m.Measure:
    field, where, window = p.field(), p.selection("where"), p.window()
    p.keys.finish()
    return m.Distinct(field=field.value, where=where.value, window_us=window.value)


def _spread(kind: type[m.TopShare | m.Entropy]) -> Callable[[_Parameters], m.Measure]:
    def read(p: _Parameters) -> m.Measure:
        field, where, window = p.field(), p.selection("where"), p.window()
        min_of = p.least("min_of", 1)
        p.keys.finish()
        return kind(
            field=field.value, where=where.value, min_of=min_of.value, window_us=window.value
        )

    return read


def _same_shape(p: _Parameters) -> m.Measure:
    shaped = p.keys.required("same_shape", one_of(_SHAPES, "templated field"))
    where, window, min_of = p.selection("where"), p.window(), p.least("min_of", 1)
    p.keys.finish()
    return m.TopShare(
        field=FieldRef(_SHAPES[shaped.value]),
        where=where.value,
        min_of=min_of.value,
        window_us=window.value,
    )


def _busiest(p: _Parameters) -> m.Measure:
    where, span, window = p.own(), p.keys.required("span", duration), p.window()
    p.keys.finish()
    return m.Busiest(where=where.value, span_us=span.value, window_us=window.value)


def _gap_cv(p: _Parameters) -> m.Measure:
    where, window = p.own_or_where(), p.window()
    # Two gaps are the fewest that have a deviation.
    min_events = p.keys.optional("min_events", integer(3, _MOST), 3)
    p.keys.finish()
    return m.GapCv(where=where.value, min_events=min_events.value, window_us=window.value)


def _size(kind: type[m.Members | m.Payers | m.Organisations]) -> Callable[[_Parameters], m.Measure]:
    def read(p: _Parameters) -> m.Measure:
        p.nothing()
        p.keys.finish()
        return kind()

    return read


def _carriers(p: _Parameters) -> m.Measure:
    where, window = p.own(), p.window()
    share = p.keys.optional("at_least_share", decimal(0, 1), 0.0)
    p.keys.finish()
    return m.Carriers(where=where.value, at_least_share=share.value, window_us=window.value)


def _partition_index(p: _Parameters) -> m.Measure:
    field, where, window = p.field(), p.selection("where"), p.window()
    p.keys.finish()
    return m.PartitionIndex(field=field.value, where=where.value, window_us=window.value)


def _shared(p: _Parameters) -> m.Measure:
    field, window = p.field(), p.window()
    p.keys.finish()
    return m.Shared(field=field.value, window_us=window.value)


def _approval(p: _Parameters) -> m.Measure:
    approval = p.keys.required("approval", name)
    p.keys.finish()
    return m.Approved(approval=approval.value)


MEASURES: dict[str, Callable[[_Parameters], m.Measure]] = {
    "count": _count,
    "share": _share,
    "sum": _total(m.Sum),
    "mean": _total(m.Mean),
    "min": _total(m.Minimum),
    "max": _total(m.Maximum),
    "distinct": _distinct,
    "top_share": _spread(m.TopShare),
    "entropy": _spread(m.Entropy),
    "same_shape": _same_shape,
    "busiest": _busiest,
    "gap_cv": _gap_cv,
    "members": _size(m.Members),
    "payers": _size(m.Payers),
    "organisations": _size(m.Organisations),
    "accounts": _carriers,
    "partition_index": _partition_index,
    "shared": _shared,
    "approval": _approval,
}
"""The measures by the word that the language has for them."""

BARE: dict[str, m.Measure] = {
    "count": m.Count(where=EVERYTHING),
    "gap_cv": m.GapCv(),
    "members": m.Members(),
    "payers": m.Payers(),
    "organisations": m.Organisations(),
}
"""Measures that may be written as the word alone."""


def read_measure(node: Node, selections: Selections, problems: Diagnostics) -> m.Measure:
    """Read the right side of a signal; InvalidError, reported, when it makes no sense."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare(node, problems)
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a measure", problems, "such as `{count: all, window: 7d}`")
    words = [entry for entry in node.entries if entry.key in MEASURES]
    if not words:
        raise _no_measure(node, problems)
    for second in words[1:]:
        message = f"a signal is one measure; {quote(words[0].key)} is there already"
        problems.error(codes.EXCLUSIVE, second.key_span, message)
    if words[1:]:
        raise InvalidError
    word = words[0].key
    keys = Keys(node, f"`{word}`", problems)
    return MEASURES[word](_Parameters(word, keys, selections, problems))


def _bare(node: ScalarNode, problems: Diagnostics) -> m.Measure:
    if node.text in BARE:
        return BARE[node.text]
    if node.text in MEASURES:
        message = f"`{node.text}` needs a value"
        hint: str | None = f"write `{{{node.text}: …, window: 7d}}`"
        problems.error(codes.MISSING_KEY, node.span, message, hint=hint)
    else:
        message = f"unknown measure {quote(node.text)}"
        hint = suggestion(node.text, MEASURES, listed=len(MEASURES))
        problems.error(codes.UNKNOWN_MEASURE, node.span, message, hint=hint)
    raise InvalidError


def _no_measure(node: MappingNode, problems: Diagnostics) -> InvalidError:
    """Report a signal without a measure, at the key that was most likely meant as one."""
    for entry in node.entries:
        meant = nearest(entry.key, MEASURES)
        if meant is not None:
            message, hint = f"unknown measure {quote(entry.key)}", f"did you mean `{meant}`?"
            problems.error(codes.UNKNOWN_MEASURE, entry.key_span, message, hint=hint)
            return InvalidError()
    span = node.entries[0].key_span if node.entries else node.span
    hint = f"one of: {', '.join(MEASURES)}"
    problems.error(codes.UNKNOWN_MEASURE, span, "the signal has no measure", hint=hint)
    return InvalidError()
