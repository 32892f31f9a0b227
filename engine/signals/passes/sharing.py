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
    bigint,
    boolean,
    case,
    coalesce,
    compare,
    count_where,
    every,
    hugeint,
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


_LACKS: Condition = is_known(name("missing", "u"))


def _shares(source: Sharing) -> Condition:
    """Return whether a member shares, whatever is missing."""
    degree = name("degree", "v")
    shares = every([is_known(degree), compare(exp.GT, degree, integer(1))])
    if not source.numerator:
        return shares
    # What is missing is none of what is shared.
    missing = coalesce(name("missing", "u"), integer(0))
    every_row = compare(exp.Add, name("every", "v"), missing)
    have = compare(exp.Mul, hugeint(name("common", "v")), hugeint(integer(source.denominator)))
    need = compare(exp.Mul, hugeint(every_row), hugeint(integer(source.numerator)))
    return every([shares, compare(exp.GTE, have, need)])


def _open(source: Sharing) -> Condition:
    unshared: Condition = exp.Or(
        this=is_null(name("degree", "v")), expression=as_sql(_alone(source))
    )
    return every([_LACKS, unshared])


def _alone(source: Sharing) -> Condition:
    """Return whether a member has values, and does not share."""
    if not source.numerator:
        return compare(exp.EQ, name("degree", "v"), integer(1))
    return every([is_known(name("degree", "v")), negated(_shares(source))])


def select_sharing(source: Sharing, period: Period) -> exp.Select:
    """Return the query of `members`, `sharing`, `open`, `lone` and `unknown` (see `values`)."""
    columns = [
        ("subject", name("campaign", "c")),
        *narrow("members", exp.Count(this=exp.Star())),
        *narrow("sharing", count_where(_shares(source))),
        *narrow("open", count_where(_open(source))),
        *narrow("lone", count_where(every([_alone(source), negated(_LACKS)]))),
        *narrow("unknown", exp.Sum(this=name("missing", "u"))),
    ]
    return _told(columns, source, period).group_by(name("campaign", "c"))


def select_members(source: Sharing, period: Period) -> exp.Select:
    """Return the query of each member's `account`, and whether it shares: NULL may turn out so."""
    shares = case(
        (as_sql(_shares(source)), boolean(True)), (as_sql(negated(_open(source))), boolean(False))
    )
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
    if source.numerator:
        return _parts(source, columns, on, period)
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


def _parts(
    source: Sharing, columns: Sequence[tuple[str, Sql]], on: Sql, period: Period
) -> exp.Select:
    """Return the same with how many of a member's rows have values of others, and any value."""
    rows = select(columns).from_(_rows(source)).join(_table(MEMBERS, "c"), on=on)
    rows = where(rows, _when(source, source.valued, period))
    keys = [*((key, name(key)) for key in _MEMBER), ("value", name("value"))]
    held = select([*keys, ("n", exp.Count(this=exp.Star()))]).from_(rows.subquery("r"))
    held = held.group_by(*(key.copy() for _, key in keys))
    shared = [name("campaign"), name("value")]
    degree = exp.Window(this=exp.Count(this=exp.Star()), partition_by=shared)
    told = select([*((one, name(one)) for one in (*_MEMBER, "n")), ("degree", degree)])
    common = case((compare(exp.GT, name("degree"), integer(1)), name("n")), default=integer(0))
    most = [
        *((key, name(key)) for key in _MEMBER),
        ("degree", exp.Max(this=name("degree"))),
        ("common", bigint(exp.Sum(this=common))),
        ("every", bigint(exp.Sum(this=name("n")))),
    ]
    query = select(most).from_(told.from_(held.subquery("h")).subquery("d"))
    return query.group_by(*map(name, _MEMBER))


def _missing(source: Sharing, period: Period) -> exp.Select:
    columns = [("account", name("account", EVENTS)), ("missing", exp.Count(this=exp.Star()))]
    query = where(select(columns).from_(_rows(source)), _lacking(source, period))
    return query.group_by(name("account", EVENTS))
