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

MEMBER, ACCOUNT = "c", "a"
"""What a table of subjects and their accounts, and one of accounts, are called."""

KEYS = {
    SubjectKind.ACCOUNT: "account",
    SubjectKind.ORGANISATION: "organisation",
    SubjectKind.CAMPAIGN: "campaign",
}
"""The column with a subject's number."""


def _counted(column: str) -> tuple[Sql, Sql]:
    """Return the number of different values of an account column, and of accounts without one."""
    different = exp.Count(this=exp.Distinct(expressions=[name(column, ACCOUNT)]))
    return different, count_where(is_null(name(column, ACCOUNT)))


def with_accounts(query: exp.Select, pairs: Sql, accounts: Sql) -> exp.Select:
    """Read from pairs of subject and account, each with the account's row."""
    on = compare(exp.EQ, name("account", ACCOUNT), name("account", MEMBER))
    return query.from_(pairs).join(accounts, on=on)


def _joined(query: exp.Select, pairs: Sql) -> exp.Select:
    accounts = exp.alias_(exp.to_table(ACCOUNTS), ACCOUNT, table=True)
    return with_accounts(query, pairs, accounts)


def _members() -> Sql:
    return exp.alias_(exp.to_table(MEMBERS), MEMBER, table=True)


def select_roll() -> exp.Select:
    """Return the query of the parts `members`, `payers` and `payers_missing`."""
    payers, missing = _counted("payment_id")
    columns = [
        ("subject", name("campaign", MEMBER)),
        *narrow("members", exp.Count(this=exp.Star())),
        *narrow("payers", payers),
        *narrow("payers_missing", missing),
    ]
    return _joined(select(columns), _members()).group_by(name("campaign", MEMBER))


def select_belonging() -> exp.Select:
    """Return the query of the parts `organisations` and `missing`.

    A member belongs to the organisations of its events; without events, to its account's. One that
    is known to have none is a party of its own.
    """
    organisation = exp.Coalesce(
        this=name("organisation", "e"), expressions=[name("organisation", ACCOUNT)]
    )
    settled = exp.Or(
        this=name(SETTLED, ACCOUNT), expression=coalesce(name(SETTLED, "k"), boolean(False))
    )
    columns: list[tuple[str, Sql]] = [
        ("campaign", name("campaign", MEMBER)),
        ("account", name("account", MEMBER)),
        ("organisation", organisation),
        (SETTLED, settled),
    ]
    seen = _joined(select(columns).distinct(), _members())
    for rows, alias in ((_seen(), "e"), (_settled(), "k")):
        on = compare(exp.EQ, name("account", alias), name("account", MEMBER))
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
    held = name(source.column, ACCOUNT)
    key = KEYS[kind]
    columns = [
        ("subject", name(key, MEMBER)),
        *narrow("accounts", exp.Count(this=exp.Star())),
        *narrow("holding", count_where(held)),
        *narrow("lacking", count_where(negated(held.copy()))),
    ]
    return _joined(select(columns), pairs_of(kind)).group_by(name(key, MEMBER))


def pairs_of(kind: SubjectKind) -> Sql:
    """Return the accounts of each subject: those of its events, or the members of a campaign."""
    match kind:
        case SubjectKind.CAMPAIGN:
            return _members()
        case SubjectKind.ORGANISATION:
            return _seen().subquery(MEMBER)
        case SubjectKind.ACCOUNT:
            active = select([("account", name("account"))]).from_(ACCOUNTS).where(name("active"))
            return active.subquery(MEMBER)
