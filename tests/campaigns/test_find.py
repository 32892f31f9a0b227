"""Campaigns are what a plain reading of the rules says, whatever the order of the rows."""

from __future__ import annotations

import hashlib
import math
import random
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.campaigns.campaign import Campaign, Linkage
from engine.campaigns.carriers import LinkError
from engine.campaigns.find import find_campaigns
from engine.language.model.links import Connector, Links
from fixtures.filled import AS_OF, Filled

PAYMENT = Connector("account.payment_id")
DEVICE = Connector("device_id")


def link(*connectors: Connector, strength: float = 0.5, **sizes: Any) -> Links:
    return Links("ring", connectors, strength, **sizes)


def find(workspace: Filled, *links: Links, **given: Any) -> Linkage:
    return find_campaigns(workspace, links, **{"as_of_us": AS_OF, **given})


def members(linkage: Linkage) -> list[tuple[str, ...]]:
    return sorted(campaign.account_ids for campaign in linkage.campaigns)


# The plain reading


def naive_carriers(
    workspace: Filled, connector: Connector, since: int, as_of: int
) -> dict[str, set[str]]:
    """Return the accounts that carry each value of a connector, by the letter of its docstring."""
    shared = connector.shared
    if shared.startswith("account."):
        column = shared.removeprefix("account.").replace("/24", "_network")
        rows = workspace.rows(
            f"SELECT account_id, {column} FROM accounts WHERE COALESCE(created_us, 0) <= {as_of}"
        )
        least = 1
    else:
        column = shared.replace("/24", "_network")
        rows = workspace.rows(
            f"SELECT account_id, {column} FROM events WHERE ts_us BETWEEN {since} AND {as_of}"
        )
        least = connector.min_events
    carriers: dict[str, set[str]] = {}
    for account, value in set(rows):
        if value is not None and value != "" and rows.count((account, value)) >= least:
            carriers.setdefault(value, set()).add(account)
    low, high = max(2, connector.min_accounts), connector.max_accounts
    return {value: who for value, who in carriers.items() if low <= len(who) <= high}


def naive(workspace: Filled, links: Links, since: int, as_of: int) -> list[tuple[Any, ...]]:
    """Return (members, strengths, evidence) of each campaign, computed the slow way."""
    found = [
        (number, shared.shared, value, who)
        for number, shared in enumerate(links.connectors)
        for value, who in naive_carriers(workspace, shared, since, as_of).items()
    ]
    kinds: dict[tuple[str, str, int], int] = {}
    for number, _, _, who in found:
        for one, other in combinations(sorted(who), 2):
            weight = round(1e6 / math.log2(1 + len(who)))
            kinds[one, other, number] = kinds.get((one, other, number), 0) + weight
    pairs: dict[tuple[str, str], int] = {}
    for (one, other, number), power in kinds.items():
        limit = links.connectors[number].at_most
        capped = power if limit is None else min(power, round(limit * 1e6))
        pairs[one, other] = pairs.get((one, other), 0) + capped
    strong = {pair: power for pair, power in pairs.items() if power >= round(links.strength * 1e6)}
    active = {
        account
        for (account,) in workspace.rows(
            f"SELECT account_id FROM events WHERE ts_us BETWEEN {since} AND {as_of}"
        )
    }
    groups: list[set[str]] = []
    for pair in strong:
        touching = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touching]
        groups.append(set(pair).union(*touching))
    result = []
    for group in groups:
        if links.members_min <= len(group) <= links.members_max and group & active:
            people = []
            for account in sorted(group):
                power = max(p for pair, p in strong.items() if account in pair)
                ties = sorted(
                    (len(who), number, value, shared)
                    for number, shared, value, who in found
                    if account in who and len(who & group) > 1
                )
                needed = naive_needed(account, group, strong, found, links)
                shown = [
                    (*tie[2:], tie[1:3] == needed)
                    for place, tie in enumerate(ties)
                    if place < 5 or tie[1:3] == needed
                ]
                people.append((account, power / 1e6, shown))
            result.append(tuple(people))
    return sorted(result)


def naive_needed(
    account: str,
    group: set[str],
    strong: dict[tuple[str, str], int],
    found: list[tuple[int, str, str, set[str]]],
    links: Links,
) -> tuple[int, str] | None:
    """Return the value (with its connector) without which the account has no link left."""

    def strength(one: str, other: str, without: tuple[int, str]) -> int:
        total = 0
        for number, connector in enumerate(links.connectors):
            power = sum(
                round(1e6 / math.log2(1 + len(who)))
                for n, _, value, who in found
                if n == number and (n, value) != without and {one, other} <= who
            )
            limit = connector.at_most
            total += power if limit is None else min(power, round(limit * 1e6))
        return total

    mine = [pair for pair in strong if account in pair and set(pair) <= group]
    least = round(links.strength * 1e6)
    candidates = [
        (len(who), number, value)
        for number, _, value, who in found
        if account in who and all(strength(*pair, (number, value)) < least for pair in mine)
    ]
    return min(candidates)[1:] if candidates else None


def told(campaigns: tuple[Campaign, ...]) -> list[tuple[Any, ...]]:
    return sorted(
        tuple(
            (m.account_id, m.strength, [(tie.value, tie.shared, tie.needed) for tie in m.evidence])
            for m in campaign.members
        )
        for campaign in campaigns
    )


VALUES = st.sampled_from([None, "", "x", "y", "z", "é"])
EVENTS = st.lists(
    st.tuples(st.sampled_from("abcdefghij"), st.integers(1, 4), VALUES, VALUES, VALUES),
    max_size=30,
)
ACCOUNTS = st.dictionaries(
    st.sampled_from("abcdefghijkl"), st.tuples(st.sampled_from([None, 1, 9]), VALUES, VALUES)
)
CONNECTORS = st.lists(
    st.builds(
        Connector,
        st.sampled_from(
            ["account.payment_id", "account.signup_ip/24", "device_id", "ip/24", "prompt_shape"]
        ),
        st.integers(1, 4),
        st.integers(1, 8),
        st.integers(1, 3),
        at_most=st.sampled_from([None, 0.3, 0.5]),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    events=EVENTS,
    accounts=ACCOUNTS,
    connectors=CONNECTORS,
    strength=st.sampled_from([0.2, 0.4, 0.5, 0.63093, 0.9, 1.2]),
    sizes=st.tuples(st.integers(2, 3), st.integers(3, 9)),
    period=st.tuples(st.integers(0, 2), st.integers(2, 5)),
)
def test_campaigns_are_those_of_the_plain_reading(
    workspace: Filled,
    events: list[tuple[Any, ...]],
    accounts: dict[str, tuple[Any, ...]],
    connectors: list[Connector],
    strength: float,
    sizes: tuple[int, int],
    period: tuple[int, int],
) -> None:
    workspace.clear()
    names = ("account_id", "ts_us", "device_id", "ip_network", "prompt_shape")
    workspace.add("events", [dict(zip(names, event, strict=True)) for event in events])
    fields = ("created_us", "payment_id", "signup_ip_network")
    workspace.add(
        "accounts",
        [{"account_id": a, **dict(zip(fields, v, strict=True))} for a, v in accounts.items()],
    )
    links = Links("ring", tuple(connectors), strength, *sizes, bridge=0)
    linkage = find(workspace, links, since_us=period[0], as_of_us=period[1])
    assert told(linkage.campaigns) == naive(workspace, links, *period)
    assert linkage.dropped_values == ()


# What the plain reading does not cover


def test_a_campaign_is_named_after_its_first_member(workspace: Filled) -> None:
    for account in ("b", "ä", "a"):
        workspace.account(account, payment_id="card")
    workspace.event("b")
    (campaign,) = find(workspace, link(PAYMENT)).campaigns
    assert campaign.account_ids == ("a", "b", "ä")
    assert campaign.id == "c-" + hashlib.sha256(b"ring\0a").hexdigest()[:12]
    assert workspace.rows("FROM members ORDER BY account_id") == [
        (campaign.id, account) for account in ("a", "b", "ä")
    ]


def test_nothing_links_nobody(workspace: Filled) -> None:
    for account in "abc":
        workspace.account(account)
        workspace.event(account, prompt_shape="")
    linkage = find(workspace, link(PAYMENT, Connector("prompt_shape"), Connector("ip/24")))
    assert linkage == Linkage((), (), ())
    assert workspace.rows("FROM members") == []


def test_an_empty_workspace_has_no_campaign(workspace: Filled) -> None:
    assert find(workspace, link(PAYMENT, DEVICE)) == Linkage((), (), ())


def test_links_that_connect_nothing_find_nothing(workspace: Filled) -> None:
    workspace.account("a", payment_id="card")
    assert find(workspace, link()) == Linkage((), (), ())


def test_no_links_no_campaigns(workspace: Filled) -> None:
    workspace.account("a", payment_id="card")
    assert find(workspace) == Linkage((), (), ())
    assert workspace.rows("FROM members") == []


def test_what_lies_outside_the_period_does_not_count(workspace: Filled) -> None:
    workspace.event("a", device_id="d", ts_us=10)
    workspace.event("b", device_id="d", ts_us=20)
    assert members(find(workspace, link(DEVICE), since_us=10, as_of_us=20)) == [("a", "b")]
    assert members(find(workspace, link(DEVICE), since_us=11, as_of_us=20)) == []
    assert members(find(workspace, link(DEVICE), since_us=10, as_of_us=19)) == []
    assert members(find(workspace, link(DEVICE), as_of_us=20)) == [("a", "b")]


def test_accounts_of_which_none_was_active_are_no_campaign(workspace: Filled) -> None:
    """Nothing can be said of their conduct, so nothing may follow from what they share."""
    for account in ("a", "b", "standby", "sleeper"):
        workspace.account(account, payment_id="card" if account in "ab" else "other")
    workspace.event("a", ts_us=5)
    linkage = find(workspace, link(PAYMENT), since_us=5, as_of_us=9)
    assert members(linkage) == [("a", "b")]
    assert workspace.rows("SELECT account_id FROM members ORDER BY 1") == [("a",), ("b",)]
    assert members(find(workspace, link(PAYMENT), since_us=6, as_of_us=9)) == []


def test_an_account_that_does_not_exist_yet_links_nobody(workspace: Filled) -> None:
    workspace.account("a", payment_id="card", created_us=5)
    workspace.account("b", payment_id="card", created_us=6)
    workspace.event("b", ts_us=5)
    assert members(find(workspace, link(PAYMENT), as_of_us=5)) == []
    assert members(find(workspace, link(PAYMENT), as_of_us=6)) == [("a", "b")]


def test_an_idle_account_on_the_same_card_is_a_member(workspace: Filled) -> None:
    workspace.event("a", device_id="d")
    workspace.account("a", payment_id="card")
    workspace.account("standby", payment_id="card")
    assert members(find(workspace, link(PAYMENT))) == [("a", "standby")]


def test_an_account_listed_twice_is_one(workspace: Filled) -> None:
    workspace.account("a", payment_id="card")
    workspace.account("a", payment_id="card")
    assert members(find(workspace, link(PAYMENT))) == []


def test_lists_link_by_any_element_and_count_it_once_an_exchange(workspace: Filled) -> None:
    workspace.event("a", prefix_hashes=["p", "p", "q"])
    workspace.event("b", times=2, prefix_hashes=["p"])
    assert members(find(workspace, link(Connector("prefix_hashes")))) == [("a", "b")]
    assert members(find(workspace, link(Connector("prefix_hashes", min_events=2)))) == []


def test_numbers_can_be_shared(workspace: Filled) -> None:
    for account in "ab":
        workspace.event(account, asn=64_512)
    (campaign,) = find(workspace, link(Connector("asn"))).campaigns
    assert campaign.members[0].evidence[0].value == "64512"


@pytest.mark.parametrize(
    "shared", ["card", "account.card", "payment_id", "device_id/24", "", "ip/16"]
)
def test_an_unknown_connector_is_named(workspace: Filled, shared: str) -> None:
    with pytest.raises(LinkError, match=f"is called `{shared}`"):
        find(workspace, link(Connector(shared)))
    assert find(workspace, link(PAYMENT)).campaigns == ()


def test_evidence_comes_strongest_first_and_not_too_much_of_it(workspace: Filled) -> None:
    for number in range(7):
        for account in ["a", "b", *(f"other{n}" for n in range(number))]:
            workspace.event(account, device_id=f"d{number}")
    (campaign,) = find(workspace, link(DEVICE, strength=2.5)).campaigns
    (first, _) = campaign.members
    assert [(tie.value, tie.accounts) for tie in first.evidence] == [
        (f"d{number}", number + 2) for number in range(5)
    ]
    assert first.evidence[1].weight == 0.5
    assert first.strength == pytest.approx(
        sum(1 / math.log2(number + 3) for number in range(7)), abs=1e-5
    )


def test_a_group_too_large_is_reported(workspace: Filled) -> None:
    for account in "abcd":
        workspace.account(account, payment_id="card")
    linkage = find(workspace, link(PAYMENT, strength=0.4, members_max=3))
    assert linkage.campaigns == ()
    (large,) = linkage.oversized
    assert (large.members, large.example, large.links_name) == (4, "a", "ring")


def test_too_many_pairs_drop_the_most_shared_values_and_say_so(workspace: Filled) -> None:
    for account in "abcde":
        workspace.account(account, payment_id="popular")
    for account in "ab":
        workspace.event(account, device_id="rare")
    linkage = find(workspace, link(PAYMENT, DEVICE, strength=0.3), pair_budget=9)
    assert members(linkage) == [("a", "b")]
    (dropped,) = linkage.dropped_values
    assert (dropped.shared, dropped.values, dropped.fewest_accounts) == ("account.payment_id", 1, 5)
    assert [tie.value for tie in linkage.campaigns[0].members[0].evidence] == ["rare"]


def test_several_links_give_campaigns_of_their_own_and_twins_once(workspace: Filled) -> None:
    for account in "abc":
        workspace.account(account, payment_id="card")
        workspace.event(account, device_id="d")
    workspace.event("d", device_id="d")
    money, again = Links("money", (PAYMENT,), 0.4), Links("again", (PAYMENT,), 0.3)
    machines = Links("machines", (DEVICE,), 0.4)
    linkage = find(workspace, money, machines, again)
    assert [(c.links_name, c.account_ids) for c in linkage.campaigns] == [
        ("again", ("a", "b", "c")),
        ("machines", ("a", "b", "c", "d")),
    ]
    assert len({campaign.id for campaign in linkage.campaigns}) == 2


def test_neither_order_nor_threads_matter() -> None:
    rng = random.Random(4)
    rows = [
        {
            "account_id": f"a{rng.randrange(300)}",
            "ts_us": rng.randrange(AS_OF),
            "device_id": f"d{rng.randrange(400)}",
            "ip_network": f"n{rng.randrange(150)}",
        }
        for _ in range(1_500)
    ]
    links = link(DEVICE, Connector("ip/24"), strength=0.6)
    found = []
    for threads in (1, 4):
        rng.shuffle(rows)
        with Filled(threads=threads) as workspace:
            workspace.add("events", rows)
            found.append(find(workspace, links))
    assert found[0] == found[1]
    assert len(found[0].campaigns) > 1


def test_values_of_one_connector_add_up_to_its_limit_only(workspace: Filled) -> None:
    for account in "abc":
        for device in ("d1", "d2", "d3"):
            workspace.event(account, device_id=device)
    for account in "ab":
        workspace.account(account, payment_id="card")
    devices = Connector("device_id", at_most=0.6)
    assert members(find(workspace, link(devices, strength=0.6))) == [("a", "b", "c")]
    assert members(find(workspace, link(devices, strength=0.61))) == []
    (campaign,) = find(workspace, link(devices, PAYMENT, strength=1.2)).campaigns
    assert [member.strength for member in campaign.members] == [1.23093, 1.23093]


def test_a_member_that_one_value_alone_links_is_told(workspace: Filled) -> None:
    for number in range(6):
        workspace.account(f"a{number}", payment_id="card")
        workspace.event(f"a{number}", device_id="phone")
    workspace.account("guest", payment_id="card")
    (campaign,) = find(workspace, link(PAYMENT, DEVICE, strength=0.3)).campaigns
    needed = {
        member.account_id: [tie.value for tie in member.evidence if tie.needed]
        for member in campaign.members
    }
    assert needed == {"guest": ["card"], **{f"a{number}": [] for number in range(6)}}
