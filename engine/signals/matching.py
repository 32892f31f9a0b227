"""Which exchanges a selection picks: for the examples that stand beside a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlglot import exp

from engine.language.model.selection import After, Selection, Test
from engine.language.words import Anchor
from engine.signals.anchors import (
    SIGNED_UP,
    after_knowledge,
    anchors,
    is_after,
    with_releases,
)
from engine.signals.layers import Columns, columns_of_test, layered
from engine.signals.leaves import Leaf, test_knowledge
from engine.signals.plain import plain, tests
from engine.signals.sql import Condition, as_sql, compare, name, select, some, written
from engine.signals.truth import Truth, leaf, truth


def matching_sql(selections: Sequence[Selection], among: str, table: str = "events") -> str:
    """Return the query of the `event_id` of exchanges that certainly are in one of the selections.

    Only exchanges of accounts in the table `among` (column `account_id`) count; `table` may name
    another table with the columns of `events` and fewer rows. The compiled tests
    are those that the measures use, so an example is always one that was counted. The connection
    must know `fold_text` (`engine.activity.text.register`).
    """
    wanted = [plain(selection) for selection in selections]
    different = dict.fromkeys(test for one in wanted for test in tests(one))
    leaves = [Leaf(f"t{at}", test, test_knowledge(test, {})) for at, test in enumerate(different)]
    of_events = [one for one in leaves if not one.test.field.of_account]
    of_accounts = [one for one in leaves if one.test.field.of_account]
    needed = anchors(wanted)
    own = ["ts_us", *(["model"] if Anchor.RELEASE in needed else [])] if needed else []
    signed_up = [SIGNED_UP] if Anchor.SIGNUP in needed else []
    events = _layered(table, among, ["event_id", "account_id", *own], of_events)
    accounts = _layered("accounts", among, ["account_id", *signed_up], of_accounts)
    same = compare(exp.EQ, name("account_id", "a"), name("account_id", "e"))
    query = select([("event_id", name("event_id", "e"))]).from_(events.subquery("e"))
    query = query.join(accounts.subquery("a"), on=same, join_type="left")
    query = with_releases(query) if Anchor.RELEASE in needed else query
    return written(query.where(as_sql(_picked(wanted, leaves))))


def columns_matched(selections: Iterable[Selection]) -> frozenset[str]:
    """Return the columns of `events` that `matching_sql` looks at, `event_id` aside."""
    asked = (test for one in selections for test in tests(plain(one)))
    read = (columns_of_test(test) for test in asked if not test.field.of_account)
    return frozenset({"account_id", "ts_us", "model"}.union(*read))


def _picked(selections: Sequence[Selection], leaves: Sequence[Leaf]) -> Condition:
    by_test = {one.test: one for one in leaves}

    def outcome(test: Test | After) -> Truth:
        if isinstance(test, After):
            return leaf(is_after(test), after_knowledge(test, {}))
        return leaf(name(by_test[test].name), by_test[test].knowledge)

    return some(truth(one, outcome).true for one in selections)


def _layered(table: str, among: str, keys: Sequence[str], leaves: Sequence[Leaf]) -> exp.Select:
    keep = [(key, name(key)) for key in keys]
    return layered(_rows_of(table, among), set(keys), keep, leaves)


def _rows_of(table: str, among: str) -> Callable[[Columns], exp.Select]:
    accounts = exp.Subquery(this=select([("account_id", name("account_id"))]).from_(among))
    chosen = exp.In(this=name("account_id"), query=accounts)
    return lambda columns: select(columns).from_(table).where(chosen)
