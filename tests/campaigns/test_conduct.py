"""What a campaign does, against a count of one exchange after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slow_conduct import Event, alike, conduct, digest

from engine.campaigns import conduct as engine
from engine.campaigns.conduct import FIELDS, Conduct, Trait, Whose, conducts, shared_digests
from engine.campaigns.succession import likeness
from fixtures.filled import Filled

HOUR_US = 3_600_000_000
ACCOUNTS = "abcdefgh"
END_US = 100 * HOUR_US

values = st.sampled_from(["t0", "t1", "t2", "t3", "", None])
events = st.lists(
    st.builds(
        Event,
        st.sampled_from(ACCOUNTS),
        st.integers(0, 130).map(lambda hour: hour * HOUR_US),
        st.sampled_from(["m", "n"]),
        st.fixed_dictionaries(dict.fromkeys(FIELDS, values)),
    ),
    max_size=60,
)
members = st.dictionaries(
    st.sampled_from(["c1", "c2", "c3"]),
    st.frozensets(st.sampled_from(ACCOUNTS), min_size=1),
    min_size=1,
)


few = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def told(found: Conduct) -> tuple[object, ...]:
    """Return a conduct as the slow count has it."""
    traits = [(t.field, t.digest, t.requests, t.carriers, t.others) for t in found.traits]
    return found.requests, found.accounts, traits, list(found.models), list(found.hours)


def untold(counted: Any) -> Conduct:
    """Return a slow count as a conduct."""
    requests, accounts, traits, models, hours = counted
    return Conduct(
        requests, accounts, tuple(Trait(*one) for one in traits), tuple(models), tuple(hours)
    )


def fill(workspace: Filled, happened: list[Event], campaigns: Mapping[str, frozenset[str]]) -> None:
    workspace.clear()
    workspace.add(
        "events",
        [
            {"account_id": one.account, "ts_us": one.ts_us, "model": one.model}
            | {field: one.values[field] for field in FIELDS}
            for one in happened
        ],
    )
    workspace.execute("CREATE OR REPLACE TABLE members (campaign_id VARCHAR, account_id VARCHAR)")
    workspace.add(
        "members",
        [
            {"campaign_id": name, "account_id": account}
            for name, mine in campaigns.items()
            for account in mine
        ],
    )


@few
@given(
    happened=events,
    campaigns=members,
    also=st.frozensets(st.sampled_from(ACCOUNTS)),
    only=st.none() | st.frozensets(st.sampled_from(["t0", "t1", "t2"])),
)
def test_conduct_is_what_a_slow_count_says(
    workspace: Filled,
    happened: list[Event],
    campaigns: dict[str, frozenset[str]],
    also: frozenset[str],
    only: frozenset[str] | None,
) -> None:
    fill(workspace, happened, campaigns)
    wanted = only and frozenset(digest(field, value) for field in FIELDS for value in only)
    asked = [Whose(f"as {name}", name, also, wanted) for name in campaigns]
    found = conducts(workspace, asked, as_of_us=END_US)
    seen = [one for one in happened if one.ts_us <= END_US]
    expected = {
        f"as {name}": slow
        for name in campaigns
        if (slow := conduct(seen, campaigns, name, also, wanted)) is not None
    }
    assert {key: told(one) for key, one in found.items()} == expected


@few
@given(happened=events, campaigns=members)
def test_digests_shared_are_those_of_the_traits(
    workspace: Filled, happened: list[Event], campaigns: dict[str, frozenset[str]]
) -> None:
    fill(workspace, happened, campaigns)
    wanted = {digest(field, value) for field in FIELDS for value in ("t0", "t1")}
    found = shared_digests(workspace, campaigns, wanted, as_of_us=END_US)
    whole = conducts(workspace, [Whose(name, name) for name in campaigns], as_of_us=END_US)
    expected = {key: {t.digest for t in one.traits} & wanted for key, one in whole.items()}
    assert found == {key: mine for key, mine in expected.items() if mine}


@given(before=events, after=events)
def test_likeness_is_what_the_formula_says(before: list[Event], after: list[Event]) -> None:
    campaigns = {"c1": frozenset("abcd"), "c2": frozenset("ef")}
    then, now = (conduct(each, campaigns, "c1", frozenset(), None) for each in (before, after))
    if then is None or now is None:
        return
    found = likeness(untold(then), untold(now))
    assert found.millionths == int(alike(then, now) * 1_000_000)
    assert found.millionths == likeness(untold(now), untold(then)).millionths


def test_a_few_traits_with_most_requests_are_kept(workspace: Filled) -> None:
    happened = [
        Event(account, n, "m", {"prompt_shape": f"t{n}", "system_shape": None, "tools_sig": None})
        for n in range(engine.MOST + 5)
        for account in "ab"
        for _ in range(2 if n >= 5 else 1)
    ]
    fill(workspace, happened, {"c1": frozenset("ab")})
    (found,) = conducts(workspace, [Whose("c1", "c1")], as_of_us=END_US).values()
    assert {t.requests for t in found.traits} == {4}
    assert len(found.traits) == engine.MOST


def test_the_same_template_in_two_pools_of_strangers_is_alike_as_a_whole() -> None:
    def pool(requests: int, others: int = 0) -> Conduct:
        trait = Trait("prompt_shape", "t", requests, 10, others)
        return Conduct(100, 10, (trait,), (("m", 100),), (100, *[0] * 23))

    assert likeness(pool(100), pool(100)).millionths == 1_000_000
    assert likeness(pool(90), pool(40)).millionths == 400_000
    assert likeness(pool(100), pool(100, others=990)).millionths == 10_000
    assert likeness(pool(100, others=990), pool(100)).millionths == 10_000
