"""Tests on lists: whether some element, or for `|all` one for each value, satisfies them.

Nearly all ask for equal elements: those are set operations on the list, folded once a row. Any
other comparison looks at each element.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from engine.activity.folding import fold
from engine.language.fields import FieldType
from engine.language.model.selection import Test
from engine.language.words import Match
from engine.signals import literals
from engine.signals.predicates import Operand, comparison, folded, folded_name, folds
from engine.signals.sql import (
    Condition,
    Sql,
    array,
    as_sql,
    bigint,
    call,
    compare,
    every,
    integer,
    name,
    some,
    text,
)

_ELEMENT = "element"
Element = str | int


def folded_list(column: str) -> Sql:
    """Return a list of text with every element folded."""
    variable = exp.to_identifier(_ELEMENT)
    return call(
        "list_transform", name(column), exp.Lambda(this=folded(_ELEMENT), expressions=[variable])
    )


def list_operand(test: Test, column: str) -> Sql:
    """Return the list that the values of a test are compared with."""
    return name(folded_name(column) if folds(test) else column)


def elements_of(test: Test) -> tuple[Element, ...]:
    """Return the elements that a test asks for, empty if it asks for something else."""
    if not test.field.field.type.is_list or not _asks_for_elements(test):
        return ()
    found = (_element(test, value) for value in test.values)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _asks_for_elements(test: Test) -> bool:
    return test.match in (Match.EQUALS, Match.CONTAINS)


def _element(test: Test, value: literals.Value) -> Element | None:
    """Return a value as the column holds it, None for one that no element can equal."""
    field = test.field.field
    if value is None:
        return None
    if field.type is FieldType.INTEGERS:
        wanted = literals.number(field, value)
        fits = wanted.denominator == 1 and abs(wanted) < 2**63
        return int(wanted) if fits else None
    return fold(literals.written(value)) if folds(test) else literals.written(value)


def has_some(operand: Sql, elements: Sequence[Element]) -> Condition:
    """Return whether a list has one of the elements."""
    return call("list_has_any", operand, _array(elements)) if elements else False


def _array(elements: Sequence[Element]) -> Sql:
    return array([text(one) if isinstance(one, str) else bigint(integer(one)) for one in elements])


def list_comparison(test: Test, column: str) -> Condition:
    """Return whether a recorded list satisfies the test."""
    if not _asks_for_elements(test):
        parts = [replace(test, values=(value,), every=False) for value in test.values]
        found = [_some_element(part, column) for part in parts]
        return every(found) if test.every else some(found)
    operand, elements = list_operand(test, column), elements_of(test)
    if not test.every:
        return has_some(operand, elements)
    if any(_element(test, value) is None for value in test.values):
        return False
    return call("list_has_all", operand, _array(elements))


def _some_element(test: Test, column: str) -> Condition:
    """Return whether a list has an element that satisfies the test."""
    element = Operand(name(_ELEMENT), folded(_ELEMENT), name(_ELEMENT))
    condition = comparison(test, element)
    if condition is False:
        return False
    variable = exp.to_identifier(_ELEMENT)
    kept = exp.Lambda(this=as_sql(condition), expressions=[variable])
    found = call("list_filter", name(column), kept)
    return compare(exp.GT, call("len", found), integer(0))
