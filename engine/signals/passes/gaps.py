"""Gaps between consecutive events: their number, sum and sum of squares, in whole milliseconds.

Ties in time leave a gap of zero whichever comes first, so the order needs no second key.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Gaps, Pass
from engine.signals.passes.scan import narrow, scan, subject, wide
from engine.signals.sql import Sql, compare, hugeint, integer, is_known, name, select

_MICROSECONDS = 1000


def select_gaps(node: Pass, source: Gaps, period: Period) -> exp.Select:
    """Return the query of the parts `gaps`, `total` and `squares`."""
    gaps = scan(
        node.kind,
        select([("subject", subject(node.kind)), ("gap", _gap(node))]),
        within(source.guard, source.window_us, period),
    )
    square = compare(exp.Mul, hugeint(name("gap")), name("gap"))
    columns = [
        ("subject", name("subject")),
        *narrow("gaps", exp.Count(this=exp.Star())),
        *narrow("total", exp.Sum(this=name("gap"))),
        *wide("squares", exp.Sum(this=square)),
    ]
    query = select(columns).from_(gaps.subquery("g")).where(is_known(name("gap")))
    return query.group_by(name("subject"))


def _gap(node: Pass) -> Sql:
    before = exp.Window(
        this=exp.Lag(this=name("ts_us", EVENTS)),
        partition_by=[subject(node.kind)],
        order=exp.Order(expressions=[exp.Ordered(this=name("ts_us", EVENTS), nulls_first=False)]),
    )
    elapsed = compare(exp.Sub, name("ts_us", EVENTS), before)
    return compare(exp.IntDiv, elapsed, integer(_MICROSECONDS))
