"""Aggregates over the events of a subject around each one, in the order of time.

Frames are ranges of time: events at the same time are in a frame together, or none of them is.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.sql import Condition, Sql, as_sql, case, integer, name

_LONGEST = 2**62
"""Longer than all of recorded time, and short enough to be added to any time in 64 bits."""
_NOW = "CURRENT ROW"


def trailing(aggregate: Sql, span_us: int) -> Sql:
    """Over the events up to `span_us` before, and those at the same time."""
    return _over(aggregate, (integer(min(span_us, _LONGEST)), "PRECEDING"), (_NOW, None))


def before(aggregate: Sql) -> Sql:
    """Over all strictly earlier events."""
    return _over(aggregate, ("UNBOUNDED", "PRECEDING"), (integer(1), "PRECEDING"))


def until(aggregate: Sql, ahead_us: int = 0) -> Sql:
    """Over all events up to `ahead_us` later, and those at the same time."""
    end = (integer(min(ahead_us, _LONGEST)), "FOLLOWING") if ahead_us else (_NOW, None)
    return _over(aggregate, ("UNBOUNDED", "PRECEDING"), end)


def since(aggregate: Sql) -> Sql:
    """Over all later events, and those at the same time."""
    return _over(aggregate, (_NOW, None), ("UNBOUNDED", "FOLLOWING"))


def after(aggregate: Sql) -> Sql:
    """Over all strictly later events."""
    return _over(aggregate, (integer(1), "FOLLOWING"), ("UNBOUNDED", "FOLLOWING"))


def latest(condition: Condition, value: Sql | None = None) -> Sql:
    """Return the greatest value, or time, of the events that satisfy a condition."""
    return exp.Max(this=_chosen(condition, value))


def earliest(condition: Condition, value: Sql | None = None) -> Sql:
    """Return the least value, or time, of the events that satisfy a condition."""
    return exp.Min(this=_chosen(condition, value))


def _chosen(condition: Condition, value: Sql | None) -> Sql:
    wanted = name("ts_us") if value is None else value
    return wanted if condition is True else case((as_sql(condition), wanted))


_Edge = tuple[Sql | str, str | None]


def _over(aggregate: Sql, start: _Edge, end: _Edge) -> Sql:
    return exp.Window(
        this=aggregate,
        partition_by=[name("subject")],
        order=exp.Order(expressions=[exp.Ordered(this=name("ts_us"), nulls_first=False)]),
        spec=exp.WindowSpec(
            kind="RANGE", start=start[0], start_side=start[1], end=end[0], end_side=end[1]
        ),
    )
