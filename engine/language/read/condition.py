"""Conditions of policies and responses."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

from engine.language import codes, other_words
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.measure import Approved
from engine.language.model.policy import Signal
from engine.language.read.mapping import (
    InvalidError,
    Keys,
    Read,
    attempt,
    shaped,
    suggested,
    suggestion,
    wrong_type,
)
from engine.language.read.measures import BARE
from engine.language.read.scalars import (
    decimal,
    distinct,
    duration,
    integer,
    list_of,
    name,
    word,
)
from engine.language.span import Span
from engine.language.words import OPERATORS, ActionKind, Axis, Behaviour, Operator, Severity
from engine.language.yaml_nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode

MAX_DEPTH = 32
LARGEST = 1e15
MOST_STRIKES = 10**6
_THRESHOLD = decimal(-LARGEST, LARGEST)
_BEHAVIOURS = distinct(list_of(word(Behaviour), single=True))
_AXES = distinct(list_of(word(Axis), single=True))
_SEVERITY = word(Severity)
WORDS = frozenset({"all", "any", "not", "finding", "findings", "strikes", "approval"})
"""Keys of conditions, which no signal may have as its name."""
_COMPARISON = re.compile(r"(?P<signal>\w[\w-]*)\s*(?P<sign>[<>=!]=?|≥|≤)\s*(?P<number>[\d.]*)")
"""A comparison in signs, as other languages write it."""
_LOGIC = frozenset({"all", "any", "not"})


class Conditions:
    """Reads the conditions of one document.

    `signals` are the names that may be compared. `approvals` collects the signals that conditions
    such as `approval: red_team` add; None where approvals cannot be asked for, in a response.
    Where signals stand `alone`, it says so to whoever asks for findings or strikes. `selections`
    are names that may be taken for those of signals.
    """

    def __init__(
        self,
        signals: Iterable[str],
        approvals: dict[str, Signal] | None,
        alone: str = "",
        selections: Collection[str] = (),
    ) -> None:
        self._alone = alone
        self._selections = selections
        self._signals = dict.fromkeys(signals)
        self._approvals = approvals
        self._depth = 0

    @shaped({"$ref": "#/definitions/condition"})
    def read(self, node: Node, problems: Diagnostics) -> Condition:
        """Read a condition; InvalidError, reported, when it makes no sense."""
        if self._depth >= MAX_DEPTH:
            message = f"conditions nest deeper than {MAX_DEPTH} levels"
            problems.error(codes.TOO_DEEP, node.span, message)
            raise InvalidError
        self._depth += 1
        try:
            parts = self._parts(node, problems)
        finally:
            self._depth -= 1
        return parts[0] if len(parts) == 1 else All(parts, node.span)

    @shaped({"$ref": "#/definitions/condition"})
    def clearing(self, node: Node, problems: Diagnostics) -> tuple[Condition, ...]:
        """Read `unless`: a list of conditions, each of which clears the subject, or one."""
        if not isinstance(node, SequenceNode):
            return (self.read(node, problems),)
        readings = [attempt(self.read, item, problems) for item in node.items]
        if not readings:
            hint = "say what clears, or leave `unless` out"
            problems.error(codes.EMPTY, node.span, "the list of conditions is empty", hint=hint)
        return tuple(reading.value for reading in readings)

    def _parts(self, node: Node, problems: Diagnostics) -> tuple[Condition, ...]:
        """Read the items of a list, or the entries of a mapping: all of them must hold."""
        match node:
            case SequenceNode(items=nodes) if nodes:
                readings = [attempt(self.read, item, problems) for item in nodes]
            case MappingNode(entries=entries) if entries:
                readings = [
                    attempt(partial(self._entry, entry), entry.value, problems) for entry in entries
                ]
            case SequenceNode() | MappingNode():
                hint = "write what must hold, such as `signal: {gte: 1}`"
                problems.error(codes.EMPTY, node.span, "the condition is empty", hint=hint)
                raise InvalidError
            case _:
                raise wrong_type(node, "a condition", problems, self._instead(node))
        return tuple(reading.value for reading in readings)

    def _instead(self, node: Node) -> str:
        written = _COMPARISON.fullmatch(node.text) if isinstance(node, ScalarNode) else None
        return (written and self._meant(written.string)) or "such as `signal: {gte: 1}`"

    def _entry(self, entry: Entry, _: Node, problems: Diagnostics) -> Condition:
        if self._alone and entry.key in WORDS - _LOGIC:
            hint = f"it knows {', '.join(self._signals)}"
            problems.error(codes.BAD_CONDITION, entry.key_span, self._alone, hint=hint)
            raise InvalidError
        read = _READERS.get(entry.key, Conditions._compare)
        return read(self, entry, problems)

    def _nested(self, entry: Entry, problems: Diagnostics) -> tuple[Condition, ...]:
        if not isinstance(entry.value, SequenceNode | MappingNode):
            hint = "such as `[{signal: {gte: 1}}, {other: {lt: 5}}]`"
            raise wrong_type(entry.value, "a list of conditions", problems, hint)
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                return (self.read(entry.value, problems),)
            return self._parts(entry.value, problems)
        finally:
            self._depth -= 1

    def _all(self, entry: Entry, problems: Diagnostics) -> Condition:
        return All(self._nested(entry, problems), entry.key_span)

    def _any(self, entry: Entry, problems: Diagnostics) -> Condition:
        return Any(self._nested(entry, problems), entry.key_span)

    def _negation(self, entry: Entry, problems: Diagnostics) -> Condition:
        return Negation(self.read(entry.value, problems), entry.key_span)

    def _found(self, entry: Entry, problems: Diagnostics) -> Condition:
        if isinstance(entry.value, SequenceNode):
            hint = "one condition a policy: `any: [{finding: a}, {finding: b}]`"
            raise wrong_type(entry.value, "the name of a policy", problems, hint)
        return Found(name(entry.value, problems), entry.value.span)

    def _found_any(self, entry: Entry, problems: Diagnostics) -> Condition:
        example = "such as `findings: {behaviour: distillation}`"
        keys = Keys(entry.value, "`findings`", problems, example=example)
        behaviours = keys.optional("behaviour", _BEHAVIOURS, ())
        axes = keys.optional("axis", _AXES, ())
        severity = keys.optional("severity", _SEVERITY, Severity.INFO)
        keys.finish()
        return FoundAny(
            frozenset(behaviours.value), frozenset(axes.value), severity.value, entry.key_span
        )

    def _struck(self, entry: Entry, problems: Diagnostics) -> Condition:
        example = "such as `strikes: {gte: 1, within: 90d}`"
        keys = Keys(entry.value, "`strikes`", problems, example=example)
        within = keys.required("within", duration)
        actions = keys.optional("actions", distinct(list_of(word(ActionKind), single=True)), ())
        read: Read[int] = integer(0, MOST_STRIKES)
        limits = [
            (operator, found.key_span, keys.optional(spelled, read, 0))
            for spelled, operator in OPERATORS.items()
            if (found := keys.entry(spelled)) is not None
        ]
        keys.finish()
        if not limits:
            raise _no_operator(entry, problems)
        return _every(
            [
                Struck(operator, limit.value, within.value, frozenset(actions.value), span)
                for operator, span, limit in limits
            ],
            entry.key_span,
        )

    def _approval(self, entry: Entry, problems: Diagnostics) -> Condition:
        if self._approvals is None:
            message = "a response cannot ask for an approval"
            hint = "put it under the policy's `unless`, or write an exemption"
            problems.error(codes.BAD_CONDITION, entry.key_span, message, hint=hint)
            raise InvalidError
        approval = name(entry.value, problems)
        implicit = f"approval:{approval}"
        signal = Signal(implicit, Approved(approval=approval), entry.key_span)
        self._approvals.setdefault(implicit, signal)
        return Compare(implicit, Operator.GTE, 1.0, entry.key_span)

    def _compare(self, entry: Entry, problems: Diagnostics) -> Condition:
        if entry.key not in self._signals:
            raise self._unknown(entry, problems)
        if isinstance(entry.value, ScalarNode):
            threshold = _THRESHOLD(entry.value, problems)
            return Compare(entry.key, Operator.EQ, threshold, entry.key_span)
        if not isinstance(entry.value, MappingNode):
            raise wrong_type(entry.value, "a comparison", problems, "such as `{gte: 1}`")
        keys = Keys(entry.value, "the comparison", problems)
        limits = [
            (OPERATORS[inner.key], inner.key_span, keys.required(inner.key, _THRESHOLD))
            for inner in entry.value.entries
            if inner.key in OPERATORS
        ]
        keys.mention(OPERATORS)
        keys.finish()
        if not limits and entry.value.entries:
            raise InvalidError  # its keys are reported
        if not limits:
            raise _no_operator(entry, problems)
        if len(limits) == 1:
            operator, _, limit = limits[0]
            return Compare(entry.key, operator, limit.value, entry.key_span)
        parts = [Compare(entry.key, operator, limit.value, at) for operator, at, limit in limits]
        return _every(parts, entry.key_span)

    def _unknown(self, entry: Entry, problems: Diagnostics) -> InvalidError:
        message = f"unknown signal {quote(entry.key)}"
        hint = self._meant(entry.key)
        problems.error(codes.UNKNOWN_SIGNAL, entry.key_span, message, hint=hint)
        return InvalidError()

    def _meant(self, key: str) -> str | None:
        """Return a hint at what was meant by the name of a signal that there is not."""
        written = _COMPARISON.fullmatch(key)
        if written:
            operator = other_words.meant("comparison", written["sign"])
            return f"write `{written['signal']}: {{{operator}: {written['number'] or '…'}}}`"
        if key in OPERATORS:
            return f"a comparison stands in the braces of a signal: `signal: {{{key}: 1}}`"
        if self._approvals is not None and key in BARE:
            return f"declare it under `signals`: `{key}: {key}`"
        if self._approvals is not None and key in self._selections:
            return f"that is a selection; count it under `signals`: `{key}: {{count: {key}}}`"
        hint = suggested("condition", key, (*self._signals, *sorted(WORDS)), listed=0)
        return hint or (suggestion(key, self._signals) if self._signals else None)


def _every(parts: list[Compare] | list[Struck], span: Span) -> Condition:
    return parts[0] if len(parts) == 1 else All(tuple(parts), span)


def _no_operator(entry: Entry, problems: Diagnostics) -> InvalidError:
    message = f"{quote(entry.key)} is compared with nothing"
    hint = f"use {', '.join(OPERATORS)}"
    problems.error(codes.BAD_CONDITION, entry.value.span, message, hint=hint)
    return InvalidError()


_READERS: Mapping[str, Callable[[Conditions, Entry, Diagnostics], Condition]] = {
    "all": Conditions._all,  # noqa: SLF001 - its own
    "any": Conditions._any,  # noqa: SLF001
    "not": Conditions._negation,  # noqa: SLF001
    "finding": Conditions._found,  # noqa: SLF001
    "findings": Conditions._found_any,  # noqa: SLF001
    "strikes": Conditions._struck,  # noqa: SLF001
    "approval": Conditions._approval,  # noqa: SLF001
}
"""How the words that are no signals are read."""
