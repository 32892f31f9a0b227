"""One test of a selection: `field|modifiers: value`, a list of values, or `list:<name>`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.language import codes
from engine.language.diagnostic import Diagnostics, Related, a, quote
from engine.language.fields import FieldRef, FieldType
from engine.language.model.pack import NamedList
from engine.language.model.selection import AllOf, AnyOf, Selection, Test
from engine.language.read.field_key import FieldKey, field_named, read_field_key
from engine.language.read.field_values import Value, read_value
from engine.language.read.mapping import InvalidError, attempt, describe, suggestion
from engine.language.read.scalars import items
from engine.language.regexes import fault_of
from engine.language.wildcards import split_wildcards
from engine.language.words import Match
from engine.language.yaml_nodes import Entry, Node, ScalarNode

_LIST = "list:"
_EXACT = frozenset({FieldType.IDENTIFIER, FieldType.IDENTIFIERS})
_CASED = frozenset({FieldType.TEXT, FieldType.TEXTS, FieldType.ANY})
_SINGLE = frozenset({Match.EXISTS, Match.FIELDREF, Match.GT, Match.GTE, Match.LT, Match.LTE})


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list document that was read, with the nodes of its values."""

    model: NamedList
    nodes: tuple[Node, ...]


Lists = Mapping[str, ReadList | None]
"""The pack's lists by name; None for one that could not be read."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the selections of a policy may refer to beside canonical fields."""

    lists: Lists
    fields: Mapping[str, FieldRef]
    """Declared fields by the name that records have for them."""
    used: set[str] = field(default_factory=set, compare=False)
    """Names of lists that were referred to."""


def read_test(entry: Entry, known: Vocabulary, problems: Diagnostics) -> Selection:
    """Read one entry of a selection; InvalidError, reported, when it makes no sense."""
    key = read_field_key(entry, known.fields, problems)
    nodes = items(entry.value)
    if not nodes:
        hint = f"name a value; `{key.field}|exists: false` asks for none"
        problems.error(codes.EMPTY, entry.value.span, "the list of values is empty", hint=hint)
        raise InvalidError
    if key.match is Match.FIELDREF and len(nodes) == 1:
        return _reference(key, nodes[0], known.fields, problems)
    if key.match in _SINGLE and len(nodes) > 1:
        message = f"`{key.match.value}` takes one value, found {len(nodes)}"
        hint = "write one; alternatives go under `any`"
        problems.error(codes.VALUE_MISFIT, entry.value.span, message, hint=hint)
        raise InvalidError
    readings = [
        attempt(lambda node, found: _values(key, node, known, found), node, problems)
        for node in nodes
    ]
    values = tuple(value for reading in readings for value in reading.value)
    named = list_named(nodes[0]) if len(nodes) == 1 else None
    return _selection(key, values, named)


def _reference(
    key: FieldKey, node: Node, declared: Mapping[str, FieldRef], problems: Diagnostics
) -> Test:
    """Return the test that a field equals another one, of the same record and type."""
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        message = f"`fieldref` takes the name of a field, found {describe(node)}"
        problems.error(codes.VALUE_MISFIT, node.span, message)
        raise InvalidError
    other = field_named(node.value, declared, node.span, problems)
    hint = None
    if other == key.field:
        message = f"`{other}` is compared with itself"
    elif other.of_account != key.field.of_account:
        message = f"`{key.field}` and `{other}` are of different records"
        hint = "compare two fields of the exchange, or two of the account"
    elif other.field.type is not key.type:
        kinds = (a(key.type.value), a(other.field.type.value))
        message = f"`{key.field}` is {kinds[0]}, `{other}` {kinds[1]}"
        hint = "compare fields of one type"
    else:
        return replace(_test(key, Match.FIELDREF, (), None), other=other)
    problems.error(codes.VALUE_MISFIT, node.span, message, hint=hint)
    raise InvalidError


def list_named(node: Node) -> str | None:
    """Return the name of the list that a value refers to, None for a value of its own."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return node.value.removeprefix(_LIST) if node.value.startswith(_LIST) else None
    return None


def _values(
    key: FieldKey, node: Node, known: Vocabulary, problems: Diagnostics
) -> tuple[tuple[Match, Value], ...]:
    """Return the values a node stands for, each with the way it compares."""
    name = list_named(node)
    if name is None:
        return (_compared(key, node, problems),)
    known.used.add(name)
    named = _named_list(name, node, known.lists, problems)
    inner = Diagnostics()
    readings = [
        attempt(
            lambda item, found: _compared(key, item, found),
            item,
            inner,
        )
        for item in named.nodes
    ]
    faults = inner.sorted()
    if faults:
        message = f"a value of the list {quote(name)} does not fit `{key.field}`"
        related = [Related(faults[0].span, faults[0].message)]
        hint = faults[0].hint or "mend the list, or name another one"
        problems.error(codes.VALUE_MISFIT, node.span, message, hint=hint, related=related)
    return tuple(reading.value for reading in readings)


def _named_list(name: str, node: Node, lists: Lists, problems: Diagnostics) -> ReadList:
    if name not in lists:
        hint = suggestion(name, lists)
        problems.error(codes.UNKNOWN_LIST, node.span, f"unknown list {quote(name)}", hint=hint)
        raise InvalidError
    named = lists[name]
    if named is None:
        raise InvalidError
    return named


def _compared(key: FieldKey, node: Node, problems: Diagnostics) -> tuple[Match, Value]:
    """Settle how a value compares: wildcards in plain text, null, elements of a list field."""
    value = read_value(key, node, problems)
    if value is None:
        return Match.EXISTS, False
    if key.match is Match.CONTAINS and key.type.is_list:
        return Match.EQUALS, value
    if key.match is not Match.EQUALS or not isinstance(value, str):
        return key.match, value
    if key.type not in _CASED | _EXACT:
        return key.match, value
    match, words = split_wildcards(value, elements=key.type.is_list)
    if match is Match.EXISTS:
        return match, True
    return match, _pattern(key, words, node, problems) if match is Match.RE else words


def _pattern(key: FieldKey, pattern: str, node: Node, problems: Diagnostics) -> str:
    """Return the pattern of a value with wildcards, with a flag where case does not count."""
    fault = fault_of(pattern)
    if fault is not None:
        message = f"the wildcards make no regular expression: {quote(fault)}"
        problems.error(codes.BAD_REGEX, node.span, message)
        raise InvalidError
    return pattern if key.cased or key.type in _EXACT else f"(?i){pattern}"


def _selection(
    key: FieldKey, values: tuple[tuple[Match, Value], ...], named: str | None
) -> Selection:
    groups: dict[Match, list[Value]] = {}
    for match, value in values:
        groups.setdefault(match, []).append(value)
    tests = tuple(_test(key, match, tuple(group), named) for match, group in groups.items())
    if len(tests) == 1:
        return tests[0]
    return AllOf(tests, key.span) if key.every else AnyOf(tests, key.span)


def _test(key: FieldKey, match: Match, values: tuple[Value, ...], named: str | None) -> Test:
    """Build the model's test; patterns carry their own case flag, identifiers compare exactly."""
    cased = key.type in _EXACT or match is Match.RE or (key.cased and key.type in _CASED)
    return Test(
        field=key.field,
        match=match,
        values=values,
        every=key.every,
        cased=cased and match is not Match.EXISTS,
        list_name=named,
        time_part=key.part,
        span=key.span,
    )
