"""Which subjects are each other's peers: a number for each different combination of traits.

The trait of a subject of several accounts is what all of them have in common. Accounts that differ
make it a subject of mixed trait; one account of which the trait is not recorded may differ.
"""

from __future__ import annotations

from sqlglot import exp

from engine.language.words import SubjectKind
from engine.signals.guards import known_name
from engine.signals.nodes import Grouping
from engine.signals.passes.membership import ACCOUNT, KEYS, MEMBER, pairs_of, with_accounts
from engine.signals.passes.scan import ACCOUNTS, MEMBERS, narrow
from engine.signals.predicates import folded_name
from engine.signals.sql import (
    Condition,
    Sql,
    case,
    coalesce,
    compare,
    count_where,
    every,
    integer,
    is_known,
    is_null,
    name,
    select,
    some,
    text,
    where,
)


def select_grouping(kind: SubjectKind, source: Grouping) -> exp.Select:
    """Return the query of the part `group`: 1 and more; no row where a trait is not recorded."""
    traits = [f"trait{at}" for at in range(len(source.columns))]
    if kind is SubjectKind.ACCOUNT:
        rows, keys, known = _of_accounts(source, traits), traits, _all_known(traits)
    else:
        rows = _in_common(kind, source, traits)
        keys = [key for trait in traits for key in (f"mixed_{trait}", trait)]
        known = every(_settled(trait) for trait in traits)
    ordered = exp.Order(expressions=[exp.Ordered(this=name(key)) for key in keys])
    group = exp.Window(this=exp.Anonymous(this="DENSE_RANK"), order=ordered)
    query = select([("subject", name("subject")), *narrow("group", group)])
    return where(query.from_(rows.subquery("g")), known)


def _of_accounts(source: Grouping, traits: list[str]) -> exp.Select:
    columns = [("subject", name("account")), *_traits(source, traits)]
    return select(columns).from_(ACCOUNTS).where(name("active"))


def _all_known(traits: list[str]) -> Condition:
    return every(is_known(name(trait)) for trait in traits)


def _in_common(kind: SubjectKind, source: Grouping, traits: list[str]) -> exp.Select:
    columns = [("account", name("account")), *_traits(source, traits)]
    accounts = select(columns).from_(ACCOUNTS)
    columns = [("subject", name(KEYS[kind], MEMBER))]
    for trait in traits:
        own = name(trait, ACCOUNT)
        least, most = exp.Min(this=own), exp.Max(this=own.copy())
        alike = compare(exp.EQ, least, most)
        columns += [
            (f"mixed_{trait}", compare(exp.NEQ, least.copy(), most.copy())),
            (trait, case((alike, least.copy()), (exp.true(), text("")))),
            (f"missing_{trait}", count_where(is_null(own.copy()))),
        ]
    query = with_accounts(select(columns), pairs_of(kind), accounts.subquery(ACCOUNT))
    return query.group_by(name(KEYS[kind], MEMBER))


def _settled(trait: str) -> Condition:
    complete = compare(exp.EQ, name(f"missing_{trait}"), integer(0))
    return some((name(f"mixed_{trait}"), complete))


def _traits(source: Grouping, traits: list[str]) -> list[tuple[str, Sql]]:
    return [(trait, _trait(source, one)) for trait, one in zip(traits, source.columns, strict=True)]


def _trait(source: Grouping, column: str) -> Sql:
    """Return a trait as text, compared as selections compare it; NULL where it is not recorded."""
    folds = column in source.folds
    own = name(folded_name(column)) if folds else exp.cast(name(column), "VARCHAR")
    if column not in source.blank:
        return own
    return case((name(known_name(column)), coalesce(own, text(""))))


def select_roster() -> exp.Select:
    """Return rows of `account`: the active members of each campaign, by number."""
    columns = [("subject", name("campaign", MEMBER)), *narrow("account", name("account", MEMBER))]
    members = exp.alias_(exp.to_table(MEMBERS), MEMBER, table=True)
    active = exp.alias_(exp.to_table(ACCOUNTS), ACCOUNT, table=True)
    return with_accounts(select(columns), members, active).where(name("active", ACCOUNT))
