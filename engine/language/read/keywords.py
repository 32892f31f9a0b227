"""Keywords: values that are looked for anywhere in an event, whatever the field."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.fields import EXCHANGE_FIELDS, FieldRef, FieldType
from engine.language.model.selection import AllOf, AnyOf, Selection, Test
from engine.language.read.field_test import list_named
from engine.language.read.mapping import InvalidError, attempt, wrong_type
from engine.language.read.scalars import items
from engine.language.wildcards import split_wildcards
from engine.language.words import Match
from engine.language.yaml_nodes import Entry, Node, ScalarNode

_SEARCHED = frozenset({FieldType.TEXT, FieldType.ANY})


def read_keywords(
    entry: Entry, declared: Mapping[str, FieldRef], problems: Diagnostics
) -> Selection:
    """Read `keywords: [a, b]`: one of them occurs in a text of the event, or all with `|all`.

    Sigma's values without a field. They are looked for in the canonical fields of text and in
    declared fields of type `text` and `any`. An event of which no such field is known is neither in
    nor out.
    """
    nodes = items(entry.value)
    if not nodes:
        hint = "name a word to look for"
        problems.error(codes.EMPTY, entry.value.span, "the list of keywords is empty", hint=hint)
        raise InvalidError
    readings = [attempt(_word, node, problems) for node in nodes]
    fields = [FieldRef(one.name) for one in EXCHANGE_FIELDS.values() if one.type in _SEARCHED]
    fields += [ref for ref in declared.values() if ref.field.type in _SEARCHED]
    words = [_anywhere(reading.value, fields, entry) for reading in readings]
    if len(words) == 1:
        return words[0]
    every = entry.key.endswith("|all")
    return (AllOf if every else AnyOf)(tuple(words), entry.key_span)


def _word(node: Node, problems: Diagnostics) -> str:
    if not isinstance(node, ScalarNode) or node.value is None:
        raise wrong_type(node, "a keyword", problems)
    if list_named(node) is not None:
        message = f"{quote(node.text)} is looked for as it stands"
        hint = "keywords are written out; a field refers to a list, `prompt|contains: list:…`"
        problems.error(codes.VALUE_MISFIT, node.span, message, hint=hint)
        raise InvalidError
    if not node.text.strip("*"):
        problems.error(codes.EMPTY, node.span, f"{quote(node.text)} is in every text")
        raise InvalidError
    return node.text


def _anywhere(word: str, fields: list[FieldRef], entry: Entry) -> Selection:
    match, words = split_wildcards(f"*{word}*")
    pattern = f"(?i){words}" if match is Match.RE else words
    tests = [
        Test(ref, match, (pattern,), cased=match is Match.RE, span=entry.key_span) for ref in fields
    ]
    return AnyOf(tuple(tests), entry.key_span)
