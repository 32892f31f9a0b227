"""Aggregates over the events of a subject around each one, in the order of time.

Over ranges of time, events at the same time are in a frame together, or none of them is. The other
frames are of rows, for moments: one row a time.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.sql import Condition, Sql, as_sql, case, integer, name

LONGEST = 2**62
"""Longer than all of recorded time, and short enough to be added to any time in 64 bits."""
_NOW = ("CURRENT ROW", None)
_EVER = ("UNBOUNDED", "PRECEDING")
_ALWAYS = ("UNBOUNDED", "FOLLOWING")


def trailing(aggregate: Sql, span_us: int) -> Sql:
    """Over the events up to `span_us` before, and those at the same time."""
    return _over(aggregate, "RANGE", (integer(min(span_us, LONGEST)), "PRECEDING"), _NOW)


def so_far(aggregate: Sql) -> Sql:
    """Over all earlier events, and those at the same time."""
    return _over(aggregate, "RANGE", _EVER, _NOW)


def up_to(aggregate: Sql, ahead_us: int) -> Sql:
    """Over all events up to `ahead_us` later."""
    return _over(aggregate, "RANGE", _EVER, (integer(min(ahead_us, LONGEST)), "FOLLOWING"))


def until(aggregate: Sql) -> Sql:
    """Over all moments up to this one."""
    return _over(aggregate, "ROWS", _EVER, _NOW)


def before(aggregate: Sql) -> Sql:
    """Over all earlier moments."""
    return _over(aggregate, "ROWS", _EVER, (integer(1), "PRECEDING"))


def since(aggregate: Sql) -> Sql:
    """Over all moments from this one on."""
    return _over(aggregate, "ROWS", _NOW, _ALWAYS)


def after(aggregate: Sql) -> Sql:
    """Over all later moments."""
    return _over(aggregate, "ROWS", (integer(1), "FOLLOWING"), _ALWAYS)


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


def _over(aggregate: Sql, kind: str, start: _Edge, end: _Edge) -> Sql:
    return exp.Window(
        this=aggregate,
        partition_by=[name("subject")],
        order=exp.Order(expressions=[exp.Ordered(this=name("ts_us"), nulls_first=False)]),
        spec=exp.WindowSpec(
            kind=kind, start=start[0], start_side=start[1], end=end[0], end_side=end[1]
        ),
    )
