"""A selection that no exchange can be in.

A field has one value: it cannot equal two different ones, or be above one number and below a
lesser one.

Accepted:

    policy: harness
    select: {demands: {model: [a, b], turn|gte: 2, turn|lt: 5}}

Refused:

    policy: harness
    select: {demands: {all: [{model: a}, {model: b}]}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.fields import FieldType
from engine.language.model.selection import AllOf, Test
from engine.language.walk import walk_selection
from engine.language.words import Match

ID = "EX435"
TITLE = "a selection that nothing is in"
LEVEL = Level.WARNING
ALONE = True

_EXACT = frozenset(
    {FieldType.IDENTIFIER, FieldType.TEXT, FieldType.INTEGER, FieldType.BOOLEAN, FieldType.DECIMAL}
)
_UP = frozenset({Match.GT, Match.GTE})
_DOWN = frozenset({Match.LT, Match.LTE})


def check(draft: Draft) -> Iterator[Problem]:
    """Yield tests that exclude another one of the same `all`."""
    for _, read in sound(draft.policies):
        for named in read.model.select:
            for part in walk_selection(named.selection):
                if isinstance(part, AllOf):
                    yield from _excluded([one for one in part.parts if isinstance(one, Test)])


def _excluded(tests: list[Test]) -> Iterator[Problem]:
    for position, test in enumerate(tests):
        for other in tests[:position]:
            if (other.field, other.time_part) == (test.field, test.time_part) and _exclude(
                other, test
            ):
                message = f"{quote(test.field)} cannot be both"
                yield Problem(test.span, message, None, (Related(other.span, "excluded by this"),))
                break


def _exclude(one: Test, other: Test) -> bool:
    if (one.field.field.type not in _EXACT and not one.time_part) or one.every or other.every:
        return False
    if one.match is Match.EQUALS and other.match is Match.EQUALS:
        return not _values(one) & _values(other)
    if one.match in _UP and other.match in _DOWN:
        return _empty(one, other)
    return one.match in _DOWN and other.match in _UP and _empty(other, one)


def _values(test: Test) -> frozenset[object]:
    fold = test.field.field.type is FieldType.TEXT and not test.cased
    return frozenset(
        value.casefold() if fold and isinstance(value, str) else value for value in test.values
    )


def _empty(lower: Test, upper: Test) -> bool:
    low, high = lower.values[0], upper.values[0]
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return False
    strict = lower.match is Match.GT or upper.match is Match.LT
    return low > high or (strict and low == high)
