"""Strangers who do little else than one work, which hardly anybody else does, are one campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from test_quality import SHARED_IDENTITY

from engine.campaigns.campaign import Campaign
from engine.campaigns.carriers import shared_columns
from engine.campaigns.find import find_campaigns
from engine.campaigns.own_work import NETWORKS, OF
from engine.campaigns.work import FEWEST
from fixtures.filled import Filled
from fixtures.scale import AS_OF_US, DAY_US, HOUR_US

WORK, OFTEN = "lay out all that you considered", 12
POOL = 30


def began(number: int) -> int:
    """Return when an account of the pool was opened: one in seven hours."""
    return AS_OF_US - 20 * DAY_US + 7 * HOUR_US * number


def works(
    workspace: Filled,
    name: str,
    *,
    opened_us: int,
    times: int = OFTEN,
    others: int = 0,
    from_us: int = AS_OF_US - 5 * DAY_US,
    field: str = "prompt_shape",
    exits: int | None = None,
    **account: str,
) -> None:
    """Add an account that sends the work some times, and so many other things, on two days."""
    workspace.account(name, created_us=opened_us, **account)
    sent = [WORK] * times + [f"{name} {number}" for number in range(others)]
    leaves = {} if exits is None else {"ip_network": f"exit{exits}"}
    rows = [
        {"account_id": name, "ts_us": from_us + at % 2 * DAY_US, field: text, **leaves}
        for at, text in enumerate(sent)
    ]
    workspace.add("events", rows)


def found(workspace: Filled) -> tuple[Campaign, ...]:
    return find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF_US).campaigns


def test_only_links_that_look_at_words_and_sign_ups_look_at_work(workspace: Filled) -> None:
    for number in range(POOL):
        works(workspace, f"p{number:02}", opened_us=began(number), exits=1)
    wordless = tuple(one for one in SHARED_IDENTITY.connectors if one.shared != "prompt_shape")
    for links in (
        replace(SHARED_IDENTITY, connectors=wordless),
        replace(SHARED_IDENTITY, signed_up=None),
    ):
        assert not find_campaigns(workspace, [links], as_of_us=AS_OF_US).campaigns
        assert "system_shape" not in shared_columns(links)
        for column in ("system_shape", "ip_network"):
            assert column in shared_columns(SHARED_IDENTITY)
    assert found(workspace)


@pytest.mark.parametrize("field", ["prompt_shape", "system_shape"])
def test_those_who_do_nothing_else_are_one_campaign(workspace: Filled, field: str) -> None:
    for number in range(POOL):
        works(workspace, f"p{number:02}", opened_us=began(number), others=3, field=field)
    (campaign,) = found(workspace)
    assert len(campaign.members) == POOL
    for member in campaign.members:
        (tie,) = member.evidence
        assert (tie.shared, tie.value, tie.accounts) == (field, WORK, POOL)
        assert member.confidence == 0


def test_those_who_leave_by_exits_of_their_own_may_come_over_years(workspace: Filled) -> None:
    for number in range(POOL):
        opened_us = AS_OF_US - 20 * DAY_US * (number + 1)
        works(workspace, f"p{number}", opened_us=opened_us, exits=number % 5)
    (campaign,) = found(workspace)
    assert len(campaign.members) == POOL


def test_those_who_leave_by_exits_of_everybody_may_not(workspace: Filled) -> None:
    for number in range(POOL):
        opened_us = AS_OF_US - 20 * DAY_US * (number + 1)
        works(workspace, f"p{number}", opened_us=opened_us, exits=number % 5)
        workspace.event(f"guest{number}", times=3, ip_network=f"exit{number % 5}")
    assert found(workspace) == ()


def roam(
    workspace: Filled, networks: int, requests: int, work: int | None = None, **account: str
) -> list[int]:
    """Add a pool opened over years that leaves by so many networks, and return campaigns' sizes."""
    for number in range(POOL):
        name = f"p{number:02}"
        card = {key: value.format(number // 3) for key, value in account.items()}
        workspace.account(name, created_us=AS_OF_US - 20 * DAY_US * (number + 1), **card)
        rows = [
            {
                "account_id": name,
                "ts_us": AS_OF_US - 5 * DAY_US + at % 2 * DAY_US,
                "prompt_shape": WORK if at < (work or requests) else f"{name} {at}",
                "ip_network": f"home {number} {at % networks}",
            }
            for at in range(requests)
        ]
        workspace.add("events", rows)
    return sorted(len(campaign.members) for campaign in found(workspace))


def test_those_who_leave_by_another_network_each_time_may_come_over_years(
    workspace: Filled,
) -> None:
    assert roam(workspace, NETWORKS, OF * NETWORKS) == [POOL]


@pytest.mark.parametrize(
    ("networks", "requests"), [(NETWORKS, OF * NETWORKS + 1), (NETWORKS - 1, NETWORKS - 1)]
)
def test_who_has_a_home_to_come_back_to_does_not_roam(
    workspace: Filled, networks: int, requests: int
) -> None:
    assert roam(workspace, networks, requests) == []


def test_nor_does_roaming_join_those_who_do_other_things_as_well(workspace: Filled) -> None:
    assert roam(workspace, NETWORKS, OF * NETWORKS, work=OF * NETWORKS // 4) == []


def test_cards_of_those_who_roam_are_no_teams(workspace: Filled) -> None:
    assert roam(workspace, NETWORKS, OF * NETWORKS, payment_id="card{}") == [POOL]


def test_cards_of_those_who_do_not_roam_are(workspace: Filled) -> None:
    assert roam(workspace, NETWORKS, 3 * NETWORKS, payment_id="card{}") == []


def test_those_whom_a_library_brought_over_years_stay_strangers(workspace: Filled) -> None:
    for number in range(POOL):
        works(workspace, f"u{number}", opened_us=AS_OF_US - 20 * DAY_US * (number + 1))
    assert found(workspace) == ()


def test_so_do_those_who_do_other_things_as_well(workspace: Filled) -> None:
    for number in range(POOL):
        works(workspace, f"u{number}", opened_us=began(number), others=OFTEN + 1)
    assert found(workspace) == ()


def test_words_that_others_use_now_and_then_are_nobodys_work(workspace: Filled) -> None:
    for number in range(POOL):
        works(workspace, f"p{number}", opened_us=began(number))
    for number in range(POOL // 4 + 1):
        works(workspace, f"u{number}", opened_us=began(number), times=3, others=28)
    assert found(workspace) == ()


@pytest.mark.parametrize(("parties", "campaigns"), [(FEWEST, 1), (FEWEST - 1, 0)])
def test_a_customer_is_one_party(workspace: Filled, parties: int, campaigns: int) -> None:
    for number in range(parties - 1):
        works(workspace, f"p{number}", opened_us=began(number))
    for number in range(POOL):
        works(workspace, f"firm{number}", opened_us=began(number), org_id="firm")
    assert len(found(workspace)) == campaigns


def cards(workspace: Filled, opened_us: Callable[[int], int]) -> list[int]:
    """Add a pool with a card for six, and return the sizes of campaigns."""
    for number in range(72):
        card = f"card{number % 12}"
        works(workspace, f"p{number}", opened_us=opened_us(number), payment_id=card)
    return sorted(len(campaign.members) for campaign in found(workspace))


def test_cards_that_are_dealt_to_what_is_opened_next_are_one_hands(workspace: Filled) -> None:
    """Twelve accounts a day are opened within the hour, each on another card."""
    assert cards(workspace, lambda number: AS_OF_US - number // 12 * DAY_US) == [72]


def test_teams_that_sign_up_in_a_sitting_stay_apart(workspace: Filled) -> None:
    assert cards(workspace, lambda number: AS_OF_US - number % 12 * DAY_US) == [6] * 12


def test_so_do_teams_whose_people_come_one_by_one(workspace: Filled) -> None:
    """Three of other teams within an hour is more than chance; one is not."""
    assert cards(workspace, lambda number: AS_OF_US - number // 2 * 7 * HOUR_US) == [6] * 12


def test_who_begins_when_all_others_have_ended_has_another_work(workspace: Filled) -> None:
    for number in range(POOL):
        works(workspace, f"a{number}", opened_us=began(number))
        later = AS_OF_US - 3 * DAY_US
        works(workspace, f"b{number}", opened_us=began(number), from_us=later)
    assert sorted(len(each.members) for each in found(workspace)) == [POOL, POOL]


def test_who_goes_on_meanwhile_joins_them(workspace: Filled) -> None:
    for number in range(POOL):
        works(workspace, f"a{number}", opened_us=began(number))
        later = AS_OF_US - 4 * DAY_US
        works(workspace, f"b{number}", opened_us=began(number), from_us=later)
    (campaign,) = found(workspace)
    assert len(campaign.members) == 2 * POOL
