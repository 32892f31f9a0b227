"""Members that have a value in common with another member of their campaign."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from engine.signals.atoms import Guard, Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Sharing
from engine.signals.passes.scan import ACCOUNTS, MEASURED, MEMBERS, narrow
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    boolean,
    case,
    compare,
    count_where,
    every,
    integer,
    is_known,
    is_null,
    name,
    negated,
    null,
    select,
    some,
    where,
)

_MEMBER = ("campaign", "account")
_HELD = "held"


_SHARES: Condition = every(
    [is_known(name("degree", "v")), compare(exp.GT, name("degree", "v"), integer(1))]
)
_ALONE: Condition = compare(exp.EQ, name("degree", "v"), integer(1))
_LACKS: Condition = is_known(name("missing", "u"))
_OPEN: Condition = every([_LACKS, exp.Or(this=is_null(name("degree", "v")), expression=_ALONE)])


def select_sharing(source: Sharing, period: Period) -> exp.Select:
    """Return the query of `members`, `sharing`, `open`, `lone` and `unknown` (see `values`)."""
    columns = [
        ("subject", name("campaign", "c")),
        *narrow("members", exp.Count(this=exp.Star())),
        *narrow("sharing", count_where(_SHARES)),
        *narrow("open", count_where(_OPEN)),
        *narrow("lone", count_where(every([_ALONE, negated(_LACKS)]))),
        *narrow("unknown", exp.Sum(this=name("missing", "u"))),
    ]
    return _told(columns, source, period).group_by(name("campaign", "c"))


def select_members(source: Sharing, period: Period) -> exp.Select:
    """Return the query of each member's `account`, and whether it shares: NULL may turn out so."""
    shares = case((as_sql(_SHARES), boolean(True)), (as_sql(negated(_OPEN)), boolean(False)))
    return _told([("account", name("account", "c")), ("shares", shares)], source, period)


def _told(columns: Sequence[tuple[str, Sql]], source: Sharing, period: Period) -> exp.Select:
    query = select(columns).from_(_table(MEMBERS, "c"))
    degrees, missing = _degrees(source, period), _missing(source, period)
    query = query.join(degrees.subquery("v"), on=_same("v", *_MEMBER), join_type="left")
    return query.join(missing.subquery("u"), on=_same("u", "account"), join_type="left")


def _same(table: str, *keys: str) -> Sql:
    return exp.and_(*(compare(exp.EQ, name(key, table), name(key, "c")) for key in keys))


def _table(table: str, alias: str) -> Sql:
    return exp.alias_(exp.to_table(table), alias, table=True)


def _rows(source: Sharing) -> Sql:
    return _table(ACCOUNTS if source.of_account else MEASURED, EVENTS)


def _when(source: Sharing, guard: Guard | None, period: Period) -> Condition:
    if guard is None:
        return False
    window = Period(0, 0) if source.of_account else period
    return within(guard, None if source.of_account else source.window_us, window)


def _lacking(source: Sharing, period: Period) -> Condition:
    return some(_when(source, guard, period) for guard in source.missing)


def _degrees(source: Sharing, period: Period) -> exp.Select:
    """Return for each member the members that have its commonest value, itself among them."""
    # A field that is known nowhere has no column.
    value: Sql = null() if source.valued is None else name(source.column, EVENTS)
    columns = [
        ("campaign", name("campaign", "c")),
        ("account", name("account", "c")),
        ("value", exp.Explode(this=value) if source.many and source.valued is not None else value),
    ]
    on = compare(exp.EQ, name("account", "c"), name("account", EVENTS))
    held = select(columns).distinct().from_(_rows(source)).join(_table(MEMBERS, "c"), on=on)
    held = where(held, _when(source, source.valued, period))
    shared = ("campaign", "value")
    degrees = select(
        [*((key, name(key)) for key in shared), ("degree", exp.Count(this=exp.Star()))]
    )
    degrees = degrees.from_(_HELD).group_by(*map(name, shared))
    keys = [(key, name(key, "h")) for key in _MEMBER]
    most = select([*keys, ("degree", exp.Max(this=name("degree", "d")))])
    same = exp.and_(*(compare(exp.EQ, name(key, "d"), name(key, "h")) for key in shared))
    most = most.from_(_table(_HELD, "h")).join(degrees.subquery("d"), on=same)
    return most.group_by(*(name(key, "h") for key in _MEMBER)).with_(_HELD, as_=held)


def _missing(source: Sharing, period: Period) -> exp.Select:
    columns = [("account", name("account", EVENTS)), ("missing", exp.Count(this=exp.Star()))]
    query = where(select(columns).from_(_rows(source)), _lacking(source, period))
    return query.group_by(name("account", EVENTS))
