"""Past windows of one length, back from where the present one begins."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Age, Pass, Past
from engine.signals.passes.scan import narrow, scan, subject
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    case,
    compare,
    count_where,
    every,
    integer,
    name,
    select,
)


def select_past(node: Pass, source: Past, period: Period) -> exp.Select:
    """Return rows of `back`, `certain` and `possible`, one a past window with any event.

    Window 0 ends just before the present one begins, window 1 just before that, and so on.
    """
    start = period.start(source.window_us)
    certain: Condition = False if source.certain is None else within(source.certain, None, period)
    elapsed = compare(exp.Sub, integer(start - 1), name("ts_us", EVENTS))
    back = compare(exp.IntDiv, elapsed, integer(source.window_us))
    columns = [
        ("subject", subject(node.kind)),
        *narrow("back", back),
        *narrow("certain", count_where(certain)),
        *narrow("possible", exp.Count(this=exp.Star())),
    ]
    before = compare(exp.LT, name("ts_us", EVENTS), integer(start))
    length = source.window_us * (source.windows + 1)
    condition = every((within(source.possible, length, period), before))
    query = scan(node.kind, select(columns), condition)
    return query.group_by(subject(node.kind), back.copy())


def select_age(node: Pass, source: Age, period: Period) -> exp.Select:
    """Return the query of the part `windows`: how many fit between the first event and now."""
    start = integer(period.start(source.window_us))
    first = exp.Min(this=name("ts_us", EVENTS))
    elapsed = compare(exp.Sub, start, first)
    whole = compare(exp.IntDiv, elapsed, integer(source.window_us))
    positive: Sql = as_sql(compare(exp.GT, elapsed.copy(), integer(0)))
    columns = [
        ("subject", subject(node.kind)),
        *narrow("windows", case((positive, whole), default=integer(0))),
    ]
    return scan(node.kind, select(columns), True).group_by(subject(node.kind))
