"""Event selections, with the policy's named ones expanded where they are used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from typing import assert_never

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model.selection import EVERYTHING, AllOf, AnyOf, Not, Selection, Test
from engine.language.read.field_test import Vocabulary, read_test
from engine.language.read.keywords import read_keywords
from engine.language.read.mapping import (
    InvalidError,
    Reading,
    attempt,
    shaped,
    suggestion,
    wrong_type,
)
from engine.language.read.scalars import NAME_HINT, is_name, odd_letter
from engine.language.selection_expression import (
    Expression,
    ExpressionError,
    Inverse,
    Joined,
    Name,
    Several,
    parse_expression,
)
from engine.language.span import Span
from engine.language.yaml_nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode

MAX_DEPTH = 32
MAX_WEIGHT = 100_000
"""Tests and values of one selection after expansion."""

_RESERVED = frozenset({"all", "any", "not", "them", "and", "or", "of", "condition"})


class Selections:
    """The selections of one policy: the named ones, and those written inside its signals."""

    def __init__(self, known: Vocabulary) -> None:
        self.known = replace(known, used=set())
        self._named: dict[str, Entry] = {}
        self._read: dict[str, Reading[Selection]] = {}
        self._reading: list[str] = []
        self._depth = 0
        self.used: set[str] = set()
        """Names that something referred to."""

    @property
    def names(self) -> Collection[str]:
        """Those that were declared."""
        return self._named.keys()

    @shaped({"$ref": "#/definitions/selections"})
    def declare(self, node: Node, problems: Diagnostics) -> tuple[tuple[str, Selection, Span], ...]:
        """Read the `select` of a policy: names, selections and where each name stands."""
        if not isinstance(node, MappingNode):
            hint = "such as `first_turns: {turn: 1}`, indented"
            raise wrong_type(node, "a mapping of names to selections", problems, hint)
        for entry in node.entries:
            if _check_name(entry, problems):
                self._named[entry.key] = entry
        for name in self._named:
            self._resolve(name, problems)
        return tuple(
            (name, self._read[name].value, entry.key_span) for name, entry in self._named.items()
        )

    @shaped({"$ref": "#/definitions/selection"})
    def read(self, node: Node, problems: Diagnostics) -> Selection:
        """Read a selection; InvalidError, reported, when it makes no sense."""
        if self._depth >= MAX_DEPTH:
            problems.error(
                codes.TOO_DEEP, node.span, f"selections nest deeper than {MAX_DEPTH} levels"
            )
            raise InvalidError
        self._depth += 1
        try:
            selection = self._read_node(node, problems)
        finally:
            self._depth -= 1
        if self._depth == 0:
            _check_size(selection, node.span, problems)
        return selection

    def _read_node(self, node: Node, problems: Diagnostics) -> Selection:
        match node:
            case MappingNode():
                return self._mapping(node, problems)
            case SequenceNode():
                return AnyOf(self._parts(node, problems), node.span)
            case ScalarNode(value=str()):
                return EVERYTHING if node.text == "all" else self._reference(node, problems)
        raise wrong_type(node, "a selection", problems, "a mapping, a list of mappings, or a name")

    def _parts(self, node: Node, problems: Diagnostics) -> tuple[Selection, ...]:
        if not isinstance(node, SequenceNode):
            raise wrong_type(node, "a list of selections", problems)
        if not node.items:
            hint = "write `all` for every event"
            problems.error(codes.EMPTY, node.span, "the list of selections is empty", hint=hint)
            raise InvalidError
        readings = [attempt(self.read, item, problems) for item in node.items]
        return tuple(reading.value for reading in readings)

    def _mapping(self, node: MappingNode, problems: Diagnostics) -> Selection:
        if not node.entries:
            problems.error(
                codes.EMPTY, node.span, "the selection is empty", hint="write `all` for every event"
            )
            raise InvalidError
        readings = [
            attempt(partial(self._entry, entry), entry.value, problems) for entry in node.entries
        ]
        parts = tuple(reading.value for reading in readings)
        return parts[0] if len(parts) == 1 else AllOf(parts, node.span)

    def _entry(self, entry: Entry, _: Node, problems: Diagnostics) -> Selection:
        match entry.key:
            case "any":
                return AnyOf(self._parts(entry.value, problems), entry.key_span)
            case "all":
                return AllOf(self._parts(entry.value, problems), entry.key_span)
            case "not":
                return Not(self.read(entry.value, problems), entry.key_span)
            case "condition":
                return self._condition(entry.value, problems)
            case "keywords" | "keywords|all":
                return read_keywords(entry, self.known.fields, problems)
        return read_test(entry, self.known, problems)

    def _reference(self, node: ScalarNode, problems: Diagnostics) -> Selection:
        if is_name(node.text):
            return self._named_at(node.text, node.span, problems)
        hint = (
            "write `condition:` before an expression" if " " in node.text else odd_letter(node.text)
        )
        message = f"{quote(node.text)} is not the name of a selection"
        problems.error(codes.UNKNOWN_SELECTION, node.span, message, hint=hint)
        raise InvalidError

    def _named_at(self, name: str, span: Span, problems: Diagnostics) -> Selection:
        if name not in self._named:
            message = f"unknown selection {quote(name)}"
            hint = suggestion(name, self._named)
            problems.error(codes.UNKNOWN_SELECTION, span, message, hint=hint)
            raise InvalidError
        self.used.add(name)
        if name in self._reading:
            loop = " → ".join([*self._reading[self._reading.index(name) :], name])
            message = f"selection {quote(name)} contains itself: {quote(loop)}"
            hint = "name another one, or write the test itself"
            problems.error(codes.SELECTION_CYCLE, span, message, hint=hint)
            raise InvalidError
        return self._resolve(name, problems).value

    def _resolve(self, name: str, problems: Diagnostics) -> Reading[Selection]:
        if name not in self._read:
            entry = self._named[name]
            self._reading.append(name)
            reading = attempt(self.read, entry.value, problems)
            self._reading.pop()
            if not reading.failed:
                reading = attempt(
                    lambda node, found: _check_size(reading.value, node.span, found),
                    entry.value,
                    problems,
                )
            self._read[name] = reading
        return self._read[name]

    def _condition(self, node: Node, problems: Diagnostics) -> Selection:
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
            raise wrong_type(node, "an expression", problems, "such as `a and not (b or c)`")
        try:
            expression = parse_expression(node.value)
        except ExpressionError as fault:
            span = _within(node, fault.offset)
            problems.error(codes.BAD_EXPRESSION, span, str(fault))
            raise InvalidError from None
        return self._expression(expression, node, problems)

    def _expression(
        self, expression: Expression, node: ScalarNode, problems: Diagnostics
    ) -> Selection:
        match expression:
            case Name(name, offset):
                return self._named_at(name, _within(node, offset, len(name)), problems)
            case Several(every, pattern, offset):
                return self._several(every, pattern, _within(node, offset), problems)
            case Inverse(part):
                return Not(self._expression(part, node, problems), node.span)
            case Joined(every, parts):
                inner = tuple(self._expression(part, node, problems) for part in parts)
                return AllOf(inner, node.span) if every else AnyOf(inner, node.span)
        assert_never(expression)

    def _several(
        self,
        every: bool,  # noqa: FBT001 - taken out of a pattern
        pattern: str,
        span: Span,
        problems: Diagnostics,
    ) -> Selection:
        own = self._reading[-1] if self._reading else None
        names = [
            name
            for name in self._named
            if name != own and (pattern == "them" or fnmatchcase(name, pattern))
        ]
        if not names:
            message = f"no selection is called {quote(pattern)}"
            hint = f"there are: {', '.join(self._named)}" if self._named else None
            problems.error(codes.UNKNOWN_SELECTION, span, message, hint=hint)
            raise InvalidError
        parts = tuple(self._named_at(name, span, problems) for name in names)
        return AllOf(parts, span) if every else AnyOf(parts, span)


def _check_name(entry: Entry, problems: Diagnostics) -> bool:
    if entry.key in _RESERVED:
        message = f"{quote(entry.key)} is a word of conditions, not a name"
        hint = f"another name, such as `{entry.key}_events`"
        problems.error(codes.RESERVED_NAME, entry.key_span, message, hint=hint)
        return False
    if not is_name(entry.key):
        message = f"{quote(entry.key)} is not a name"
        problems.error(codes.BAD_NAME, entry.key_span, message, hint=NAME_HINT)
        return False
    return True


def _within(node: ScalarNode, offset: int, length: int = 1) -> Span:
    """Return the place of an offset into a scalar, of the whole scalar when it spans lines."""
    span = node.span
    if node.quoted or span.line != span.end_line:
        return span
    column = span.column + offset
    return Span(span.file, span.line, column, span.line, column + length)


def _check_size(selection: Selection, span: Span, problems: Diagnostics) -> Selection:
    """Refuse a selection that expansion has made too large or too deep to work with."""
    level: list[Selection] = [selection]
    weight = depth = 0
    while level and weight <= MAX_WEIGHT and depth <= MAX_DEPTH:
        depth += 1
        weight += sum(len(part.values) if isinstance(part, Test) else 1 for part in level)
        level = [inner for part in level for inner in _inner(part)]
    if not level:
        return selection
    message = f"the selection expands to more than {MAX_WEIGHT} values or {MAX_DEPTH} levels"
    problems.error(codes.TOO_MANY_TESTS, span, message)
    raise InvalidError


def _inner(selection: Selection) -> tuple[Selection, ...]:
    match selection:
        case AllOf(parts) | AnyOf(parts):
            return parts
        case Not(part):
            return (part,)
    return ()
