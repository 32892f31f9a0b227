"""Which exchanges a selection picks: for the examples that stand beside a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from engine.language.model.selection import Selection, Test
from engine.signals.leaves import Leaf, test_knowledge
from engine.signals.plain import plain, tests
from engine.signals.sql import Sql, as_sql, compare, name, select, some, written
from engine.signals.truth import leaf, truth

_EVENT, _ACCOUNT = ("event_id", "account_id"), ("account_id",)


def matching_sql(selections: Sequence[Selection], among: str) -> str:
    """Return the query of the `event_id` of exchanges that certainly are in one of the selections.

    Only exchanges of accounts in the table `among` (column `account_id`) count. The compiled tests
    are those that the measures use, so an example is always one that was counted.
    """
    wanted = [plain(selection) for selection in selections]
    named = {test: f"t{at}" for at, test in enumerate(dict.fromkeys(_all_tests(wanted)))}
    leaves = [Leaf(column, test, test_knowledge(test, {})) for test, column in named.items()]
    by_test = {one.test: one for one in leaves}
    condition = some(
        truth(one, lambda test: leaf(name(named[test]), by_test[test].knowledge)).true
        for one in wanted
    )
    of_events = [one for one in leaves if not one.test.field.of_account]
    of_accounts = [one for one in leaves if one.test.field.of_account]
    events = _columns("events", _EVENT, of_events).where(_among(among))
    query = select([("event_id", name("event_id"))]).from_(events.subquery("e"))
    if of_accounts:
        accounts = _columns("accounts", _ACCOUNT, of_accounts).where(_among(among))
        same = compare(exp.EQ, name("account_id", "a"), name("account_id", "e"))
        query = query.join(accounts.subquery("a"), on=same, join_type="left")
    return written(query.where(as_sql(condition)))


def _all_tests(selections: Iterable[Selection]) -> Iterable[Test]:
    return (test for selection in selections for test in tests(selection))


def _columns(table: str, keys: tuple[str, ...], leaves: Sequence[Leaf]) -> exp.Select:
    columns: list[tuple[str, Sql]] = [(key, name(key)) for key in keys]
    columns += [(one.name, one.column()) for one in leaves]
    return select(columns).from_(table)


def _among(table: str) -> Sql:
    return exp.In(this=name("account_id"), query=exp.Subquery(
        this=select([("account_id", name("account_id"))]).from_(table)
    ))  # fmt: skip
