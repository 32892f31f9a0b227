"""Comparisons with rational numbers, in whole numbers and exact."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from engine.language.words import Operator
from engine.signals.intervals import Limit
from engine.signals.sql import (
    Condition,
    Sql,
    call,
    compare,
    every,
    hugeint,
    integer,
    negated,
    some,
)

_COMPARISONS: dict[Operator, type[exp.Binary]] = {
    Operator.GT: exp.GT, Operator.GTE: exp.GTE, Operator.LT: exp.LT, Operator.LTE: exp.LTE,
}  # fmt: skip
_OPPOSITE = {
    Operator.GT: Operator.LTE, Operator.GTE: Operator.LT,
    Operator.LT: Operator.GTE, Operator.LTE: Operator.GT,
}  # fmt: skip
UPWARD = (Operator.GT, Operator.GTE)
"""What a greater value satisfies all the more."""

Certain = Callable[[Operator, Fraction], Condition]
"""Whether a value is certainly greater, or less, than a number: one of the four orderings."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a value on a row: how it compares, and whether there is one at all."""

    certain: Certain
    some: Condition = True
    """There certainly is a value."""
    any: Condition = True
    """There may be one."""


def within_limits(value: Value, limits: Sequence[Limit]) -> tuple[Condition, Condition]:
    """Return whether a value certainly, and whether it possibly, is within all limits."""
    certain = every([value.some, *(_certainly(value.certain, limit) for limit in limits)])
    possible = every([value.any, *(_possibly(value.certain, limit) for limit in limits)])
    return certain, possible


def _certainly(certain: Certain, limit: Limit) -> Condition:
    at = limit.threshold
    match limit.operator:
        case Operator.EQ:
            return every((certain(Operator.GTE, at), certain(Operator.LTE, at)))
        case Operator.NEQ:
            return some((certain(Operator.LT, at), certain(Operator.GT, at)))
    return certain(limit.operator, at)


def _possibly(certain: Certain, limit: Limit) -> Condition:
    """Possible is what is not certainly otherwise."""
    at = limit.threshold
    match limit.operator:
        case Operator.EQ:
            return negated(some((certain(Operator.LT, at), certain(Operator.GT, at))))
        case Operator.NEQ:
            return negated(every((certain(Operator.GTE, at), certain(Operator.LTE, at))))
    return negated(certain(_OPPOSITE[limit.operator], at))


def between(low: Sql, high: Sql) -> Certain:
    """Return how a whole number compares that is at least `low` and at most `high`."""

    def certain(operator: Operator, at: Fraction) -> Condition:
        return whole_number(low if operator in UPWARD else high, operator, at)

    return certain


def whole_number(value: Sql, operator: Operator, at: Fraction) -> Condition:
    """Return the comparison of a whole number."""
    down = operator in (Operator.GT, Operator.LTE)
    bound = math.floor(at) if down else math.ceil(at)
    return compare(_COMPARISONS[operator], value, integer(bound))


def quotient(total: Sql, count: Sql, operator: Operator, at: Fraction) -> Condition:
    """Return the comparison of `total / count`, a positive number of whole ones.

    The whole part of the number is taken off first and what is left kept between -1 and `count`,
    which changes no comparison; so that products stay within 128 bits.
    """
    whole = math.floor(at)
    rest = at - whole
    taken = compare(exp.Mul, hugeint(integer(whole)), count)
    left = compare(exp.Sub, hugeint(total), taken) if whole else hugeint(total)
    if not rest:
        return compare(_COMPARISONS[operator], left, integer(0))
    kept = call("least", call("greatest", left, integer(-1)), count)
    return compare(
        _COMPARISONS[operator],
        compare(exp.Mul, hugeint(kept), hugeint(integer(rest.denominator))),
        compare(exp.Mul, hugeint(count.copy()), hugeint(integer(rest.numerator))),
    )
