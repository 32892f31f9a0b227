"""The tables that every pass reads, made once a run: subjects by number, and measured events.

`measured_organisations`, `measured_campaigns`, `measured_accounts`: a dense number for each subject
in order of its id, those with activity first; accounts carry their own tests and fields.
`measured_members`: campaign and account by number.
`measured`: one row an event of the period, with just the selections and fields that measures need.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from engine.activity.tables import column
from engine.language.fields import Absent, FieldRef, FieldType
from engine.language.model.selection import After, Test
from engine.language.words import Anchor
from engine.signals.anchors import (
    SIGNED_UP,
    after_knowledge,
    anchors,
    is_after,
    with_releases,
)
from engine.signals.atoms import Chosen, Measured, Period, is_shape
from engine.signals.guards import known_name
from engine.signals.layers import Columns, layered
from engine.signals.leaves import Coverage, Leaf, recorded, supplied
from engine.signals.passes.scan import (
    ACCOUNTS,
    CAMPAIGNS,
    IDENTITY,
    MEASURED,
    MEMBERS,
    ORGANISATIONS,
    SETTLED,
)
from engine.signals.predicates import folded, folded_name
from engine.signals.sql import (
    Sql,
    array,
    as_sql,
    boolean,
    call,
    case,
    coalesce,
    compare,
    every,
    integer,
    is_known,
    name,
    select,
    text,
)
from engine.signals.truth import Knowledge, Truth, leaf, truth


@dataclass(frozen=True, slots=True)
class Stage:
    """What the tables must hold."""

    leaves: tuple[Leaf, ...]
    coverage: Coverage
    chosen: tuple[Chosen, ...]
    fields: tuple[Measured, ...]
    organisations: bool
    campaigns: bool
    folds: frozenset[str] = frozenset()
    """Fields of accounts that are compared without regard to case: their text is folded here."""
    identified: bool = False
    """Each event keeps its id, so that it can be shown and not only counted."""
    unread: frozenset[str] = frozenset()
    """Columns that `measured` need not have."""
    of_members: frozenset[str] = frozenset()
    """Columns of exchanges that are looked at only where an account is in some campaign."""
    members_only: bool = False
    """Nothing else than exchanges of such accounts is looked at."""

    def reads(self, field: Measured) -> bool:
        """Return whether the events need a field's value, or whether it is known."""
        return not {field.name, known_name(field.name)} <= self.unread

    @property
    def anchors(self) -> frozenset[Anchor]:
        """Return what anchored windows begin with."""
        return anchors(one.selection for one in self.chosen)


_MEMBER = "member"
TABLES = (MEASURED, MEMBERS, ACCOUNTS, CAMPAIGNS, ORGANISATIONS)


def statements(stage: Stage, period: Period) -> tuple[tuple[str, exp.Select], ...]:
    """Return the tables to make, in order, each with the query of its rows."""
    made: list[tuple[str, exp.Select]] = []
    if stage.organisations:
        made.append((ORGANISATIONS, _organisations(period)))
    made.append((ACCOUNTS, _accounts(stage, period)))
    if stage.campaigns:
        made.append((CAMPAIGNS, _campaigns()))
        made.append((MEMBERS, _members()))
    made.append((MEASURED, _measured(stage, period)))
    return tuple(made)


def columns_read(stage: Stage) -> frozenset[str]:
    """Return every column, of events and of all else, that the tables are made from."""
    queries = (rows for _, rows in statements(stage, Period(0, 0)))
    return frozenset(one.name for rows in queries for one in rows.find_all(exp.Column))


def _within(period: Period) -> Sql:
    return exp.Between(
        this=name("ts_us"), low=integer(period.since_us), high=integer(period.as_of_us)
    )


def _table(table: str, alias: str) -> Sql:
    return exp.alias_(exp.to_table(table), alias, table=True)


def _same(column_: str, left: str, right: str) -> Sql:
    return compare(exp.EQ, name(column_, left), name(column_, right))


def _numbered(key: str, number: str, rows: exp.Query) -> exp.Select:
    """Return each key once, numbered from 0: active ones first, then by the key's own order."""
    order = [exp.Ordered(this=name("active"), desc=True), exp.Ordered(this=name(key))]
    row = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=order))
    each = select([(key, name(key)), ("active", exp.Max(this=name("active")))])
    grouped = each.from_(rows.subquery("r")).where(is_known(name(key))).group_by(name(key))
    columns = [
        (key, name(key)),
        ("active", compare(exp.EQ, name("active"), integer(1))),
        (number, exp.cast(compare(exp.Sub, row, integer(1)), "INTEGER")),
    ]
    return select(columns).from_(grouped.subquery("g"))


def _organisations(period: Period) -> exp.Select:
    found = coalesce(name("org_id", "e"), name("org_id", "a"))
    seen = (
        select([("org_id", found), ("active", integer(1))])
        .from_(_table("events", "e"))
        .join(_table("accounts", "a"), on=_same("account_id", "a", "e"), join_type="left")
        .where(_within(period))
    )
    named = select([("org_id", name("org_id")), ("active", integer(0))]).from_("accounts")
    return _numbered("org_id", "organisation", exp.union(seen, named, distinct=False))


def _campaigns() -> exp.Select:
    rows = select([("campaign_id", name("campaign_id")), ("active", integer(1))]).from_("members")
    return _numbered("campaign_id", "campaign", rows)


def _members() -> exp.Select:
    pairs = select([("campaign", name("campaign", "c")), ("account", name("account", "a"))])
    return (
        pairs.distinct()
        .from_(_table("members", "m"))
        .join(_table(CAMPAIGNS, "c"), on=_same("campaign_id", "c", "m"))
        .join(_table(ACCOUNTS, "a"), on=_same("account_id", "a", "m"))
    )


def _accounts(stage: Stage, period: Period) -> exp.Select:
    active = select([("account_id", name("account_id")), ("active", integer(1))])
    rows: exp.Query = active.distinct().from_("events").where(_within(period))
    if stage.campaigns:
        joined = select([("account_id", name("account_id")), ("active", integer(0))])
        rows = exp.union(rows, joined.from_("members"), distinct=False)
    kept = ["org_id", "payment_id", *([SIGNED_UP] if Anchor.SIGNUP in stage.anchors else [])]
    fields = [field for field in stage.fields if field.ref.of_account]
    leaves = [one for one in stage.leaves if one.test.field.of_account]
    keep: list[tuple[str, Sql]] = [(key, name(key)) for key in ["account_id", *kept]]
    keep += [pair for field in fields for pair in _field(field)]
    folds = [field for field in fields if field.name in stage.folds]
    keep += [(folded_name(one.name), folded(column(one.ref.field))) for one in folds]
    raw = _raw(fields) | {"account_id", *kept}
    if stage.organisations:
        keep.append((SETTLED, supplied(FieldRef("org_id", of_account=True))))
        raw |= {"supplied"}
    recorded_ = layered(_from("accounts"), raw, keep, leaves)
    columns: list[tuple[str, Sql]]
    columns = [(key, name(key, "r")) for key in ("account_id", "active", "account")]
    columns += [(key, name(key, "a")) for key in kept]
    columns += [pair for field in fields for pair in _of_account(field)]
    columns += [(folded_name(one.name), name(folded_name(one.name), "a")) for one in folds]
    columns += [(one.name, name(one.name, "a")) for one in leaves]
    if stage.organisations:
        columns.append(("organisation", name("organisation", "o")))
        columns.append((SETTLED, coalesce(name(SETTLED, "a"), boolean(False))))
    query = select(columns).from_(_numbered("account_id", "account", rows).subquery("r"))
    on = _same("account_id", "a", "r")
    query = query.join(recorded_.subquery("a"), on=on, join_type="left")
    if stage.organisations:
        on = _same("org_id", "o", "a")
        query = query.join(_table(ORGANISATIONS, "o"), on=on, join_type="left")
    return query


def _from(table: str, condition: Sql | None = None) -> Callable[[Columns], exp.Select]:
    def base(columns: Columns) -> exp.Select:
        query = select(columns).from_(table)
        return query if condition is None else query.where(condition)

    return base


def _events(stage: Stage, period: Period) -> Callable[[Columns], exp.Select]:
    """Return what selects from the events of the period.

    What is looked at only of members is NULL elsewhere: most text then need not be read.
    """
    accounts = select([("account_id", name("account_id", "members"))]).from_("members")
    members = exp.Subquery(this=accounts)
    member: Sql = exp.In(this=name("account_id"), query=members)
    if stage.members_only:
        return _from("events", as_sql(every((_within(period), member))))
    if not stage.of_members:
        return _from("events", _within(period))

    def base(columns: Columns) -> exp.Select:
        raw = [one for one, value in columns if value == name(one)]
        told = select([*((one, name(one)) for one in raw), (_MEMBER, member)])
        told = told.from_("events").where(_within(period))
        seen = [(one, _of_member(one) if one in stage.of_members else name(one)) for one in raw]
        blanked = select(seen).from_(told.subquery("k"))
        return select(columns).from_(blanked.subquery("b"))

    return base


def _of_member(column_: str) -> Sql:
    return case((name(_MEMBER), name(column_)))


def _raw(fields: Sequence[Measured]) -> set[str]:
    found = {column(field.ref.field) for field in fields}
    none = any(field.ref.field.absent is Absent.NONE for field in fields)
    return found | ({"supplied"} if none else set())


def _field(field: Measured) -> list[tuple[str, Sql]]:
    """Return the column of a field's value and, if it can be blank, of whether it is known."""
    value: Sql = name(column(field.ref.field))
    known = recorded(field.ref)
    if field.ref.field.type.is_list:
        value = _elements(value)
    elif field.ref.field.type is FieldType.ANY:
        value = folded(column(field.ref.field))
    elif is_shape(field.ref.field):
        value = exp.Nullif(this=value, expression=text(""))
    if field.blank and field.knowledge is Knowledge.SOME:
        value = case((known, value))
    found = [(field.name, value)]
    return [*found, (known_name(field.name), known)] if field.blank else found


def _elements(value: Sql) -> Sql:
    """Return a list without empty places, NULL when nothing is left."""
    element = exp.to_identifier("element")
    kept = exp.Lambda(this=is_known(name("element")), expressions=[element])
    return exp.Nullif(this=call("list_filter", value, kept), expression=array([]))


def _measured(stage: Stage, period: Period) -> exp.Select:
    fields = [field for field in stage.fields if not field.ref.of_account]
    accounts = [field.name for field in fields if field.ref.name == "account_id"]
    fields = [one for one in fields if one.name not in accounts and stage.reads(one)]
    leaves = [one for one in stage.leaves if not one.test.field.of_account]
    own = ["account_id", "ts_us", *(["org_id"] if stage.organisations else [])]
    own += [IDENTITY] if stage.identified else []
    own += ["model"] if Anchor.RELEASE in stage.anchors else []
    keep: list[tuple[str, Sql]] = [(key, name(key)) for key in own]
    keep += [pair for field in fields for pair in _field(field)]
    raw = _raw(fields) | set(own)
    if stage.organisations:
        keep.append((SETTLED, supplied(FieldRef("org_id"))))
        raw |= {"supplied"}
    events = layered(_events(stage, period), raw, keep, leaves)
    of_test = _truths(stage)
    of_account = [pair for f in stage.fields if f.ref.of_account for pair in _of_account(f)]
    columns: list[tuple[str, Sql]] = [
        ("account", name("account", "a")),
        ("ts_us", name("ts_us", "e")),
        *((one, name("account", "a")) for one in accounts),  # as good as its id, and shorter
        *((one, name(one, "e")) for field in fields for one, _ in _field(field)),
        *((one, name(one, "a")) for one, _ in of_account),
        *((one.name, truth(one.selection, of_test).column()) for one in stage.chosen),
    ]
    columns = [(one, value) for one, value in columns if one not in stage.unread]
    if stage.identified:
        columns.append((IDENTITY, name(IDENTITY, "e")))
    if stage.organisations:
        # Most exchanges name none, or need not: those are of the account's, which is known.
        found = coalesce(name("organisation", "o"), name("organisation", "a"))
        columns.append(("organisation", found))
        columns.append((SETTLED, name(SETTLED, "e")))
    query = select(columns).from_(events.subquery("e", copy=False), copy=False)
    query = query.join(_table(ACCOUNTS, "a"), on=_same("account_id", "a", "e"), copy=False)
    if Anchor.RELEASE in stage.anchors:
        query = with_releases(query)
    if stage.organisations:
        on = _same("org_id", "o", "e")
        query = query.join(_table(ORGANISATIONS, "o"), on=on, join_type="left", copy=False)
    return query


def _of_account(field: Measured) -> list[tuple[str, Sql]]:
    found: list[tuple[str, Sql]] = [(field.name, name(field.name, "a"))]
    if field.blank:
        known = known_name(field.name)
        found.append((known, coalesce(name(known, "a"), boolean(False))))
    return found


def _truths(stage: Stage) -> Callable[[Test | After], Truth]:
    """Return where the outcome of each test stands once events and accounts are joined."""
    by_test = {one.test: one for one in stage.leaves}

    def of_test(test: Test | After) -> Truth:
        if isinstance(test, After):
            return leaf(is_after(test), after_knowledge(test, stage.coverage))
        found = by_test[test]
        table = "a" if test.field.of_account else "e"
        return leaf(name(found.name, table), found.knowledge)

    return of_test
