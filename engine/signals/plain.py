"""Measures without what does not change their meaning: spans, list names, needless nesting."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

from engine.language.fields import FieldType
from engine.language.model.measure import (
    Bound,
    Cohort,
    Inner,
    Kinds,
    Measure,
    MemberCohort,
    Sequence,
    Step,
    Steps,
    Together,
    Windows,
)
from engine.language.model.selection import (
    EVERYTHING,
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


def over_population(measure: Measure) -> Measure:
    """Return the measure with its anchored window as a condition on the events that it is about.

    Those are the events of `of` where it has one: what else it selects is looked for among them.
    """
    if isinstance(measure, Windows):
        return replace(measure, inner=_inner_over(measure.inner, measure.after), after=None)
    if isinstance(measure, Together | Sequence):
        return _steps_over(measure)
    if isinstance(measure, Cohort):
        return _cohort_over(measure)
    if isinstance(measure, MemberCohort):
        return replace(measure, cohort=_cohort_over(measure.cohort))
    after: After | None = getattr(measure, "after", None)
    if after is None:
        return measure
    key = "of" if hasattr(measure, "of") else "where"
    change: dict[str, object] = {key: AllOf((getattr(measure, key), after)), "after": None}
    return replace(measure, **change)  # type: ignore[arg-type] # its own keys


def _inner_over(inner: Inner, after: After | None) -> Inner:
    if isinstance(inner, Kinds | Steps):
        return replace(inner, of=tuple(_among(one, after) for one in inner.of))
    return replace(inner, where=_among(inner.where, after))


def _cohort_over(cohort: Cohort) -> Cohort:
    return replace(cohort, value=over_population(cohort.value))


def _steps_over(measure: Together | Sequence) -> Together | Sequence:
    """Look for every step among the events that the measure is about."""
    where = _among(measure.where, measure.after)
    steps = tuple(replace(step, where=_among(step.where, where)) for step in measure.steps)
    # Where nothing must happen, any event that the measure is about begins an interval.
    left = where if all(step.absent for step in steps) else EVERYTHING
    return replace(measure, steps=steps, where=left, after=None)


def _among(selection: Selection, population: Selection | None) -> Selection:
    """Return the events of a selection that are in another one."""
    parts = [one for one in (selection, population) if one not in (None, EVERYTHING)]
    return AllOf(tuple(parts)) if parts else EVERYTHING


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
