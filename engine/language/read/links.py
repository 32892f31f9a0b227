"""Links: how accounts are joined into campaigns."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics, Related, quote
from engine.language.fields import FieldType
from engine.language.model.links import Connector, Links, SignUp, Slicing, Synchrony
from engine.language.read.field_key import ALL_FIELDS
from engine.language.read.mapping import (
    InvalidError,
    Keys,
    Reading,
    Shaper,
    shaped,
    suggestion,
)
from engine.language.read.scalars import (
    decimal,
    distinct,
    duration,
    integer,
    list_of,
    name,
    one_of,
    text,
)
from engine.language.read.times import DURATION
from engine.language.yaml_nodes import Document, MappingNode, Node

NETWORKS = ("ip/24", "account.signup_ip/24")
"""Addresses link by their network: /24 of IPv4, /48 of IPv6."""

_OWN = frozenset({"account_id", "account.account_id", "event_id", "retry_of"})
"""Identifiers of one account or one exchange, which no two accounts share."""

_LINKING = frozenset({FieldType.IDENTIFIER, FieldType.IDENTIFIERS})

LINKABLE = (
    *NETWORKS,
    "account.email_domain",
    "user_agent",
    *(
        spelled
        for spelled, ref in ALL_FIELDS.items()
        if ref.field.type in _LINKING and spelled not in _OWN
    ),
)
"""What accounts can be linked by."""

OBSERVED = tuple(word for word in LINKABLE if not word.startswith("account."))
"""What accounts can be seen to do at the same times."""

SLICED = ("prompt_shape", "system_shape", "tools_sig")
"""What exchanges have in common that are one work: a template, an instruction, a set of tools."""

_DAY_US = 86_400_000_000

_MOST_ACCOUNTS = 10**7
_MOST_EVENTS = 10**9
_MOST_HOLDERS = 3  # a pool needs several times as many of the links that are looked at


def read_links(document: Document, problems: Diagnostics) -> Links:
    """Read a links document; InvalidError, reported, when none can be made of it."""
    keys = Keys(document.root, "links", problems)
    title = keys.required("links", name)
    connectors = keys.required("connect", list_of(_connector, single=True))
    keys.optional("weight", one_of(("inverse_log_degree",), "weight"), "inverse_log_degree")
    strength = keys.required("strength", _strength)
    members = keys.optional("members", _members, (2, 50_000))
    bridge = keys.optional("bridge", integer(0, _MOST_HOLDERS), 2)
    slices: Reading[Slicing | None] = keys.optional("slices", _slices, None)
    keys.finish()
    least, most = members.value
    ways = connectors.value
    return Links(
        name=title.value,
        connectors=tuple(each for each in ways if isinstance(each, Connector)),
        synchronous=tuple(each for each in ways if isinstance(each, Synchrony)),
        signed_up=_only_one([each for each in ways if isinstance(each, SignUp)], problems),
        strength=strength.value,
        members_min=least,
        members_max=most,
        bridge=bridge.value,
        slices=slices.value,
        span=document.root.span,
    )


def _slices(node: Node, problems: Diagnostics) -> Slicing:
    keys = Keys(node, "`slices`", problems)
    by = keys.required("by", distinct(list_of(one_of(SLICED, "field to slice by"), single=True)))
    events = keys.optional("min_events", integer(1, _MOST_EVENTS), 500)
    accounts = keys.optional("min_accounts", integer(2, _MOST_ACCOUNTS), 5)
    each = keys.optional("per_account", integer(1, _MOST_EVENTS), 3)
    keys.finish()
    return Slicing(tuple(sorted(by.value)), events.value, accounts.value, each.value, node.span)


def _only_one(found: list[SignUp], problems: Diagnostics) -> SignUp | None:
    for more in found[1:]:
        related = [Related(found[0].span, "first listed here")]
        message = "`signed_up_within` is listed twice"
        problems.error(codes.EXCLUSIVE, more.span, message, related=related)
        raise InvalidError
    return found[0] if found else None


def _ways(told: Shaper) -> dict[str, object]:
    return {"anyOf": [told(_sharing), told(_synchrony), told(_sign_up)]}


@shaped(_ways)
def _connector(node: Node, problems: Diagnostics) -> Connector | Synchrony | SignUp:
    keys = {entry.key for entry in node.entries} if isinstance(node, MappingNode) else set()
    if "synchronous" in keys:
        return _synchrony(node, problems)
    return _sign_up(node, problems) if "signed_up_within" in keys else _sharing(node, problems)


def _synchrony(node: Node, problems: Diagnostics) -> Synchrony:
    keys = Keys(node, "a synchronous connector", problems)
    shared = keys.required("synchronous", _observed)
    bucket = keys.required("bucket", _bucket)
    jaccard = keys.required("jaccard", _jaccard)
    buckets = keys.required("min_buckets", integer(2, _MOST_EVENTS))
    days = keys.optional("min_days", integer(1, 3_650), 2)
    most = keys.optional("max_accounts", integer(2, _MOST_ACCOUNTS), 500)
    adds = keys.optional("adds", decimal(0.01, 100), 0.5)
    keys.finish()
    return Synchrony(
        shared=shared.value,
        bucket_us=bucket.value,
        jaccard=jaccard.value,
        min_buckets=buckets.value,
        min_days=days.value,
        max_accounts=most.value,
        adds=adds.value,
        span=node.span,
    )


def _sign_up(node: Node, problems: Diagnostics) -> SignUp:
    keys = Keys(node, "a sign-up connector", problems)
    within = keys.required("signed_up_within", duration)
    adds = keys.optional("adds", decimal(0.01, 100), 0.25)
    keys.finish()
    return SignUp(within.value, adds.value, node.span)


@shaped({"type": "string", "title": "duration", "pattern": f"^{DURATION.pattern}$"})
def _bucket(node: Node, problems: Diagnostics) -> int:
    value = duration(node, problems)
    if _DAY_US % value == 0:
        return value
    hint = "such as 1m, 10m, 1h or 1d, so that no bucket lies in two days"
    problems.error(codes.OUT_OF_RANGE, node.span, "a bucket must divide a day evenly", hint=hint)
    raise InvalidError


def _jaccard(node: Node, problems: Diagnostics) -> float:
    keys = Keys(node, "`jaccard`", problems, example="such as `{gte: 0.5}`")
    least = keys.required("gte", decimal(0.01, 1))
    keys.finish()
    return least.value


@shaped({"enum": list(OBSERVED)})
def _observed(node: Node, problems: Diagnostics) -> str:
    value = text(node, problems)
    if value in OBSERVED:
        return value
    message = f"accounts cannot be synchronous by {quote(value)}"
    hint = suggestion(value, OBSERVED)
    problems.error(codes.BAD_CONNECTOR, node.span, message, hint=hint)
    raise InvalidError


def _sharing(node: Node, problems: Diagnostics) -> Connector:
    keys = Keys(node, "a connector", problems, example="such as `{shared: account.payment_id}`")
    shared = keys.required("shared", _shared)
    least = keys.optional("min_accounts", integer(2, _MOST_ACCOUNTS), 2)
    most = keys.optional("max_accounts", integer(2, _MOST_ACCOUNTS), 500)
    events = keys.optional("min_events", integer(1, _MOST_EVENTS), 1)
    at_most: Reading[float | None] = keys.optional("at_most", decimal(0.01, 100), None)
    times = keys.optional("times", decimal(0.01, 100), 1.0)
    keys.finish()
    _check_order(least.value, most.value, node, "max_accounts", problems)
    return Connector(
        shared=shared.value,
        min_accounts=least.value,
        max_accounts=most.value,
        min_events=events.value,
        at_most=at_most.value,
        times=times.value,
        span=node.span,
    )


@shaped({"enum": list(LINKABLE)})
def _shared(node: Node, problems: Diagnostics) -> str:
    value = text(node, problems)
    if value in LINKABLE:
        return value
    hint = suggestion(value, LINKABLE)
    if f"{value}/24" in NETWORKS:
        hint = f"write `{value}/24`: addresses link by their network"
    message = f"accounts cannot be linked by {quote(value)}"
    problems.error(codes.BAD_CONNECTOR, node.span, message, hint=hint)
    raise InvalidError


def _strength(node: Node, problems: Diagnostics) -> float:
    keys = Keys(node, "`strength`", problems, example="such as `{gte: 1}`")
    least = keys.required("gte", decimal(0.01, 100))
    keys.finish()
    return least.value


def _members(node: Node, problems: Diagnostics) -> tuple[int, int]:
    keys = Keys(node, "`members`", problems, example="such as `{gte: 5, lte: 50000}`")
    least = keys.optional("gte", integer(2, _MOST_ACCOUNTS), 2)
    most = keys.optional("lte", integer(2, _MOST_ACCOUNTS), 50_000)
    keys.finish()
    _check_order(least.value, most.value, node, "lte", problems)
    return least.value, most.value


def _check_order(least: int, most: int, node: Node, key: str, problems: Diagnostics) -> None:
    if least <= most:
        return
    message = f"`{key}` is {most}, below the minimum of {least}"
    problems.error(codes.OUT_OF_RANGE, node.span, message)
    raise InvalidError
