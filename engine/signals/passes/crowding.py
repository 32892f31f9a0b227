"""Members that have at least so many different values of a column: one group-by on the account."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Guard, Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Crowding
from engine.signals.passes.scan import MEASURED, MEMBERS, narrow
from engine.signals.sql import (
    Condition,
    Sql,
    coalesce,
    compare,
    count_where,
    every,
    integer,
    is_known,
    name,
    null,
    select,
    some,
    where,
)


def select_crowding(source: Crowding, period: Period) -> exp.Select:
    """Return the query of the parts `members`, `certain` and `possible`."""
    least = integer(source.at_least)
    different = coalesce(name("different", "v"), integer(0))
    certain = compare(exp.GTE, different, least)
    if source.many:  # a list that is missing may have any number of elements
        possible = some([certain.copy(), is_known(name("missing", "u"))])
    else:
        unknown = coalesce(name("missing", "u"), integer(0))
        possible = compare(exp.GTE, compare(exp.Add, different.copy(), unknown), least.copy())
    columns = [
        ("subject", name("campaign", "c")),
        *narrow("members", exp.Count(this=exp.Star())),
        *narrow("certain", count_where(certain)),
        *narrow("possible", count_where(possible)),
    ]
    query = select(columns).from_(exp.alias_(exp.to_table(MEMBERS), "c", table=True))
    for counted, alias in ((_different(source, period), "v"), (_missing(source, period), "u")):
        on = compare(exp.EQ, name("account", alias), name("account", "c"))
        query = query.join(counted.subquery(alias), on=on, join_type="left")
    return query.group_by(name("campaign", "c"))


def _different(source: Crowding, period: Period) -> exp.Select:
    """Return how many different values each account has."""
    # A field that is known nowhere has no column.
    value: Sql = null() if source.valued is None else name(source.column, EVENTS)
    if source.many and source.valued is not None:
        value = exp.Explode(this=value)
    held = select([("account", name("account", EVENTS)), ("value", value)])
    held = _of_members(held, _when(source, source.valued, period))
    count = exp.Count(this=exp.Distinct(expressions=[name("value")]))
    query = select([("account", name("account")), ("different", count)])
    return query.from_(held.subquery("h")).group_by(name("account"))


def _missing(source: Crowding, period: Period) -> exp.Select:
    """Return how many of each account's events may have any value."""
    lacking = some(_when(source, guard, period) for guard in source.missing)
    query = select([("account", name("account", EVENTS)), ("missing", exp.Count(this=exp.Star()))])
    return _of_members(query, lacking).group_by(name("account", EVENTS))


def _of_members(query: exp.Select, condition: Condition) -> exp.Select:
    members = exp.select(name("account")).from_(MEMBERS)
    among: Condition = exp.In(this=name("account", EVENTS), query=exp.Subquery(this=members))
    rows = query.from_(exp.alias_(exp.to_table(MEASURED), EVENTS, table=True))
    return where(rows, every((among, condition)))


def _when(source: Crowding, guard: Guard | None, period: Period) -> Condition:
    return False if guard is None else within(guard, source.window_us, period)
