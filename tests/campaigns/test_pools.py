"""Groups that hang on a few accounts are taken apart; what belongs together is not."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.campaigns.campaign import Linkage
from engine.campaigns.find import find_campaigns
from engine.campaigns.pools import Edges, communities, pools
from engine.language.model.links import Connector, Links
from fixtures.filled import AS_OF, Filled

CARDS_AND_DEVICES = Links(
    "ring",
    (Connector("account.payment_id", times=3), Connector("device_id", times=2.5)),
    strength=0.5,
    members_min=5,
)


def find(workspace: Filled, links: Links = CARDS_AND_DEVICES) -> Linkage:
    return find_campaigns(workspace, [links], as_of_us=AS_OF)


def pool(workspace: Filled, name: str, size: int, rng: random.Random) -> list[str]:
    """Add accounts that share cards and devices, each dealt independently."""
    accounts = [f"{name}{number:03}" for number in range(size)]
    cards, devices = (
        rng.sample([number % max(1, size // each) for number in range(size)], size)
        for each in (10, 6)
    )
    workspace.add(
        "accounts",
        [
            {"account_id": account, "payment_id": f"{name}-card{card}"}
            for account, card in zip(accounts, cards, strict=True)
        ],
    )
    workspace.add(
        "events",
        [
            {"account_id": account, "ts_us": AS_OF, "device_id": f"{name}-device{device}"}
            for account, device in zip(accounts, devices, strict=True)
        ],
    )
    return accounts


def sizes(linkage: Linkage) -> list[int]:
    return sorted(len(campaign.members) for campaign in linkage.campaigns)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.tuples(st.integers(12, 60), st.integers(12, 60)),
    st.sampled_from(["two on a device", "one on a second card", "two on second devices"]),
    st.integers(0, 999),
)
def test_two_pools_that_hang_on_a_few_accounts_are_two_campaigns(
    workspace: Filled, planted: tuple[int, int], joint: str, seed: int
) -> None:
    workspace.clear()
    rng = random.Random(seed)
    one = pool(workspace, "a", planted[0], rng)
    other = pool(workspace, "b", planted[1], rng)
    match joint:
        case "two on a device":
            workspace.event(one[3], device_id="met")
            workspace.event(other[5], device_id="met")
        case "one on a second card":
            workspace.event(one[4], device_id="b-device0")
        case "two on second devices":
            workspace.event(one[1], device_id="b-device0")
            workspace.event(one[7], device_id="b-device1")
    linkage = find(workspace)
    assert sum(sizes(linkage)) == sum(planted)
    (split,) = linkage.splits
    assert sorted(split.members) == sizes(linkage)
    strangers = [
        min(sum(account.startswith(name) for account in campaign.account_ids) for name in "ab")
        for campaign in linkage.campaigns
    ]
    assert len(strangers) == 2
    assert sum(strangers) <= 2
    assert find(workspace, replace(CARDS_AND_DEVICES, bridge=0)).splits == ()


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(10, 120), st.integers(0, 999))
def test_a_single_pool_stays_whole(workspace: Filled, size: int, seed: int) -> None:
    workspace.clear()
    accounts = pool(workspace, "a", size, random.Random(seed))
    linkage = find(workspace)
    assert linkage.splits == ()
    assert sum(sizes(linkage)) <= len(accounts)


def ties(pairs: set[tuple[int, int]]) -> Edges:
    both = sorted(pairs | {(other, one) for one, other in pairs})
    one, other = (np.array(side, dtype=np.int64) for side in zip(*both, strict=True))
    return Edges(one, other, np.full(len(one), 700_000, dtype=np.int64))


def parts(pairs: set[tuple[int, int]], accounts: int, bridge: int = 2) -> list[int]:
    edges = ties(pairs)
    whole = np.zeros(accounts, dtype=np.int64)
    label = pools(communities(whole, edges), edges, members_min=5, bridge=bridge)
    return sorted(np.unique(label, return_counts=True)[1].tolist())


@pytest.mark.parametrize("near", [1, 2, 3, 5])
@pytest.mark.parametrize("ring", [False, True])
def test_a_chain_of_equal_links_stays_whole(near: int, ring: bool) -> None:
    ahead = [(n, n + step) for n in range(200) for step in range(1, near + 1)]
    pairs = {(n, m % 200) for n, m in ahead if ring or m < 200}
    assert parts(pairs, 200) == [200]


def test_a_star_stays_whole() -> None:
    assert parts({(0, n) for n in range(1, 60)}, 60) == [60]


def clique(first: int, size: int) -> set[tuple[int, int]]:
    return {(n, m) for n in range(first, first + size) for m in range(n) if m >= first}


def test_small_groups_at_the_edge_stay_with_their_pool() -> None:
    assert parts(clique(0, 12) | clique(12, 4) | {(3, 13)}, 16) == [16]


@pytest.mark.parametrize(("joints", "expected"), [(1, [12, 12]), (2, [12, 12]), (3, [24])])
def test_so_many_accounts_may_hold_two_pools_together(joints: int, expected: list[int]) -> None:
    pairs = clique(0, 12) | clique(12, 12) | {(n, 12 + n) for n in range(joints)}
    assert parts(pairs, 24) == expected


def test_a_row_of_pools_falls_into_all_of_them() -> None:
    pairs = {pair for n in range(6) for pair in clique(12 * n, 12)}
    pairs |= {(12 * n + 1, 12 * n + 14) for n in range(5)}
    assert parts(pairs, 72) == [12] * 6
