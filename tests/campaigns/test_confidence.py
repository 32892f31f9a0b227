"""Members of whom it is surer that they belong to their campaign belong to it more often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest
from test_quality import SHARED_IDENTITY

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.campaigns.campaign import Campaign
from engine.campaigns.confidence import kind_of
from engine.campaigns.find import find_campaigns
from engine.language.model.links import Connector, Links, SignUp
from fixtures.filled import AS_OF, Filled
from fixtures.generate import generate
from fixtures.scale import AS_OF_US, Scale
from fixtures.truth import Truth

PULLED = 40
"""Honest accounts that are given a card, and as many that are given a device, of somebody's."""


class Judged(NamedTuple):
    """A member: how sure it is, and what is true."""

    sure: int
    right: bool
    """One hand runs it and most of its campaign."""
    planted: bool
    """That hand is not honest."""


@pytest.fixture(scope="module", params=[11, 12, 13])
def judged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Judged]:
    """Pull honest accounts into campaigns by one thing each, and judge all members."""
    folder: Path = tmp_path_factory.mktemp("world")
    truth = generate(Scale(60_000, 3_000), request.param, folder)
    with Workspace() as workspace:
        read_activity(workspace, str(folder))
        _pull(workspace, truth)
        whole = find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF_US).whole
    return list(_judge(truth, whole))


def _pull(workspace: Workspace, truth: Truth) -> None:
    honest = sorted(a for a, label in truth.labels.items() if label.campaign is None)[::7]
    pools = sorted(truth.campaigns(benign=False).values(), key=len, reverse=True)
    hands = [sorted(pool)[at] for at in range(0, 20, 2) for pool in pools if len(pool) > at]
    for place, account in enumerate(honest[: 2 * PULLED]):
        field = ("payment_id", "device_id")[place % 2]
        workspace.execute(
            f"UPDATE accounts SET {field} = coalesce((SELECT any_value({field}) FROM accounts "
            f"WHERE account_id = ?), {field}) WHERE account_id = ?",
            [hands[place % len(hands)], account],
        )


def _judge(truth: Truth, campaigns: Sequence[Campaign]) -> Iterator[Judged]:
    planted = truth.campaigns(benign=False)
    for campaign in campaigns:
        hands = [truth.labels[account].campaign for account in campaign.account_ids]
        hand = max(sorted({h for h in hands if h}), key=hands.count)
        for member, mine in zip(campaign.members, hands, strict=True):
            assert member.confidence is not None
            yield Judged(member.confidence, mine == hand, hand in planted)


def test_the_surer_a_membership_the_more_often_it_is_right(judged: list[Judged]) -> None:
    edges = (0, 300, 450, 600, 1001)
    right = [
        [one.right for one in judged if low <= one.sure < high] for low, high in pairwise(edges)
    ]
    rates = [sum(each) / len(each) for each in right if each]
    assert rates == sorted(rates)
    assert rates[-1] == 1


def test_accounts_pulled_in_are_doubted_and_members_are_not(judged: list[Judged]) -> None:
    wrong = [one.sure for one in judged if not one.right]
    pools = [one.sure for one in judged if one.right and one.planted]
    assert len(wrong) >= PULLED // 2
    assert max(wrong) < 500
    assert median(pools) >= 800
    assert min(pools) >= 500


def test_a_company_on_one_card_is_one_kind_of_evidence_however_many_they_are(
    workspace: Filled,
) -> None:
    for number in range(30):
        workspace.account(f"staff{number}", payment_id="corporate")
    workspace.event("staff0")
    sure = set(_sure(workspace, Links("ring", (Connector("account.payment_id"),), 0.1)).values())
    assert sure == {900 * 29 // 60}


def test_one_neighbour_is_worth_half(workspace: Filled) -> None:
    for name in "ab":
        workspace.account(name, payment_id="card")
        workspace.event(name, device_id="phone")
    assert _sure(workspace) == {"a": 1890 // 4, "b": 1890 // 4}


def test_neither_order_nor_threads_matter() -> None:
    rows = [(f"a{n:03}", f"card{n % 7}", f"phone{n % 11}", n * 37 % 400) for n in range(200)]
    found = []
    for threads, ordered in ((1, rows), (4, rows[::-1])):
        with Filled(threads) as workspace:
            for account, card, phone, created in ordered:
                workspace.account(account, payment_id=card, created_us=created)
                workspace.event(account, device_id=phone)
            links = Links("ring", RING.connectors, 0.2, signed_up=SignUp(3, 0.05))
            found.append(_sure(workspace, links))
    assert found[0] == found[1]
    assert len(set(found[0].values())) > 1


RING = Links("ring", (Connector("account.payment_id"), Connector("device_id")), 0.3)


def _sure(workspace: Filled, links: Links = RING) -> dict[str, int | None]:
    (campaign,) = find_campaigns(workspace, [links], as_of_us=AS_OF).campaigns
    return {member.account_id: member.confidence for member in campaign.members}


def test_the_number_is_what_is_told_of_it(workspace: Filled) -> None:
    for number in range(3):
        workspace.account(f"a{number}", payment_id="card")
        workspace.event(f"a{number}", device_id="phone")
    workspace.account("guest", payment_id="card")
    # The card, of four, weighs 0.430677 and says all that one kind can, 900; so does the phone, of
    # three, 0.5. Both: 990, without one: 900; three links. The guest: 900, without the card: 0.
    assert _sure(workspace) == {
        **dict.fromkeys(("a0", "a1", "a2"), (990 + 900) * 3 // 8),
        "guest": 900 * 3 // 8,
    }


def test_what_strangers_carry_as_well_says_less(workspace: Filled) -> None:
    for number in range(2):
        workspace.account(f"a{number}", payment_id="card")
        workspace.event(f"a{number}", device_id="phone", ip_network="lan")
    for number in range(3):
        workspace.event(f"stranger{number}", ip_network="lan")
    links = Links("ring", (*RING.connectors, Connector("ip/24")), 0.6)
    # Of the four others on the network, of five, weight 0.386853, one is a member: 644 // 4.
    # 1000 - 100 * 100 * 839 / 1e6 = 991; without the card 1000 - 100 * 839 / 1000 = 916.
    assert _sure(workspace, links) == dict.fromkeys(("a0", "a1"), (991 + 916) // 4)


def test_having_been_opened_close_together_counts_among_those_who_share_something(
    workspace: Filled,
) -> None:
    for name, created in (("a", 0), ("b", 50), ("c", 900)):
        workspace.account(name, payment_id="card", created_us=created)
    workspace.event("a")
    links = Links("ring", RING.connectors, 0.5, signed_up=SignUp(100, 0.25))
    # The card of three says 900; sign-up half of what a link needs: 500. Without the
    # card, which all links need, nothing is left.
    assert _sure(workspace, links) == {
        "a": 950 * 2 // 6,
        "b": 950 * 2 // 6,
        "c": 900 * 2 // 6,
    }


@pytest.mark.parametrize(
    ("shared", "kind"),
    [
        ("account.payment_id", "payment"),
        ("account.device_id", "device"),
        ("device_id", "device"),
        ("tls_fingerprint", "device"),
        ("account.signup_ip/24", "network"),
        ("ip/24", "network"),
        ("asn", "network"),
        ("prompt_shape", "words"),
        ("tools_sig", "words"),
        ("account.email_domain", "email_domain"),
    ],
)
def test_what_fails_together_is_one_kind(shared: str, kind: str) -> None:
    assert kind_of(shared) == kind
