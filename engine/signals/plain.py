"""Measures without what does not change their meaning: spans, list names, needless nesting."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

from engine.language.fields import FieldType
from engine.language.model.measure import (
    Bound,
    Inner,
    Measure,
    Step,
)
from engine.language.model.selection import (
    After,
    AllOf,
    AnyOf,
    Not,
    Selection,
    Test,
)
from engine.language.span import NOWHERE, Span
from engine.language.words import Match
from engine.signals import literals

_WRITTEN = (FieldType.TEXT, FieldType.IDENTIFIER, FieldType.TEXTS, FieldType.IDENTIFIERS)


def plain(selection: Selection) -> Selection:
    """Return an equal selection such that selections alike in meaning are more often equal."""
    match selection:
        case Test():
            return replace(selection, values=_values(selection), list_name=None, span=NOWHERE)
        case After():
            return replace(selection, span=NOWHERE)
        case Not(part=part):
            return Not(plain(part))
        case AllOf(parts=(part,)) | AnyOf(parts=(part,)):
            return plain(part)
        case AllOf(parts=parts):
            return AllOf(tuple(dict.fromkeys(map(plain, parts))))
        case AnyOf(parts=parts):
            return AnyOf(tuple(dict.fromkeys(map(plain, parts))))


def _values(test: Test) -> tuple[literals.Value, ...]:
    """Return the values in one spelling, so that 1 and True are not taken for each other."""
    if test.match is Match.EXISTS:
        return tuple(dict.fromkeys(bool(value) for value in test.values))
    if test.field.field.type is FieldType.ANY:
        # 1 and True are equal in Python, and so would be the tests.
        return tuple(literals.written(v) if isinstance(v, bool) else v for v in test.values)
    if test.field.field.type not in _WRITTEN:
        return test.values
    spelt = (None if value is None else literals.written(value) for value in test.values)
    return tuple(dict.fromkeys(spelt))


def plain_measure(measure: Measure) -> Measure:
    """Return the measure over plain selections."""
    return _plainly(measure)


P = TypeVar("P", bound=Measure | Inner | Step | Bound)


def _plainly(part: P) -> P:
    changes = {item.name: _plain_value(getattr(part, item.name)) for item in fields(part)}
    return replace(part, **changes)  # type: ignore[arg-type] # each of the type it had


def _plain_value(value: object) -> object:
    match value:
        case Span():
            return NOWHERE
        case tuple():
            return tuple(map(_plain_value, value))
    if isinstance(value, Selection):
        return plain(value)
    return _plainly(value) if isinstance(value, Measure | Inner | Step | Bound) else value


def tests(selection: Selection) -> tuple[Test, ...]:
    """Return the tests of a selection, in the order written."""
    match selection:
        case Test():
            return (selection,)
        case After():
            return ()
        case Not(part=part):
            return tests(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return tuple(test for part in parts for test in tests(part))
