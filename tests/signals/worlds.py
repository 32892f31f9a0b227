"""Random activity and random measures for the proofs, and how activity enters a workspace."""

from __future__ import annotations

import ipaddress
from typing import Any

import sliding_worlds
from direct import Account, Event, World, mapped
from hypothesis import strategies as st

from engine.activity.tables import ACCOUNT_SUPPLIED_BIT, SUPPLIED_BIT, columns, create_tables_sql
from engine.activity.workspace import Workspace
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, Field, FieldRef
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import (
    EVERYTHING,
    After,
    AllOf,
    AnyOf,
    Not,
    Selection,
    Test,
)
from engine.language.words import Anchor, CohortScale, Match, NoveltyScale, SubjectKind, TimePart

AS_OF = 1_780_000_000_000_000
HOUR = 3_600_000_000
DAY = 24 * HOUR

TEXTS = ["", "Step by Step", "STEP", "ﬁne Kelvin K", "Straße\n100%", "x'y|z.*", "a\0b", "İ", "é"]
SHAPES = ["", "s1", "s2"]
IPS = ["10.0.0.1", "10.0.1.9", "192.168.0.1", "2001:db8::1", "ffff::1", "::ffff:10.0.0.1"]
HUGE = [0, 1, 2, 3, 1000, 2**53 + 1, 2**62, 2**63 - 1]

EVENT_VALUES: dict[str, list[Any]] = {
    "org_id": ["o1", "o2", "O1"],
    "api_key_id": ["k1", "K1"],
    "end_user_id": ["u1", "u2", "o1"],
    "model": ["m1", "m2"],
    "input_tokens": HUGE,
    "prompt": TEXTS,
    "system_prompt": TEXTS,
    "prompt_hash": ["h1", "h2", "h3"],
    "prompt_shape": SHAPES,
    "prefix_hashes": [[], ["p"], ["p", "q"], ["q", "q", None]],
    "ip": IPS,
    "user_agent": ["curl/8", "CURL/8", ""],
    "temperature": [-500, 0, 700, 701, 1000],
    "logprobs": [True, False],
    "top_logprobs": [0, 5, 20],
    "logit_bias_ids": [[], [1], [1, 2, 3], [2, 2]],
    "labels": [[], ["Reasoning"], ["reasoning", "chat"], ["ÉLAN", None]],
    "status": [200, 429],
    "blocked_by": ["Filter", ""],
}
ACCOUNT_VALUES: dict[str, list[Any]] = {
    "org_id": ["o1", "o3"],
    "created_at": [AS_OF - DAY, 0, -5],
    "plan": ["Free", "pro", "ﬁne"],
    "payment_id": ["c1", "c2"],
    "signup_ip": IPS,
    "approvals": [[], ["Research"], ["other"]],
}
ACCOUNTS = ["a1", "a2", "A3", "é4"]


def _rows(
    values: dict[str, list[Any]], fields: dict[str, Field], bits: dict[str, int]
) -> st.SearchStrategy[tuple[dict[str, Any], frozenset[str]]]:
    present = st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(pool) for name, pool in values.items()}
    )
    supplied = st.one_of(st.just(frozenset(bits)), st.frozensets(st.sampled_from(sorted(bits))))

    def trimmed(
        pair: tuple[dict[str, Any], frozenset[str]],
    ) -> tuple[dict[str, Any], frozenset[str]]:
        found, given = pair
        return {k: v for k, v in found.items() if k not in bits or k in given}, given

    return st.tuples(present, supplied).map(trimmed)


TIMES = st.sampled_from([
    AS_OF, AS_OF - 1, AS_OF - 999, AS_OF - 1000, AS_OF - HOUR, AS_OF - HOUR - 1, AS_OF - DAY,
    AS_OF - DAY - 1, AS_OF - 2 * DAY, AS_OF - 40 * DAY, 0, AS_OF + 1,
])  # fmt: skip


RELEASED = st.sampled_from([AS_OF + DAY, AS_OF, AS_OF - HOUR, AS_OF - DAY - 1, AS_OF - 2 * DAY])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Return a few events, some before and after the period, of a few accounts."""
    accounts = {}
    for account_id in draw(st.sets(st.sampled_from(ACCOUNTS))):
        values, supplied = draw(_rows(ACCOUNT_VALUES, ACCOUNT_FIELDS, ACCOUNT_SUPPLIED_BIT))
        accounts[account_id] = Account(account_id, values, supplied)
    releases = draw(st.dictionaries(st.sampled_from(["m1", "m2"]), RELEASED))
    events = []
    for number in range(draw(st.integers(1, 14))):
        values, supplied = draw(_rows(EVENT_VALUES, EXCHANGE_FIELDS, SUPPLIED_BIT))
        values.setdefault("model", "m1")
        account_id = draw(st.sampled_from(ACCOUNTS))
        account = accounts.get(account_id)
        released = releases.get(values["model"])
        when = draw(TIMES)
        events.append(Event(f"e{number}", when, account_id, values, supplied, account, released))
    members = st.lists(st.sampled_from([*ACCOUNTS, "nobody"]), min_size=1, unique=True)
    campaigns = draw(st.dictionaries(st.sampled_from(["x", "Y"]), members))
    return World(events, accounts, campaigns, releases)


def ref(name: str) -> FieldRef:
    """Return a field as a policy names it."""
    own, _, of_account = name.rpartition("account.")
    return FieldRef(
        of_account if "account." in name else name, of_account="account." in name or bool(own)
    )


def check(name: str, match: Match, *values: Any, every: bool = False, cased: bool = False) -> Test:
    """Return a test."""
    return Test(ref(name), match, values, every=every, cased=cased)


_PHRASES = ["step by step", "STEP", "", "ss", "z.*", "FINE", "K", "\0", "é", "i̇"]
_NO_PART: st.SearchStrategy[TimePart | None] = st.none()
_TEXT_MATCHES = [Match.EQUALS, Match.CONTAINS, Match.STARTSWITH, Match.ENDSWITH]
_ORDERS = [Match.EQUALS, Match.GT, Match.GTE, Match.LT, Match.LTE]


def _values(pool: list[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.sampled_from(pool), min_size=1, max_size=3).map(tuple)


def _tests(
    fields: list[str],
    matches: list[Match],
    pool: list[Any],
    part: st.SearchStrategy[TimePart | None] = _NO_PART,
) -> st.SearchStrategy[Test]:
    return st.builds(
        Test,
        st.sampled_from(fields).map(ref),
        st.sampled_from(matches),
        _values(pool),
        every=st.booleans(),
        cased=st.booleans(),
        time_part=part,
    )


_PAIRS = [
    ("prompt", "system_prompt"),
    ("prompt", "user_agent"),
    ("end_user_id", "org_id"),
    ("input_tokens", "top_logprobs"),
    ("account.plan", "account.signup_channel"),
]
TESTS = st.one_of(
    _tests(["prompt", "system_prompt", "user_agent", "account.plan"], _TEXT_MATCHES, _PHRASES),
    _tests(
        ["prompt", "account.plan", "api_key_id"],
        [Match.RE],
        ["a+", "Step.*", "^$", "É|x", "[^a-z]k", "S{2}"],
    ),
    _tests(
        ["api_key_id", "model", "prompt_hash", "end_user_id"], _TEXT_MATCHES, ["k1", "m", "h1", "u"]
    ),
    _tests(["blocked_by"], [Match.EQUALS], [None, "filter", ""]),
    _tests(
        ["input_tokens", "top_logprobs", "status", "max_tokens"],
        _ORDERS,
        [0, 1, 5, 429, 1.5, 2**63 - 1, 2**70, -(2**70), 1e300],
    ),
    _tests(["temperature"], _ORDERS, [0.7, 0.7005, 1, -0.5, 0]),
    _tests(["account.created_at", "ts"], _ORDERS, [AS_OF - DAY, 0, -5]),
    st.sampled_from(TimePart).flatmap(
        lambda part: _tests(
            ["account.created_at", "ts"], _ORDERS, [*part.bounds, 3, 21], st.just(part)
        )
    ),
    st.builds(
        lambda pair, cased: Test(ref(pair[0]), Match.FIELDREF, (), cased=cased, other=ref(pair[1])),
        st.sampled_from(_PAIRS),
        st.booleans(),
    ),
    _tests(["logprobs"], [Match.EQUALS], [True, False]),
    _tests(
        ["labels", "prefix_hashes", "account.approvals"],
        [*_TEXT_MATCHES, Match.RE],
        ["reasoning", "p", "élan", "Research"],
    ),
    _tests(["logit_bias_ids"], [Match.CONTAINS, *_ORDERS], [1, 2, 2.5, 9]),
    _tests(
        ["ip", "account.signup_ip"],
        [Match.CIDR],
        ["10.0.0.0/8", "2001:db8::/32", "::/0", "0.0.0.0/0", "ffff::/16", "::ffff:10.0.0.0/120"],
    ),
    _tests(["ip"], [Match.EQUALS], IPS),
    _tests(
        [
            "prompt",
            "labels",
            "prefix_hashes",
            "logit_bias_ids",
            "temperature",
            "account.plan",
            "account.approvals",
            "ip",
        ],
        [Match.EXISTS],
        [True, False],
    ),
)

SELECTIONS: st.SearchStrategy[Selection] = st.one_of(
    st.just(EVERYTHING),
    st.recursive(
        TESTS,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        ),
        max_leaves=5,
    ),
)
WINDOWS = st.sampled_from([None, 0, HOUR, DAY, 30 * DAY])
NUMBERS = st.sampled_from(
    ["input_tokens", "temperature", "top_logprobs", "account.created_at"]
).map(ref)
VALUED = st.sampled_from([
    "prompt_shape", "prompt_hash", "labels", "logit_bias_ids", "prefix_hashes", "end_user_id",
    "logprobs", "ip", "model", "prompt", "account.payment_id", "account.approvals", "account_id",
    "status", "account.account_id",
]).map(ref)  # fmt: skip
MIN_OF = st.integers(0, 3)
AMOUNTS: st.SearchStrategy[float] = st.sampled_from(
    [0, 1, 0.7, 1.5, 500.333, 2**53, -0.2505, 1e15, -1e15, 0.000000000000001]
)
SPANS = st.sampled_from([0, 1, 999, HOUR, DAY, 2**63])

AFTER = st.one_of(
    st.none(),
    st.builds(
        After, st.sampled_from(Anchor), st.sampled_from([0, 1, HOUR, DAY, 2 * DAY, 3660 * DAY])
    ),
)

_windowed: dict[str, Any] = {"window_us": WINDOWS, "after": AFTER}
_chosen: dict[str, Any] = {"where": SELECTIONS, **_windowed}
ACTIVITY: st.SearchStrategy[m.Measure] = st.one_of(
    st.builds(m.Count, **_chosen),
    st.builds(m.Share, of=SELECTIONS, min_of=MIN_OF, **_chosen),
    *(st.builds(one, field=NUMBERS, **_chosen) for one in (m.Sum, m.Mean, m.Minimum, m.Maximum)),
    st.builds(m.Distinct, field=VALUED, **_chosen),
    st.builds(m.TopShare, field=VALUED, min_of=MIN_OF, **_chosen),
    st.builds(m.Entropy, field=VALUED, min_of=MIN_OF, **_chosen),
    st.builds(m.Busiest, span_us=SPANS, **_chosen),
    st.builds(m.GapCv, min_events=st.integers(0, 4), **_chosen),
    st.builds(m.Approved, approval=st.sampled_from(["research", "none"])),
    st.one_of(
        sliding_worlds.measures(
            sliding_worlds.Parts(SELECTIONS, SPANS, _windowed, VALUED, NUMBERS, AMOUNTS)
        )
    ),
)


def cohorts(value: st.SearchStrategy[m.Measure]) -> st.SearchStrategy[m.Cohort]:
    """Return comparisons of some signals among few peers."""
    traits = ["account.plan", "account.org_id", "account.payment_id", "account.account_id"]
    return st.builds(
        m.Cohort,
        value=value,
        by=st.lists(st.sampled_from(traits).map(ref), max_size=2, unique=True).map(tuple),
        scale=st.sampled_from(CohortScale),
        min_peers=st.integers(1, 3),
    )


_COMPARED: st.SearchStrategy[m.Measure] = st.one_of(
    st.builds(m.Count, **_chosen),
    st.builds(m.Share, of=SELECTIONS, min_of=MIN_OF, **_chosen),
    st.builds(m.GapCv, min_events=st.integers(0, 4), **_chosen),
)
COHORTS = cohorts(st.one_of(_COMPARED, _COMPARED, cohorts(_COMPARED)))
LENGTHS = st.sampled_from([1, 999, HOUR, DAY, 2 * DAY])
RUNS = ["logit_bias_ids", "input_tokens", "top_logprobs", "account.signup_asn"]
HABITS: st.SearchStrategy[m.Measure] = st.one_of(
    st.builds(h.ActiveHours, **_chosen),
    st.builds(h.HourFlatness, min_events=st.integers(0, 4), **_chosen),
    st.builds(
        h.Novel,
        field=VALUED,
        where=SELECTIONS,
        window_us=LENGTHS,
        history_us=LENGTHS,
        scale=st.sampled_from(NoveltyScale),
        min_history=st.integers(0, 2),
    ),
    st.builds(
        lambda windows, window_us, **rest: h.Spike(
            window_us=window_us, baseline_us=windows * window_us + window_us // 2, **rest
        ),
        st.integers(1, 50),
        LENGTHS,
        where=SELECTIONS,
        min_windows=st.integers(1, 3),
    ),
    st.builds(
        h.ReleaseShift,
        field=st.just(ref("model")),
        soon=st.builds(After, st.just(Anchor.RELEASE), LENGTHS),
        min_of=MIN_OF,
        **_chosen,
    ),
    st.builds(m.LongestRun, field=st.sampled_from(RUNS).map(ref), **_chosen),
)
CAMPAIGN: st.SearchStrategy[m.Measure] = st.one_of(
    ACTIVITY,
    HABITS,
    st.just(m.Members()),
    st.just(m.Payers()),
    st.just(m.Organisations()),
    st.just(m.Portion()),
    st.builds(
        m.Carriers,
        of=SELECTIONS,
        at_least_share=st.sampled_from([0.0, 1e-12, 0.1, 0.5, 2 / 3, 0.95, 1.0]),
        **_chosen,
    ),
    st.builds(m.Shared, field=VALUED.filter(lambda field: field.of_account)),
    st.builds(
        m.Shared,
        field=VALUED.filter(lambda field: not field.of_account),
        at_least_share=st.sampled_from([0.0, 0.2, 0.5, 2 / 3, 1.0]),
        **_chosen,
    ),
    st.builds(m.Tenants, field=VALUED, at_least=st.integers(2, 4), **_chosen),
    st.builds(
        m.PartitionIndex, field=st.sampled_from(["prompt_shape", "model"]).map(ref), **_chosen
    ),
)
MEASURES: st.SearchStrategy[dict[SubjectKind, list[m.Measure]]] = st.fixed_dictionaries(
    {
        SubjectKind.ACCOUNT: st.lists(st.one_of(ACTIVITY, HABITS, COHORTS), max_size=3),
        SubjectKind.ORGANISATION: st.lists(st.one_of(ACTIVITY, HABITS, COHORTS), max_size=2),
        SubjectKind.CAMPAIGN: st.lists(
            st.one_of(CAMPAIGN, COHORTS, st.builds(m.MemberCohort, cohort=COHORTS)), max_size=3
        ),
    }
)


def _stored(values: dict[str, Any], fields: dict[str, Field]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        found[{"created_at": "created_us"}.get(name, name)] = value
        if name in ("ip", "signup_ip"):
            found[f"{name}_number"] = int(mapped(ipaddress.ip_address(value)))
    return {name: found.get(name) for name in columns(fields)}


def _insert(workspace: Workspace, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    names = list(rows[0])
    each = f"({', '.join('?' for _ in names)})"
    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([each] * len(rows))}"
    workspace.execute(sql, [row[name] for row in rows for name in names])


def prepare(workspace: Workspace) -> None:
    """Make the tables that a plan reads, empty."""
    for statement in create_tables_sql():
        workspace.execute(statement)
    workspace.execute("CREATE TABLE members (campaign_id VARCHAR, account_id VARCHAR)")


def fill(workspace: Workspace, world: World) -> None:
    """Put a world into the workspace's tables, in place of what was there."""
    workspace.execute("BEGIN")
    for table in ("events", "accounts", "models", "members"):
        workspace.execute(f"DELETE FROM {table}")
    add(workspace, world)
    workspace.execute("COMMIT")


def add(workspace: Workspace, world: World) -> None:
    """Put a world into the workspace's tables, beside what is there."""
    _insert(workspace, "events", [_event_row(event) for event in world.events])
    _insert(workspace, "accounts", [_account_row(one) for one in world.accounts.values()])
    released = [{"model": model, "released_us": at} for model, at in world.releases.items()]
    _insert(workspace, "models", released)
    pairs = [
        {"campaign_id": campaign, "account_id": account}
        for campaign, accounts in world.members.items()
        for account in accounts
    ]
    _insert(workspace, "members", pairs)


def _event_row(event: Event) -> dict[str, Any]:
    row = _stored(event.values, EXCHANGE_FIELDS)
    row |= {"event_id": event.event_id, "ts_us": event.ts_us, "account_id": event.account_id}
    return row | {"supplied": sum(1 << SUPPLIED_BIT[name] for name in event.supplied)}


def _account_row(account: Account) -> dict[str, Any]:
    row = _stored(account.values, ACCOUNT_FIELDS) | {"account_id": account.account_id}
    return row | {"supplied": sum(1 << ACCOUNT_SUPPLIED_BIT[name] for name in account.supplied)}
