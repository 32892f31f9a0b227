"""Members a great enough share of whose events is selected: one group-by on the account.

The columns of an account are what could be the least and the greatest share: `certain` over
`least_of`, `possible` over `most_of`.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Guard, Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Carrying
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
    some,
    where,
)


def select_carrying(source: Carrying, period: Period) -> exp.Select:
    """Return the query of the parts `certain` and `possible`."""
    columns = [
        ("subject", name("campaign", "c")),
        *narrow("certain", count_where(_reaches("certain", "least_of", source))),
        *narrow("possible", count_where(_reaches("possible", "most_of", source))),
    ]
    query = select(columns).from_(exp.alias_(exp.to_table(MEMBERS), "c", table=True))
    on = compare(exp.EQ, name("account", "a"), name("account", "c"))
    accounts = _accounts(source, period).subquery("a")
    return query.join(accounts, on=on).group_by(name("campaign", "c"))


def _accounts(source: Carrying, period: Period) -> exp.Select:
    start = within((), source.window_us, period)
    certain, possible = (_met(one, period) for one in (source.certain, source.possible))
    least_of = some((certain, *(within(one, None, period) for one in source.out)))
    columns = [
        ("account", name("account", EVENTS)),
        ("certain", bigint(count_where(certain))),
        ("least_of", bigint(count_where(least_of))),
        ("possible", bigint(count_where(possible))),
        ("most_of", bigint(count_where(some((possible, _met(source.surely_out, period)))))),
    ]
    members = exp.select(name("account")).from_(MEMBERS)
    among: Condition = exp.In(this=name("account", EVENTS), query=exp.Subquery(this=members))
    query = select(columns).from_(exp.alias_(exp.to_table(MEASURED), EVENTS, table=True))
    return where(query, every((among, start))).group_by(name("account", EVENTS))


def _met(guard: Guard | None, period: Period) -> Condition:
    return False if guard is None else within(guard, None, period)


def _reaches(part: str, of: str, source: Carrying) -> Sql:
    """Return the comparison of a share, multiplied out."""
    have = compare(exp.Mul, hugeint(name(part, "a")), hugeint(integer(source.denominator)))
    need = compare(exp.Mul, hugeint(name(of, "a")), hugeint(integer(source.numerator)))
    some_event = compare(exp.GTE, name(part, "a"), integer(1))
    return as_sql(every((some_event, compare(exp.GTE, have, need))))
