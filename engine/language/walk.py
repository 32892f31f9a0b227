"""Every part of a condition or a selection, depth first, in the order written."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.model.condition import All, Any, Condition, Negation
from engine.language.model.selection import AllOf, AnyOf, Not, Selection


def walk_condition(condition: Condition) -> Iterator[Condition]:
    """Yield a condition and every condition inside it."""
    yield condition
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from walk_condition(part)
        case Negation(part):
            yield from walk_condition(part)


def walk_selection(selection: Selection) -> Iterator[Selection]:
    """Yield a selection and every selection inside it."""
    yield selection
    match selection:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from walk_selection(part)
        case Not(part):
            yield from walk_selection(part)
