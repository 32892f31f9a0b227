"""Campaigns are found, and strangers left alone, though one family of links is not there at all.

An attacker may pay for each account with another card, use a device for each, leave through a
network for each, or share no words among them; a log may lack the same. What is left must do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from test_quality import SHARED_IDENTITY

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.campaigns.campaign import Campaign
from engine.campaigns.find import find_campaigns
from fixtures.generate import generate
from fixtures.scale import AS_OF_US, Scale
from fixtures.truth import Truth

PLANTED = ("distillation", "low-and-slow", "logit-sweep", "resale-pool")

FAMILIES = {
    "payment": (["payment_id"], []),
    "device": (["device_id"], ["device_id"]),
    "network": (
        ["signup_ip", "signup_ip_number", "signup_ip_network"],
        ["ip", "ip_number", "ip_network"],
    ),
    "words": ([], ["prompt", "prompt_shape", "prompt_hash", "system_prompt", "system_shape"]),
    "sign-up": (["created_us"], []),
}
"""By family of links: the columns of accounts and of exchanges that it rests on."""

Found = tuple[Truth, Sequence[Campaign]]


@pytest.fixture(scope="module", params=[11, 12])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Truth, Workspace]]:
    folder: Path = tmp_path_factory.mktemp("world")
    truth = generate(Scale(60_000, 3_000), request.param, folder)
    with Workspace() as workspace:
        read_activity(workspace, str(folder))
        yield truth, workspace


@pytest.fixture(scope="module", params=FAMILIES)
def without(request: pytest.FixtureRequest, world: tuple[Truth, Workspace]) -> Iterator[Found]:
    """Link the world without a family's columns."""
    yield from linked(world, request.param)


def linked(world: tuple[Truth, Workspace], *families: str) -> Iterator[Found]:
    truth, workspace = world
    workspace.execute("BEGIN")
    for family in families:
        for table, columns in zip(("accounts", "events"), FAMILIES[family], strict=True):
            for name in columns:
                workspace.execute(f"UPDATE {table} SET {name} = NULL")
    yield truth, find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF_US).whole
    workspace.execute("ROLLBACK")


@pytest.mark.parametrize("kind", PLANTED)
def test_a_campaign_is_found_whole_and_pure(without: Found, kind: str) -> None:
    recall, precision = found(*without, kind)
    assert recall >= 0.95
    assert precision >= 0.99


def found(truth: Truth, campaigns: Sequence[Campaign], kind: str) -> tuple[float, float]:
    real = truth.campaigns(benign=False)[f"{kind}-1"]
    best = max(campaigns, key=lambda campaign: len(real & set(campaign.account_ids)))
    mine = set(best.account_ids)
    return len(real & mine) / len(real), len(real & mine) / len(mine)


@pytest.mark.parametrize(
    ("families", "kinds"),
    [
        pytest.param(("payment", "network"), PLANTED, id="one template"),
        pytest.param(("device", "network"), PLANTED[:3], id="cards and words"),
        pytest.param(("device", "words"), PLANTED, id="shared payments"),
    ],
)
def test_an_attacker_who_avoids_two_families(
    world: tuple[Truth, Workspace], families: tuple[str, ...], kinds: Sequence[str]
) -> None:
    for truth, campaigns in linked(world, *families):
        for kind in kinds:
            recall, precision = found(truth, campaigns, kind)
            assert recall >= 0.95, kind
            assert precision >= 0.99, kind


def test_strangers_are_in_no_campaign(without: Found) -> None:
    truth, campaigns = without
    for campaign in campaigns:
        hands = {truth.labels[account].campaign for account in campaign.account_ids}
        assert len(hands) == 1, campaign.account_ids
        assert None not in hands
