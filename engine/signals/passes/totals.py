"""Counts, sums and extremes with conditions: one GROUP BY, at most 50 aggregates a scan.

Beyond fifty an engine's cost rises faster than their number (measured over 16 M events: four scans
of 50 took 22 s, one of 200 took 51 s).
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Aggregate, Operation, Totals
from engine.signals.passes.scan import narrow, scan, subject, wide
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    call,
    case,
    count_where,
    name,
    select,
    some,
)

MOST = 50


def select_totals(node: Totals, period: Period) -> exp.Select:
    """Return the query of a scan; its parts are `c0`, `c1`, ... in the order of the aggregates."""
    conditions = [within(a.guard, a.window_us, period) for a in node.aggregates]
    columns = [("subject", subject(node.kind))]
    for at, (aggregate, condition) in enumerate(zip(node.aggregates, conditions, strict=True)):
        columns.extend(_columns(f"c{at}", aggregate, condition))
    # Rows that satisfy no condition need not be grouped.
    query = scan(node.kind, select(columns), some(conditions))
    return query.group_by(subject(node.kind), copy=False)


def _columns(part: str, aggregate: Aggregate, condition: Condition) -> tuple[tuple[str, Sql], ...]:
    if aggregate.operation is Operation.COUNT:
        return narrow(part, count_where(condition))
    value: Sql = name(aggregate.column, EVENTS)
    if aggregate.operation is Operation.LENGTHS:
        value = call("len", value)
    chosen = value if condition is True else case((as_sql(condition), value))
    match aggregate.operation:
        case Operation.MINIMUM:
            return narrow(part, exp.Min(this=chosen))
        case Operation.MAXIMUM:
            return narrow(part, exp.Max(this=chosen))
        case _:
            return wide(part, exp.Sum(this=chosen))
