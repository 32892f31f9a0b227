"""The signals of a policy: measures by name, of which one may refer to another."""

from __future__ import annotations

from functools import partial

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.measure import Measure
from engine.language.model.policy import Signal
from engine.language.read.condition import WORDS
from engine.language.read.mapping import (
    InvalidError,
    Keys,
    Reading,
    attempt,
    suggestion,
    wrong_type,
)
from engine.language.read.measures import read_measure
from engine.language.read.scalars import NAME_HINT, is_name
from engine.language.read.selection import Selections
from engine.language.yaml_nodes import Entry, MappingNode, Node, ScalarNode


class Signals:
    """Reads the signals of one policy, each once; what one refers to is read before it."""

    def __init__(self, selections: Selections, problems: Diagnostics) -> None:
        self._selections = selections
        self._problems = problems
        self._entries: dict[str, Entry] = {}
        self._measures: dict[str, Reading[Measure]] = {}
        self._reading: list[str] = []
        self.used: set[str] = set()
        """Names that another signal refers to."""

    def read(self, keys: Keys) -> dict[str, Reading[Signal]] | None:
        """Read all, failed ones included: a condition on one of those is not a fault too.

        None where they are written in a way that leaves their names unknown.
        """
        entry = keys.entry("signals")
        if entry is None:
            return {}
        node = entry.value
        if not isinstance(node, MappingNode):
            hint = "such as `events: {count: all, window: 7d}`, indented"
            wrong_type(node, "a mapping of names to measures", self._problems, hint)
            return None
        self._entries = {inner.key: inner for inner in node.entries}
        return {
            inner.key: attempt(partial(self._signal, inner), inner.value, self._problems)
            for inner in node.entries
        }

    def referred(self, node: Node, problems: Diagnostics) -> Measure:
        """Read the name of a signal and return its measure; InvalidError, reported, without one."""
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
            instead = "write the measure as a signal of its own, and its name here"
            raise wrong_type(node, "the name of another signal", problems, instead)
        name = node.value
        if name not in self._entries:
            hint = suggestion(name, self._entries)
            problems.error(
                codes.UNKNOWN_SIGNAL, node.span, f"unknown signal {quote(name)}", hint=hint
            )
            raise InvalidError
        self.used.add(name)
        if name in self._reading:
            loop = " → ".join([*self._reading[self._reading.index(name) :], name])
            message = f"signal {quote(name)} is compared with itself: {quote(loop)}"
            hint = "name the signal whose value is compared with that of peers"
            problems.error(codes.SIGNAL_CYCLE, node.span, message, hint=hint)
            raise InvalidError
        return self._measure(name).value

    def _measure(self, name: str) -> Reading[Measure]:
        if name not in self._measures:
            self._reading.append(name)
            node = self._entries[name].value
            self._measures[name] = attempt(self._read_measure, node, self._problems)
            self._reading.pop()
        return self._measures[name]

    def _read_measure(self, node: Node, problems: Diagnostics) -> Measure:
        return read_measure(node, self._selections, self.referred, problems)

    def _signal(self, entry: Entry, _: Node, problems: Diagnostics) -> Signal:
        measure = self._measure(entry.key)
        if entry.key in WORDS:
            message = f"{quote(entry.key)} is a word of conditions, not a name"
            hint = f"another name, such as `{entry.key}_events`"
            problems.error(codes.RESERVED_NAME, entry.key_span, message, hint=hint)
            raise InvalidError
        if not is_name(entry.key):
            message = f"{quote(entry.key)} is not a name"
            problems.error(codes.BAD_NAME, entry.key_span, message, hint=NAME_HINT)
            raise InvalidError
        return Signal(entry.key, measure.value, entry.key_span)
