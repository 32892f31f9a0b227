"""Tests written inside a policy: activity as a timeline, and what must come of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, FieldRef
from engine.language.model.policy import PolicyTest
from engine.language.moments import format_instant
from engine.language.read.mapping import Keys, Read, as_mapping, suggestion
from engine.language.read.plain import plain
from engine.language.read.scalars import (
    boolean,
    duration,
    integer,
    list_of,
    name,
    one_of,
    text,
    time,
)
from engine.language.read.timeline_values import value_of
from engine.language.yaml_nodes import MappingNode, Node, locate

EXPECTATIONS = ("finding", "no finding", "indeterminate")
_MOST_ACCOUNTS = 1_000_000
_MOST_EXCHANGES = 10_000_000
_ACCOUNTS = integer(1, _MOST_ACCOUNTS)
_PER_ACCOUNT = integer(1, _MOST_EXCHANGES)
_LINKS = one_of(("all", "rules"), "way of linking")
_EXPECT = one_of(EXPECTATIONS, "expectation")
_OF_ACCOUNTS = {name: value_of(field, each=True) for name, field in ACCOUNT_FIELDS.items()}
_OF_EXCHANGES = {name: value_of(field, each=False) for name, field in EXCHANGE_FIELDS.items()}


def read_test(declared: Mapping[str, FieldRef], node: Node, problems: Diagnostics) -> PolicyTest:
    """Read one entry of `tests`."""
    keys = Keys(node, "a test", problems)
    title = keys.required("name", text)
    as_of = keys.required("as_of", time)
    accounts = keys.required("accounts", _GROUPS)
    exchanges = keys.optional("exchanges", list_of(partial(_exchanges, declared), single=True), ())
    models = keys.optional("models", _RELEASES, ())
    links = keys.optional("links", _LINKS, "rules")
    expect = keys.required("expect", _EXPECT)
    twin = keys.optional("twin", boolean, default=False)
    keys.finish()
    _check_groups(as_mapping(node, problems), accounts.value, exchanges.value, problems)
    return PolicyTest(
        name=title.value,
        expect=expect.value,
        as_of_us=as_of.value,
        accounts=accounts.value,
        exchanges=exchanges.value,
        models=models.value,
        links=links.value,
        twin=twin.value,
        span=node.span,
    )


def _group(node: Node, problems: Diagnostics) -> dict[str, object]:
    """Read a group of accounts: how many, what it is called, and the fields of its accounts."""
    keys = Keys(node, "a group of accounts", problems)
    keys.optional("count", _ACCOUNTS, 1)
    keys.optional("name", name, "")
    return _with_fields(keys, node, _OF_ACCOUNTS, problems)


def _exchanges(
    declared: Mapping[str, FieldRef], node: Node, problems: Diagnostics
) -> dict[str, object]:
    """Read exchanges: how many for each account, how often, and their fields."""
    keys = Keys(node, "exchanges", problems)
    keys.optional("per_account", _PER_ACCOUNT, 1)
    keys.optional("every", duration, 1)
    keys.optional("start", time, 0)
    keys.optional("accounts", name, "")
    return _with_fields(keys, node, _of_exchanges(declared), problems)


def _of_exchanges(declared: Mapping[str, FieldRef]) -> Mapping[str, Read[None]]:
    if not declared:
        return _OF_EXCHANGES
    extra = {key: value_of(ref.field, each=False) for key, ref in declared.items()}
    return {**_OF_EXCHANGES, **extra}


def _release(node: Node, problems: Diagnostics) -> dict[str, object]:
    """Read when a model was released."""
    keys = Keys(node, "a model", problems)
    model, released = keys.required("model", text), keys.required("released_at", time)
    keys.finish()
    return {"model": model.value, "released_at": format_instant(released.value)}


_GROUPS = list_of(_group, single=True)
_RELEASES = list_of(_release, single=True)


def _with_fields(
    keys: Keys, node: Node, fields: Mapping[str, Read[None]], problems: Diagnostics
) -> dict[str, object]:
    keys.known(fields)
    keys.finish()
    value = plain(node, problems)
    return value if isinstance(value, dict) else {}


def _check_groups(
    node: MappingNode,
    accounts: tuple[dict[str, object], ...],
    exchanges: tuple[dict[str, object], ...],
    problems: Diagnostics,
) -> None:
    names = [str(group["name"]) for group in accounts if "name" in group]
    for position, entry in enumerate(exchanges):
        wanted = entry.get("accounts")
        if wanted is None or wanted in names:
            continue
        span = locate(node, "exchanges", position, "accounts")
        message = f"no group of accounts is called {quote(wanted)}"
        hint = suggestion(str(wanted), names)
        problems.error(codes.UNKNOWN_GROUP, span, message, hint=hint)
