"""What the accounts of a subject are: members, payers, organisations, holders of an approval."""

from __future__ import annotations

from sqlglot import exp

from engine.language.words import SubjectKind
from engine.signals.nodes import Holding
from engine.signals.passes.scan import ACCOUNTS, MEASURED, MEMBERS, SETTLED, narrow
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    boolean,
    case,
    coalesce,
    compare,
    count_where,
    every,
    integer,
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
    """Return the query of the parts `members`, `payers` and `payers_missing`.

    A fingerprint that only accounts of one organisation have is the organisation's.
    """
    owner = case((as_sql(every((_PAID, _OF_ONE))), name("least")))
    organisations = exp.Count(this=exp.Distinct(expressions=[owner]))
    alone = count_where(every((_PAID, negated(_OF_ONE))))
    unpaid = exp.Sum(this=case((as_sql(negated(_PAID)), name("carriers")), default=integer(0)))
    columns = [
        ("subject", name("campaign")),
        *narrow("members", exp.Sum(this=name("carriers"))),
        *narrow("payers", exp.Add(this=organisations, expression=alone)),
        *narrow("payers_missing", unpaid),
    ]
    query = select(columns).from_(_fingerprints().subquery("f"))
    return query.group_by(name("campaign"))


_PAID: Condition = is_known(name("payment_id"))
_OF_ONE: Condition = every(
    [
        compare(exp.EQ, name("named"), name("carriers")),
        compare(exp.EQ, name("least"), name("most")),
    ]
)


def _fingerprints() -> exp.Select:
    """Return each campaign's payment fingerprints, how many have one, and their organisations."""
    keys = [("campaign", name("campaign", MEMBER)), ("payment_id", name("payment_id", ACCOUNT))]
    organisation = name("org_id", ACCOUNT)
    columns = [
        *keys,
        ("carriers", exp.Count(this=exp.Star())),
        ("named", exp.Count(this=organisation)),
        ("least", exp.Min(this=organisation.copy())),
        ("most", exp.Max(this=organisation.copy())),
    ]
    query = _joined(select(columns), _members())
    return query.group_by(*(key.copy() for _, key in keys))


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
