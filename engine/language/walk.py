"""Every part of a condition, a selection or a measure, depth first, in the order written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache

from engine.language.fields import FieldRef
from engine.language.model.condition import All, Any, Condition, Negation
from engine.language.model.measure import Cohort, Inner, Measure, MemberCohort, Step
from engine.language.model.selection import After, AllOf, AnyOf, Not, Selection, Test
from engine.language.words import Anchor


def walk_condition(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and every condition inside it."""
    left = [condition]
    while left:
        part = left.pop()
        yield part
        if isinstance(part, All | Any):
            left += reversed(part.parts)
        elif isinstance(part, Negation):
            left.append(part.part)


def walk_selection(selection: Selection) -> Iterator[Selection]:
    """Yield a selection and every selection inside it."""
    left = [selection]
    while left:
        part = left.pop()
        yield part
        if isinstance(part, AllOf | AnyOf):
            left += reversed(part.parts)
        elif isinstance(part, Not):
            left.append(part.part)


def walk_measure(measure: Measure) -> Iterator[Measure]:
    """Yield a measure and every measure that it compares."""
    yield measure
    match measure:
        case Cohort(value=compared) | MemberCohort(cohort=compared):
            yield from walk_measure(compared)


def selections_of(measure: Measure) -> tuple[Selection, ...]:
    """Return the selections of a measure."""
    return tuple(part for part in _parameters(measure) if isinstance(part, Selection))


def fields_of(measure: Measure) -> tuple[FieldRef, ...]:
    """Return the fields whose values a measure looks at, without those its selections test."""
    return tuple(part for part in _parameters(measure) if isinstance(part, FieldRef))


_ANCHORED = {
    Anchor.RELEASE: FieldRef("model"),
    Anchor.SIGNUP: FieldRef("created_at", of_account=True),
}


def fields_read(measure: Measure) -> Iterator[FieldRef]:
    """Yield every field that a measure is about, that it selects by, or is anchored at."""
    yield from fields_of(measure)
    for selection in selections_of(measure):
        for part in walk_selection(selection):
            if isinstance(part, Test):
                yield from part.fields
            elif isinstance(part, After):
                yield _ANCHORED[part.anchor]


def _parameters(part: Measure | Inner | Step) -> Iterator[object]:
    kind: type = type(part)
    for name in _names(kind):
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            of: type = type(one)
            if _has_parameters(of):
                yield from _parameters(one)
            else:
                yield one


@cache
def _has_parameters(kind: type) -> bool:
    """Whether it is a measure or a part of one; they are many kinds to go through each time."""
    return issubclass(kind, Measure | Inner | Step)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))
