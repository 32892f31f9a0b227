"""Quantiles of the numbers in an interval, compared without sorting them.

Let x1 <= ... <= xN be the numbers and f the place, counted from 0, of the one asked for. It is at
least T when at most f numbers are less, and greater when at most f are not greater: a comparison
is a count. A quantile that is interpolated between two neighbours needs them only where T lies
between them; and then they are the greatest number below T and the least one that is not.

Events whose value is not known may have had the least of all values, or the greatest: added to
those below, or above, they bound the quantile.
"""

from __future__ import annotations

import math
from fractions import Fraction

from sqlglot import exp

from engine.language.words import Operator
from engine.signals.intervals import Quantile
from engine.signals.limits import UPWARD, Value
from engine.signals.passes import frames
from engine.signals.passes.known import Known, known_values
from engine.signals.passes.rows import Rows
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    boolean,
    call,
    case,
    compare,
    count_where,
    every,
    hugeint,
    integer,
    is_known,
    name,
    negated,
    some,
)


def place(number: Sql, q: Fraction, *, linear: bool) -> tuple[Sql, Sql]:
    """Return the place from 0 of a quantile among a positive number of values, and what is left.

    Of a rank between two neighbours the rest, over the denominator of `q`, says how far it is.
    """
    above, below = integer(q.numerator), integer(q.denominator)
    if linear:
        gaps = compare(exp.Mul, hugeint(compare(exp.Sub, number, integer(1))), above)
        return compare(exp.IntDiv, gaps, below), compare(exp.Mod, gaps.copy(), below.copy())
    ranks = compare(exp.Mul, hugeint(number), above)
    rounded = compare(exp.Add, ranks, integer(q.denominator - 1))
    last = compare(exp.Sub, compare(exp.IntDiv, rounded, below), integer(1))
    return call("greatest", last, integer(0)), integer(0)


def quantile(rows: Rows, content: Quantile, span_us: int) -> Value:
    """Add what tells how the quantile of an interval compares."""
    known = known_values(rows, content.values, span_us)
    number = known.counted
    if known.settled is not True:
        number = compare(exp.Add, known.counted, known.open)
    at, rest = place(number, content.q, linear=content.linear)
    rows.add([("place", at), ("rest", rest)])
    certain = _Comparisons(rows, content, span_us, known).certain
    return Value(certain, some=known.some(content.least), any=known.any(content.least))


class _Comparisons:
    """The comparisons of a quantile; each number it is compared with has columns of its own."""

    def __init__(self, rows: Rows, content: Quantile, span_us: int, known: Known) -> None:
        self._rows = rows
        self._content = content
        self._span_us = span_us
        self._known = known
        self._columns: dict[tuple[bool, Fraction], str] = {}

    def certain(self, operator: Operator, at: Fraction) -> Condition:
        """Return whether the quantile certainly compares so."""
        strictly = operator in (Operator.GT, Operator.LTE)
        if operator in UPWARD:
            return self._above(at, strictly=strictly, lowest=True)
        return negated(self._above(at, strictly=strictly, lowest=False))

    def _above(self, at: Fraction, *, strictly: bool, lowest: bool) -> Condition:
        """Return whether the lowest, or the highest, it can be is at least, or more than, `at`."""
        prefix = self._prefix(at, strictly=strictly)
        below: Sql = name(f"{prefix}below")
        if lowest and self._known.settled is not True:
            below = compare(exp.Add, below, self._known.open)
        whole = compare(exp.LTE, below, name("place"))
        if not self._content.linear:
            return whole
        astride = compare(exp.EQ, below, compare(exp.Add, name("place"), integer(1)))
        parted = compare(exp.GT, name("rest"), integer(0))
        # A neighbour that is missing is a value that is not known: below all others, or above.
        reached = case(
            (as_sql(every(is_known(name(f"{prefix}{side}")) for side in ("left", "right"))),
             self._interpolated(prefix, at, strictly=strictly)),
            default=boolean(not lowest),
        )  # fmt: skip
        return some((whole, every((parted, astride, reached))))

    def _prefix(self, at: Fraction, *, strictly: bool) -> str:
        """Add the numbers on this side of `at` and its neighbours, once."""
        key = (strictly, at)
        if key in self._columns:
            return self._columns[key]
        prefix = self._columns[key] = f"q{len(self._columns)}_"
        counted = self._rows.flag(self._content.values.counted)
        value = self._rows.value(self._content.values)
        bound = integer(math.floor(at) if strictly else math.ceil(at))
        less = compare(exp.LTE if strictly else exp.LT, value, bound)
        under, over = every((counted, less)), every((counted, negated(less)))
        columns = [("below", count_where(under))]
        if self._content.linear:
            columns += [
                ("left", frames.latest(under, value)),
                ("right", frames.earliest(over, value)),
            ]
        self._rows.add(
            (f"{prefix}{column}", frames.trailing(one, self._span_us)) for column, one in columns
        )
        return prefix

    def _interpolated(self, prefix: str, at: Fraction, *, strictly: bool) -> Sql:
        """Return whether the point between the neighbours of `at` is at least, or more than, it.

        Both sides are taken relative to the whole part of `at`, and the point kept between -1 and
        the denominator of `q`, which changes no comparison; so that products fit 128 bits.
        """
        whole = math.floor(at)
        part, parts = at - whole, self._content.q.denominator
        left, right = (
            compare(exp.Sub, hugeint(name(f"{prefix}{side}")), integer(whole))
            for side in ("left", "right")
        )
        rest = hugeint(name("rest"))
        point = compare(
            exp.Add,
            compare(exp.Mul, left, compare(exp.Sub, integer(parts), rest)),
            compare(exp.Mul, right, rest.copy()),
        )
        kept = call("least", call("greatest", point, integer(-1)), integer(parts))
        scaled = compare(exp.Mul, hugeint(kept), integer(part.denominator))
        wanted = integer(part.numerator * parts)
        return compare(exp.GT if strictly else exp.GTE, scaled, wanted)
