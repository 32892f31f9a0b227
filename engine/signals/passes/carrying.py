"""Members a great enough share of whose events is selected: one group-by on the account."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Carrying, Guard, Period
from engine.signals.passes.scan import MEASURED, MEMBERS, narrow
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    bigint,
    compare,
    count_where,
    every,
    hugeint,
    integer,
    name,
    select,
    where,
)


def select_carrying(source: Carrying, period: Period) -> exp.Select:
    """Return the query of the parts `certain` and `possible`."""
    columns = [
        ("subject", name("campaign", "c")),
        *narrow("certain", count_where(_reaches("certain", source))),
        *narrow("possible", count_where(_reaches("possible", source))),
    ]
    query = select(columns).from_(exp.alias_(exp.to_table(MEMBERS), "c", table=True))
    on = compare(exp.EQ, name("account", "a"), name("account", "c"))
    accounts = _accounts(source, period).subquery("a")
    return query.join(accounts, on=on).group_by(name("campaign", "c"))


def _accounts(source: Carrying, period: Period) -> exp.Select:
    start = within((), source.window_us, period)
    columns = [
        ("account", name("account", EVENTS)),
        ("events", bigint(exp.Count(this=exp.Star()))),
        ("certain", _counted(source.guard, period)),
        ("possible", _counted(source.possible, period)),
    ]
    members = exp.select(name("account")).from_(MEMBERS)
    among: Condition = exp.In(this=name("account", EVENTS), query=exp.Subquery(this=members))
    query = select(columns).from_(exp.alias_(exp.to_table(MEASURED), EVENTS, table=True))
    return where(query, every((among, start))).group_by(name("account", EVENTS))


def _counted(guard: Guard | None, period: Period) -> Sql:
    condition: Condition = False if guard is None else within(guard, None, period)
    return bigint(count_where(condition))


def _reaches(part: str, source: Carrying) -> Sql:
    """Return the comparison of a share, multiplied out."""
    have = compare(exp.Mul, hugeint(name(part, "a")), hugeint(integer(source.denominator)))
    need = compare(exp.Mul, hugeint(name("events", "a")), hugeint(integer(source.numerator)))
    some_event = compare(exp.GTE, name(part, "a"), integer(1))
    return as_sql(every((some_event, compare(exp.GTE, have, need))))
