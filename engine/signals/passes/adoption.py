"""How much of the traffic on a model's first day is on that model: events joined with releases."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.anchors import RELEASES
from engine.signals.atoms import Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Adoption, Pass
from engine.signals.passes.scan import narrow, scan, subject
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    boolean,
    coalesce,
    compare,
    count_where,
    every,
    integer,
    name,
    negated,
    select,
)

_RELEASES = "r"


def select_adoption(node: Pass, source: Adoption, period: Period) -> exp.Select:
    """Return rows of `on`, `off`, `maybe_on` and `maybe_off`, one a model with an event on it.

    They are the subject's events on the model's day, on the model or off it, that count for sure or
    perhaps.
    """
    on = compare(exp.EQ, name(source.column, EVENTS), name("model", _RELEASES))
    certain: Condition = False
    if source.certain is not None:
        certain = coalesce(as_sql(within(source.certain, None, period)), boolean(False))
    counts = {
        "on": every((certain, on)),
        "off": every((certain, negated(on))),
        "maybe_on": every((negated(certain), on)),
        "maybe_off": every((negated(certain), negated(on))),
    }
    columns = [("subject", subject(node.kind))]
    columns += [pair for part, met in counts.items() for pair in narrow(part, count_where(met))]
    query = scan(node.kind, select(columns), within(source.possible, source.window_us, period))
    query = query.join(_recent(source, period).subquery(_RELEASES), on=_that_day(source))
    query = query.group_by(subject(node.kind), name("model", _RELEASES))
    return query.having(compare(exp.GT, count_where(on.copy()), integer(0)))


def _recent(source: Adoption, period: Period) -> exp.Select:
    """Return the releases whose day reaches into the window."""
    released = name("released_us")
    first = integer(period.start(source.window_us) - source.for_us)
    day = exp.Between(this=released, low=first, high=integer(period.as_of_us))
    columns = [("model", name("model")), ("released_us", released.copy())]
    return select(columns).from_(RELEASES).where(day)


def _that_day(source: Adoption) -> Sql:
    released = name("released_us", _RELEASES)
    end = compare(exp.Add, released.copy(), integer(source.for_us))
    return exp.Between(this=name("ts_us", EVENTS), low=released, high=end)
