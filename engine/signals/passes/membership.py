"""What the accounts of a subject are: members, payers, organisations, holders of an approval."""

from __future__ import annotations

from sqlglot import exp

from engine.language.words import SubjectKind
from engine.signals.nodes import Holding
from engine.signals.passes.scan import ACCOUNTS, MEASURED, MEMBERS, SETTLED, narrow
from engine.signals.sql import (
    Sql,
    boolean,
    coalesce,
    compare,
    count_where,
    every,
    is_known,
    is_null,
    name,
    negated,
    select,
)

_MEMBER, _ACCOUNT = "c", "a"


def _counted(column: str) -> tuple[Sql, Sql]:
    """Return the number of different values of an account column, and of accounts without one."""
    different = exp.Count(this=exp.Distinct(expressions=[name(column, _ACCOUNT)]))
    return different, count_where(is_null(name(column, _ACCOUNT)))


def _joined(query: exp.Select, pairs: Sql) -> exp.Select:
    query = query.from_(pairs)
    on = compare(exp.EQ, name("account", _ACCOUNT), name("account", _MEMBER))
    return query.join(exp.alias_(exp.to_table(ACCOUNTS), _ACCOUNT, table=True), on=on)


def _members() -> Sql:
    return exp.alias_(exp.to_table(MEMBERS), _MEMBER, table=True)


def select_roll() -> exp.Select:
    """Return the query of the parts `members`, `payers` and `payers_missing`."""
    payers, missing = _counted("payment_id")
    columns = [
        ("subject", name("campaign", _MEMBER)),
        *narrow("members", exp.Count(this=exp.Star())),
        *narrow("payers", payers),
        *narrow("payers_missing", missing),
    ]
    return _joined(select(columns), _members()).group_by(name("campaign", _MEMBER))


def select_belonging() -> exp.Select:
    """Return the query of the parts `organisations` and `missing`.

    A member belongs to the organisations of its events; without events, to its account's. One that
    is known to have none is a party of its own.
    """
    organisation = exp.Coalesce(
        this=name("organisation", "e"), expressions=[name("organisation", _ACCOUNT)]
    )
    settled = exp.Or(
        this=name(SETTLED, _ACCOUNT), expression=coalesce(name(SETTLED, "k"), boolean(False))
    )
    columns: list[tuple[str, Sql]] = [
        ("campaign", name("campaign", _MEMBER)),
        ("account", name("account", _MEMBER)),
        ("organisation", organisation),
        (SETTLED, settled),
    ]
    seen = _joined(select(columns).distinct(), _members())
    for rows, alias in ((_seen(), "e"), (_settled(), "k")):
        on = compare(exp.EQ, name("account", alias), name("account", _MEMBER))
        seen = seen.join(rows.subquery(alias), on=on, join_type="left")
    different = exp.Count(this=exp.Distinct(expressions=[name("organisation")]))
    none = is_null(name("organisation"))
    lone, missing = every((none, name(SETTLED))), every((none, negated(name(SETTLED))))
    return (
        select(
            [
                ("subject", name("campaign")),
                *narrow("organisations", exp.Add(this=different, expression=count_where(lone))),
                *narrow("missing", count_where(missing)),
            ]
        )
        .from_(seen.subquery("s"))
        .group_by(name("campaign"))
    )


def _settled() -> exp.Select:
    told = exp.LogicalOr(this=name(SETTLED))
    query = select([("account", name("account")), (SETTLED, told)]).from_(MEASURED)
    return query.group_by(name("account"))


def _seen() -> exp.Select:
    query = select([(key, name(key)) for key in ("account", "organisation")]).distinct()
    return query.from_(MEASURED).where(is_known(name("organisation")))


def select_holding(kind: SubjectKind, source: Holding) -> exp.Select:
    """Return the query of the parts `accounts`, `holding` and `lacking`, over active accounts."""
    held = name(source.column, _ACCOUNT)
    key = {
        SubjectKind.ACCOUNT: "account",
        SubjectKind.ORGANISATION: "organisation",
        SubjectKind.CAMPAIGN: "campaign",
    }[kind]
    columns = [
        ("subject", name(key, _MEMBER)),
        *narrow("accounts", exp.Count(this=exp.Star())),
        *narrow("holding", count_where(held)),
        *narrow("lacking", count_where(negated(held.copy()))),
    ]
    return _joined(select(columns), _pairs(kind)).group_by(name(key, _MEMBER))


def _pairs(kind: SubjectKind) -> Sql:
    match kind:
        case SubjectKind.CAMPAIGN:
            return _members()
        case SubjectKind.ORGANISATION:
            return _seen().subquery(_MEMBER)
        case SubjectKind.ACCOUNT:
            active = select([("account", name("account"))]).from_(ACCOUNTS).where(name("active"))
            return active.subquery(_MEMBER)
