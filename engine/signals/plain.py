"""Measures without what does not change their meaning: spans, list names, needless nesting."""

from __future__ import annotations

from dataclasses import fields, replace

from engine.language.fields import FieldType
from engine.language.model.measure import Measure
from engine.language.model.selection import After, AllOf, AnyOf, Not, Selection, Test
from engine.language.span import NOWHERE
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
    if test.field.field.type not in _WRITTEN:
        return test.values
    spelt = (None if value is None else literals.written(value) for value in test.values)
    return tuple(dict.fromkeys(spelt))


def plain_measure(measure: Measure) -> Measure:
    """Return the measure over plain selections."""
    values = {item.name: getattr(measure, item.name) for item in fields(measure)}
    changes = {key: plain(value) for key, value in values.items() if isinstance(value, Selection)}
    return replace(measure, **changes)  # type: ignore[arg-type] # only keys that it has


def over_population(measure: Measure) -> Measure:
    """Return the measure with its anchored window as a condition on the events that it is about.

    Those are the events of `of` where it has one: what else it selects is looked for among them.
    """
    after: After | None = getattr(measure, "after", None)
    if after is None:
        return measure
    values = {item.name: getattr(measure, item.name) for item in fields(measure)}
    selecting = {key: one for key, one in values.items() if isinstance(one, Selection)}
    about = ["of"] if "of" in selecting else [key for key in selecting if key != "after"]
    changes: dict[str, object] = {key: AllOf((selecting[key], after)) for key in about}
    return replace(measure, **changes, after=None)  # type: ignore[arg-type] # its own keys


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
