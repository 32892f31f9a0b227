"""Tests written inside a policy: activity as a timeline, and what must come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import partial

from engine.language import codes
from engine.language.diagnostic import Diagnostics, Related, quote
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, FieldRef
from engine.language.model.policy import PastStrike, PolicyTest
from engine.language.model.response import ActionSpec
from engine.language.moments import format_instant
from engine.language.read.expectations import NONE, Expectations, expected_actions
from engine.language.read.mapping import (
    Asked,
    InvalidError,
    Keys,
    Read,
    Reading,
    as_mapping,
    suggestion,
)
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
    word,
)
from engine.language.read.timeline_values import value_of
from engine.language.span import Span
from engine.language.words import ActionKind
from engine.language.yaml_nodes import MappingNode, Node, locate

LINKS = ("all", "groups", "rules")
_MOST_ACCOUNTS = 1_000_000
_MINUTE_US = 60_000_000
_MOST_EXCHANGES = 1_000_000
"""Of a series, and of a test in all."""
_MOST_DUPLICATES = 1_000
_ACCOUNTS = integer(1, _MOST_ACCOUNTS)
_PER_ACCOUNT = integer(1, _MOST_EXCHANGES)
_DUPLICATES = integer(1, _MOST_DUPLICATES)
_MOMENTS = list_of(time, single=True)
_LINKS = one_of(LINKS, "way of linking")
_ACTION = word(ActionKind)
_OF_ACCOUNTS = {name: value_of(field, each=True) for name, field in ACCOUNT_FIELDS.items()}
_OF_EXCHANGES = {name: value_of(field, each=False) for name, field in EXCHANGE_FIELDS.items()}


def test_over(declared: Mapping[str, FieldRef], signals: Collection[str]) -> Read[PolicyTest]:
    """Return a reader of the entries of `tests` of a policy that has these signals."""
    exchanges = list_of(partial(_exchanges, _of_exchanges(declared)), single=True)
    return partial(_test, exchanges, Expectations(signals))


def _test(
    series: Read[tuple[dict[str, object], ...]],
    expectations: Expectations,
    node: Node,
    problems: Diagnostics,
) -> PolicyTest:
    keys = Keys(node, "a test", problems)
    title = keys.required("name", text)
    as_of = keys.required("as_of", time)
    accounts = keys.required("accounts", _GROUPS)
    exchanges = keys.optional("exchanges", series, ())
    models = keys.optional("models", _RELEASES, ())
    links = keys.optional("links", _LINKS, "rules")
    strikes = keys.optional("strikes", _STRIKES, ())
    expect = keys.required("expect", expectations.of(_names(accounts)))
    values = keys.optional("values", expectations.values, ())
    actions: Reading[tuple[ActionSpec, ...] | None]
    actions = keys.optional("actions", expected_actions, None)
    twin = keys.optional("twin", boolean, default=False)
    keys.finish()
    told = expect.value
    test = PolicyTest(
        name=title.value,
        expect="" if isinstance(told, tuple) else told.verdict,
        as_of_us=as_of.value,
        accounts=accounts.value,
        exchanges=exchanges.value,
        models=models.value,
        links=links.value,
        twin=twin.value,
        values=values.value,
        actions=actions.value,
        groups=told if isinstance(told, tuple) else (),
        strikes=strikes.value,
        span=node.span,
        expect_span=locate(node, "expect"),
    )
    _check_groups(test, as_mapping(node, problems), problems)
    _check_size(test, node, problems)
    return test


def _check_size(test: PolicyTest, node: Node, problems: Diagnostics) -> None:
    """Report activity that would take minutes to write down; each number alone may be large."""
    made = sum(_size(series, test.accounts) for series in test.exchanges)
    if made > _MOST_EXCHANGES:
        message = f"the test makes {made:,} exchanges"
        hint = f"at most {_MOST_EXCHANGES:,} in all"
        problems.error(codes.OUT_OF_RANGE, locate(node, "exchanges"), message, hint=hint)


def _size(series: Mapping[str, object], groups: tuple[dict[str, object], ...]) -> int:
    """Return how many exchanges a series makes."""
    wanted, at, burst = series.get("accounts"), series.get("at"), series.get("burst")
    accounts = sum(
        _whole(group.get("count", 1)) for group in groups if wanted in (None, group.get("name"))
    )
    moments = _whole(series.get("per_account", 1))
    if at is not None:
        moments = len(at) if isinstance(at, list) else 1
    each = _whole(burst.get("count")) if isinstance(burst, dict) else 1
    return accounts * moments * each * (1 + _whole(series.get("duplicates", 0)))


def _whole(value: object) -> int:
    """Return a number as it is written; what is none has been reported, and counts once."""
    return value if isinstance(value, int) and value >= 0 else 1


def _group(node: Node, problems: Diagnostics) -> dict[str, object]:
    """Read a group of accounts: how many, what it is called, and the fields of its accounts."""
    keys = Keys(node, "a group of accounts", problems, example="such as `{count: 30}`")
    return _with_fields(keys, node, _GROUP, _OF_ACCOUNTS, problems)


def _exchanges(
    fields: Mapping[str, Read[None]], node: Node, problems: Diagnostics
) -> dict[str, object]:
    """Read exchanges: how many for each account, when, and their fields."""
    keys = Keys(node, "exchanges", problems, example="such as `{per_account: 20, every: 1h}`")
    value = _with_fields(keys, node, _SERIES, fields, problems)
    _exclude(as_mapping(node, problems), "at", ("per_account", "every", "start"), problems)
    return value


def _of_exchanges(declared: Mapping[str, FieldRef]) -> Mapping[str, Read[None]]:
    if not declared:
        return _OF_EXCHANGES
    extra = {key: value_of(ref.field, each=False) for key, ref in declared.items()}
    return {**_OF_EXCHANGES, **extra}


def _burst(node: Node, problems: Diagnostics) -> None:
    """Read a burst: how many exchanges stand for one, and in what time."""
    keys = Keys(node, "a burst", problems, example="such as `{count: 5, within: 1m}`")
    keys.required("count", _PER_ACCOUNT)
    keys.required("within", duration)
    keys.finish()


def _strike(node: Node, problems: Diagnostics) -> PastStrike:
    """Read what was done before, and when."""
    keys = Keys(node, "a strike", problems)
    at, action = keys.required("at", time), keys.required("action", _ACTION)
    group: Reading[str | None] = keys.optional("accounts", name, None)
    keys.finish()
    return PastStrike(at.value, action.value, group.value)


def _release(node: Node, problems: Diagnostics) -> dict[str, object]:
    """Read when a model was released."""
    keys = Keys(node, "a model", problems)
    model, released = keys.required("model", text), keys.required("released_at", time)
    keys.finish()
    return {"model": model.value, "released_at": format_instant(released.value)}


_GROUP: Asked = {"count": (_ACCOUNTS, False, 1), "name": (name, False, "")}
_SERIES: Asked = {
    "per_account": (_PER_ACCOUNT, False, 1),
    "every": (duration, False, _MINUTE_US),
    "start": (time, False, 0),
    "at": (_MOMENTS, False, ()),
    "burst": (_burst, False, None),
    "duplicates": (_DUPLICATES, False, 0),
    "accounts": (name, False, ""),
}
"""The keys beside the fields: of all that there may be, mostly few are there."""
_GROUPS = list_of(_group, single=True)
_RELEASES = list_of(_release, single=True)
_STRIKES = list_of(_strike, single=True)


def _with_fields(
    keys: Keys, node: Node, asked: Asked, fields: Mapping[str, Read[None]], problems: Diagnostics
) -> dict[str, object]:
    keys.known(asked, fields)
    with suppress(InvalidError):  # with a field misspelt, it still is the group that others name
        keys.finish()
    value = plain(node, problems)
    return value if isinstance(value, dict) else {}


def _exclude(node: MappingNode, key: str, others: Collection[str], problems: Diagnostics) -> None:
    """Report keys that say nothing beside another one."""
    first = node.entry(key)
    for entry in node.entries:
        if first is not None and entry.key in others:
            message = f"{quote(entry.key)} does not go with {quote(key)}"
            related = [Related(first.key_span, "written here")]
            hint = "remove one of the two"
            if key == "expect":
                hint = "write it within the group: `<name>: {verdict: finding, values: …}`"
            problems.error(codes.EXCLUSIVE, entry.key_span, message, hint=hint, related=related)


def _names(accounts: Reading[tuple[dict[str, object], ...]]) -> list[str] | None:
    """Return the names of the groups that have one; None where they could not be read."""
    if accounts.failed:
        return None
    names = (group.get("name") for group in accounts.value)
    return [name for name in names if isinstance(name, str)]


def _check_groups(test: PolicyTest, node: MappingNode, problems: Diagnostics) -> None:
    names: list[str] = []
    unnamed = [f"group{n}" for n, group in enumerate(test.accounts) if "name" not in group]
    for position, group in enumerate(test.accounts):
        if "name" not in group:
            continue
        called, path = group["name"], ("accounts", position, "name")
        if called == NONE:
            message = f"{quote(NONE)} says that there is none, and cannot be a group's name"
            hint = "another name, such as `others`"
            problems.error(codes.RESERVED_NAME, locate(node, *path), message, hint=hint)
        elif called in unnamed:
            message = f"{quote(called)} is what the group without a name is called"
            hint = "give that group a name, too"
            problems.error(codes.REPEATED, locate(node, *path), message, hint=hint)
        if called in names:
            message = f"a second group of accounts is called {quote(called)}"
            problems.error(codes.REPEATED, locate(node, *path), message, hint="rename one of them")
        names.append(str(called))
    for wanted, where in _groups_named(test):
        if wanted in names:
            continue
        span = where if isinstance(where, Span) else locate(node, *where)
        message = f"no group of accounts is called {quote(wanted)}"
        hint = suggestion(wanted, names) or "give a group a `name`"
        problems.error(codes.UNKNOWN_GROUP, span, message, hint=hint)
    if test.groups:
        _exclude(node, "expect", ("values", "actions"), problems)


def _groups_named(test: PolicyTest) -> Iterator[tuple[str, Span | tuple[str | int, ...]]]:
    """Yield the groups that a test refers to, and where: a span, or a path of the test."""
    for position, series in enumerate(test.exchanges):
        if series.get("accounts") is not None:
            yield str(series["accounts"]), ("exchanges", position, "accounts")
    for position, strike in enumerate(test.strikes):
        if strike.group is not None:
            yield strike.group, ("strikes", position, "accounts")
    for one in test.groups:
        yield str(one.group), one.span
        for position, other in enumerate(one.campaign or ()):
            yield other, ("expect", str(one.group), "campaign", position)
