"""Campaigns hold together and strangers stay strangers, on activity whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.campaigns.campaign import Linkage
from engine.campaigns.find import find_campaigns
from engine.language.load import load_texts
from engine.language.model.links import Links
from fixtures.filled import AS_OF, Filled
from fixtures.generate import generate
from fixtures.scale import AS_OF_US, Scale
from fixtures.truth import Truth

RULES = Path(__file__).parents[2] / "rules"


def shipped() -> Links:
    """Return the links of the pack in this repository."""
    files = ("pack.yaml", "links/shared-identity.yaml")
    loaded = load_texts({name: (RULES / name).read_bytes() for name in files})
    assert loaded.pack is not None, loaded.diagnostics
    (links,) = loaded.pack.links
    return links


SHARED_IDENTITY = shipped()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Truth, Linkage]]:
    folder: Path = tmp_path_factory.mktemp("world")
    truth = generate(Scale(60_000, 3_000), 11, folder)
    with Workspace() as workspace:
        read_activity(workspace, str(folder))
        yield truth, find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF_US)


@pytest.mark.parametrize("kind", ["distillation", "low-and-slow", "logit-sweep", "resale-pool"])
def test_a_campaign_is_found_whole_and_pure(known: tuple[Truth, Linkage], kind: str) -> None:
    truth, linkage = known
    real = truth.campaigns(benign=False)[f"{kind}-1"]
    best = max(linkage.campaigns, key=lambda campaign: len(real & set(campaign.account_ids)))
    found = set(best.account_ids)
    assert len(real & found) / len(real) >= 0.95
    assert len(real & found) / len(found) >= 0.99


def test_strangers_are_in_no_campaign(known: tuple[Truth, Linkage]) -> None:
    truth, linkage = known
    for campaign in linkage.campaigns:
        hands = {truth.labels[account].campaign for account in campaign.account_ids}
        assert len(hands) == 1, campaign.account_ids
        assert None not in hands


def test_students_on_one_campus_network_stay_strangers(workspace: Filled) -> None:
    for number in range(60):
        workspace.account(f"s{number}", device_id=f"own{number}")
        for network in ("library", "hall", "canteen"):
            workspace.event(f"s{number}", times=3, ip_network=network)
    assert find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF).campaigns == ()


def test_users_of_popular_words_stay_strangers(workspace: Filled) -> None:
    rows = [
        {"account_id": f"u{number}", "ts_us": AS_OF, "prompt_shape": f"phrase {phrase}"}
        for number in range(80)
        for phrase in range(12)
    ]
    workspace.add("events", rows * 3)
    assert find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF).campaigns == ()


def test_a_company_on_one_card_is_no_bridge_to_its_neighbours(workspace: Filled) -> None:
    for number in range(12):
        workspace.account(f"staff{number}", payment_id="corporate", device_id=f"own{number}")
        workspace.event(f"staff{number}", times=3, ip_network="office", prompt_shape="memo")
    for number in range(30):
        workspace.event(f"guest{number}", times=3, ip_network="office")
    (company,) = find_campaigns(workspace, [SHARED_IDENTITY], as_of_us=AS_OF).campaigns
    assert company.account_ids == tuple(sorted(f"staff{number}" for number in range(12)))
