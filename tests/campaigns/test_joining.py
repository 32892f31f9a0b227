"""Groups that one hand runs are one campaign, though no two of their accounts are linked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_missing_families import FAMILIES
from test_quality import SHARED_IDENTITY

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.campaigns.campaign import Campaign
from engine.campaigns.find import find_campaigns
from fixtures import resale_pool
from fixtures.filled import Filled
from fixtures.generate import generate
from fixtures.populations import POPULATIONS, Population
from fixtures.scale import AS_OF_US, DAY_US, HOUR_US, Scale

LARGE = Population(resale_pool.NAME, resale_pool.make, 0.1, 18, 1, 0.15)
CARDS, EACH = 12, 6
ACCOUNTS = range(CARDS * EACH)

Text = Callable[[int], str]


def a_world(folder: Path, seed: int, scale: Scale) -> None:
    """Assert that a resale pool of a tenth of a world is found, though it shares no device."""
    others = [each for each in POPULATIONS if each.name != resale_pool.NAME]
    truth = generate(scale, seed, folder, (*others, LARGE))
    with Workspace() as workspace:
        read_activity(workspace, str(folder))
        for table, columns in zip(("accounts", "events"), FAMILIES["device"], strict=True):
            for name in columns:
                workspace.execute(f"UPDATE {table} SET {name} = NULL")
        found = find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF_US).whole
    for name, real in truth.campaigns(benign=False).items():
        if not name.startswith(resale_pool.NAME):
            continue
        best = max(found, key=lambda campaign: len(real & set(campaign.account_ids)))
        mine = set(best.account_ids)
        assert len(real & mine) / len(real) >= 0.98, name
        assert mine <= real, name
    for campaign in found:
        assert None not in {truth.labels[account].campaign for account in campaign.account_ids}


@pytest.mark.parametrize("seed", [21, 22])
def test_a_pool_without_shared_devices_is_found_whole(tmp_path: Path, seed: int) -> None:
    a_world(tmp_path, seed, Scale(120_000, 4_000))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [23, 24, 25])
def test_so_is_each_of_two_large_ones(tmp_path: Path, seed: int) -> None:
    a_world(tmp_path, seed, Scale(600_000, 20_000))


def networks(number: int) -> tuple[str, ...]:
    """Return the two of twenty networks that an account of the pool leaves by."""
    return f"exit{number * 7 % 20}", f"exit{(number * 11 + number // EACH) % 20}"


def pool(
    workspace: Filled,
    *,
    apart_us: int = 2 * HOUR_US,
    organisation: Text | None = None,
    exits: Callable[[int], tuple[str, ...]] = networks,
    field: str = "ip_network",
) -> tuple[Campaign, ...]:
    """Add a pool that pays with a card for six accounts, and return the campaigns that are found.

    The accounts are opened one after another, too far apart to say anything of two of them.
    """
    rows = []
    for number in ACCOUNTS:
        named = {"org_id": organisation(number)} if organisation else {}
        workspace.account(
            f"p{number:02}",
            payment_id=f"card{number // EACH}",
            created_us=AS_OF_US - DAY_US - apart_us * number,
            **named,
        )
        rows += [
            {"account_id": f"p{number:02}", "ts_us": AS_OF_US, field: each}
            for each in exits(number)
        ]
    workspace.add("events", rows * 3)
    return find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF_US).campaigns


def test_groups_of_a_card_that_share_exits_are_one_campaign(workspace: Filled) -> None:
    (found,) = pool(workspace)
    assert len(found.members) == len(ACCOUNTS)
    needed = [tie.shared for each in found.members for tie in each.evidence if tie.needed]
    assert set(needed) == {"account.payment_id"}
    shared = {tie.shared for each in found.members for tie in each.evidence}
    assert shared == {"account.payment_id", "ip/24"}


def test_what_hangs_on_one_account_goes_together_by_its_exits(workspace: Filled) -> None:
    """Two cards are tied by a machine that one account of each was opened on, and by no more."""
    for number in (0, EACH):
        workspace.event(f"p{number:02}", times=3, device_id="machine", prompt_shape="words")
    found = pool(workspace)
    assert [len(each.members) for each in found] == [len(ACCOUNTS)]


def test_an_old_card_and_many_networks_change_nothing(workspace: Filled) -> None:
    """Decades in microseconds, for each of thousands of values, are more than 64 bits hold."""
    for number in range(EACH):
        workspace.account(f"old{number}", payment_id="old card", created_us=DAY_US)
    others = [f"a{number:04}" for number in range(5_200)]
    others += [f"z{number:04}" for number in range(6_000)]
    workspace.add(
        "events",
        [
            {"account_id": f"old{number}", "ts_us": AS_OF_US, "ip_network": each}
            for each in others
            for number in (0, 1)
        ]
        * 3,
    )
    found = pool(workspace)
    assert sorted(len(each.members) for each in found) == [EACH, len(ACCOUNTS)]


def test_customers_that_came_over_years_are_apart(workspace: Filled) -> None:
    assert len(pool(workspace, apart_us=20 * DAY_US)) == CARDS


def test_an_organisation_answers_for_itself(workspace: Filled) -> None:
    assert len(pool(workspace, organisation=lambda number: f"firm{number // EACH}")) == CARDS


def test_a_name_for_each_account_is_no_organisation(workspace: Filled) -> None:
    assert len(pool(workspace, organisation=lambda number: f"firm{number}")) == 1


def test_the_networks_of_one_building_join_nobody(workspace: Filled) -> None:
    found = pool(workspace, exits=lambda number: (f"floor{number % 4}",))
    assert len(found) == CARDS


def test_networks_that_everybody_uses_join_nobody(workspace: Filled) -> None:
    for number in range(60):
        workspace.account(f"guest{number}", created_us=AS_OF_US - 40 * HOUR_US * number)
        workspace.event(f"guest{number}", times=3, ip_network=f"exit{number % 20}")
    assert len(pool(workspace)) == CARDS


def test_words_join_nobody(workspace: Filled) -> None:
    assert len(pool(workspace, field="prompt_shape")) == CARDS


def test_two_hands_behind_one_hosting_company_are_two_campaigns(workspace: Filled) -> None:
    """Half of the cards have exits of their own, but for two by which both halves leave."""

    def halves(number: int) -> tuple[str, ...]:
        half = number // EACH // (CARDS // 2)
        common = ("shared0", "shared1") if number in (0, EACH, CARDS // 2 * EACH) else ()
        return (*(f"{half} {each}" for each in networks(number)), *common)

    found = pool(workspace, exits=halves)
    assert sorted(len(each.members) for each in found) == [len(ACCOUNTS) // 2] * 2
