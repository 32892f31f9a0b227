"""In which hours there are events, UTC: hours of the week, and the profile of the day.

Hours are counted from 1970-01-01T00:00Z, a Thursday; hour 0 of the week begins on Monday.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Day, Pass, Week
from engine.signals.passes.scan import narrow, scan, subject
from engine.signals.sql import Condition, Sql, as_sql, bigint, case, compare, integer, name, select

_HOUR_US = 3_600_000_000
_SINCE_MONDAY = 72
_WEEK, _DAY = 168, 24


def select_week(node: Pass, source: Week, period: Period) -> exp.Select:
    """Return the query of the parts `certain` and `possible`: hours of the week with events."""
    certain: Condition = False if source.certain is None else within(source.certain, None, period)
    sure = exp.Max(this=case((as_sql(certain), integer(1)), default=integer(0)))
    inner = [
        ("subject", subject(node.kind)),
        ("hour", _hour(_WEEK, _SINCE_MONDAY)),
        ("certain", sure),
    ]
    hours = scan(
        node.kind, select(inner), within(source.possible, source.window_us, period)
    ).group_by(subject(node.kind), _hour(_WEEK, _SINCE_MONDAY))
    columns = [
        ("subject", name("subject")),
        *narrow("certain", exp.Sum(this=name("certain"))),
        *narrow("possible", exp.Count(this=exp.Star())),
    ]
    return select(columns).from_(hours.subquery("h")).group_by(name("subject"))


def select_day(node: Pass, source: Day, period: Period) -> exp.Select:
    """Return the query of `hours`, those of the day with events, and of `uneven`.

    The latter is the sum of |24 n - N| over them, n events in the hour and N in all.
    """
    inner = [
        ("subject", subject(node.kind)),
        ("hour", _hour(_DAY, 0)),
        ("n", bigint(exp.Count(this=exp.Star()))),
    ]
    hours = scan(node.kind, select(inner), within(source.guard, source.window_us, period)).group_by(
        subject(node.kind), _hour(_DAY, 0)
    )
    total = exp.Window(this=exp.Sum(this=name("n")), partition_by=[name("subject")])
    profile = [("subject", name("subject")), ("n", name("n")), ("total", total)]
    excess = compare(exp.Sub, compare(exp.Mul, integer(_DAY), name("n")), name("total"))
    columns = [
        ("subject", name("subject")),
        *narrow("hours", exp.Count(this=exp.Star())),
        *narrow("uneven", exp.Sum(this=exp.Abs(this=excess))),
    ]
    query = select(columns).from_(select(profile).from_(hours.subquery("h")).subquery("d"))
    return query.group_by(name("subject"))


def _hour(cycle: int, offset: int) -> Sql:
    hours = compare(exp.IntDiv, name("ts_us", EVENTS), integer(_HOUR_US))
    moved = compare(exp.Add, hours, integer(offset)) if offset else hours
    return compare(exp.Mod, moved, integer(cycle))
