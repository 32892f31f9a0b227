"""Sums, means and extremes of the numbers in an interval.

What is not known leaves a figure open: to one side, where it could only add or only extend, else to
both.
"""

from __future__ import annotations

from fractions import Fraction

from sqlglot import exp

from engine.language.words import Operator
from engine.signals.intervals import Amount, Reduction
from engine.signals.limits import UPWARD, Certain, Value, quotient, whole_number
from engine.signals.passes import frames
from engine.signals.passes.known import known_values
from engine.signals.passes.rows import Rows
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    boolean,
    case,
    coalesce,
    compare,
    count_where,
    every,
    hugeint,
    integer,
    name,
)


def amount(rows: Rows, content: Amount, span_us: int) -> Value:
    """Add what the numbers of an interval amount to, and return how that compares."""
    known = known_values(rows, content.values, span_us)
    counted, value = rows.flag(content.values.counted), rows.value(content.values)
    picked = _PICKED.get(content.reduction)
    reduced = _sum(counted, value, span_us)
    if picked is not None:
        reduced = frames.trailing(picked(counted, value), span_us)
    rows.add([("low", reduced)])
    match content.reduction:
        case Reduction.SUM if not content.signed:
            certain = _growing(rows, content, span_us)
        case Reduction.SUM:
            certain = _settled(known.settled, frozenset(Operator))
        case Reduction.MEAN:
            certain = _mean(known.settled)
        case Reduction.MINIMUM:
            certain = _settled(known.settled, frozenset(UPWARD))
        case Reduction.MAXIMUM:
            certain = _settled(known.settled, frozenset(Operator) - frozenset(UPWARD))
    return Value(certain, some=known.some(1), any=known.any(1))


_PICKED = {Reduction.MINIMUM: frames.earliest, Reduction.MAXIMUM: frames.latest}


def _sum(condition: Condition, value: Sql, span_us: int) -> Sql:
    total = exp.Sum(this=value if condition is True else case((as_sql(condition), value)))
    return hugeint(frames.trailing(total, span_us))


def _zero(column: str) -> Sql:
    return coalesce(name(column), hugeint(integer(0)))


def _growing(rows: Rows, content: Amount, span_us: int) -> Certain:
    """Of a sum that further values can only make greater."""
    unsure, lost = rows.flag(content.values.unsure), rows.flag(content.values.unrecorded)
    high = _zero("low")
    if unsure is not False:
        rows.add([("more", _sum(unsure, rows.value(content.values), span_us))])
        high = compare(exp.Add, high, _zero("more"))
    bounded: Condition = True
    if lost is not False:
        rows.add([("lost", frames.trailing(count_where(lost), span_us))])
        bounded = compare(exp.EQ, name("lost"), integer(0))

    def certain(operator: Operator, at: Fraction) -> Condition:
        if operator in UPWARD:
            return whole_number(_zero("low"), operator, at)
        return every((bounded, whole_number(high, operator, at)))

    return certain


def _settled(settled: Condition, which: frozenset[Operator]) -> Certain:
    """Of a number that compares so only once all is known; the other comparisons hold anyhow."""

    def certain(operator: Operator, at: Fraction) -> Condition:
        holds = coalesce(as_sql(whole_number(name("low"), operator, at)), boolean(False))
        return every((settled if operator in which else True, holds))

    return certain


def _mean(settled: Condition) -> Certain:
    def certain(operator: Operator, at: Fraction) -> Condition:
        holds = quotient(name("low"), name("known"), operator, at)
        return every((settled, coalesce(as_sql(holds), boolean(False))))

    return certain
