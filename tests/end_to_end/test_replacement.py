"""A pool is stopped, and another one takes its work over; beside it a look-alike and bystanders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.batch.run import RunRequest, run
from engine.language.load import find_rules, require_pack
from engine.ledger.records import CaseRecord, Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify
from fixtures.generate import generate
from fixtures.populations import REPLACED
from fixtures.replacement import BYSTANDERS, CLUB, FIRST, RING, SECOND, STOPPED_US
from fixtures.scale import Scale
from fixtures.truth import Truth


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, Truth]]:
    """Run until the pools are stopped, approve, and run to the end."""
    folder = tmp_path_factory.mktemp("story")
    truth = generate(Scale(25_000, 1_000), 3, folder / "activity", REPLACED)
    pack = require_pack(find_rules())
    with Ledger.open(str(folder / "ledger.db")) as ledger:
        early = RunRequest(str(folder / "activity"), as_of_us=STOPPED_US, until_us=STOPPED_US)
        run(pack, early, ledger)
        for case in ledger.cases():
            ledger.decide(
                case.case_id, seen_version=case.version, verdict=Verdict.APPROVE, reviewer="ana",
                reason="a pool", decided_us=STOPPED_US,
            )  # fmt: skip
        run(pack, RunRequest(str(folder / "activity")), ledger)
        yield ledger, truth
    assert verify(str(folder / "ledger.db")).problems == ()


def campaigns(story: tuple[Ledger, Truth]) -> dict[str, CaseRecord]:
    """Return the case of each hand in the story: that in which most of its accounts are."""
    ledger, truth = story
    hands = {**truth.campaigns(benign=False), **truth.campaigns(benign=True)}
    found = {}
    for case in ledger.cases():
        accounts = {member.account_id for member in ledger.members(case.case_id)}
        for name, mine in hands.items():
            if 2 * len(mine & accounts) > len(mine):
                found[name] = case
    return found


def test_the_pool_that_goes_on_is_known_and_nobody_else(story: tuple[Ledger, Truth]) -> None:
    ledger, found = story[0], campaigns(story)
    assert found.keys() == {FIRST, SECOND, RING, CLUB}
    (told,) = ledger.successions()
    assert told.campaign_id == found[SECOND].subject_id
    assert told.other_id == found[FIRST].subject_id
    assert told.acted_us == STOPPED_US
    assert (told.began, told.accounts) == (30, 30)
    assert float(told.likeness) > 0.85


def test_a_successor_waits_for_a_reviewer_as_anybody(story: tuple[Ledger, Truth]) -> None:
    case = campaigns(story)[SECOND]
    assert case.status == "open"
    actions = story[0].actions(case_id=case.case_id)
    assert {action.status for action in actions} == {"recorded", "held"}


def test_people_with_a_card_of_the_pool_are_told_apart(story: tuple[Ledger, Truth]) -> None:
    ledger, truth = story
    innocent = truth.accounts(BYSTANDERS)
    first = [a for case in ledger.cases() for a in ledger.actions(case_id=case.case_id)]
    mine = [one for one in first if one.account_id in innocent and one.action != "log"]
    assert {action.account_id for action in mine} == innocent
    # Milder steps that are not asked for any more are kept as exempt; nothing was approved.
    assert {action.status for action in mine} == {"held", "exempt"}
    assert all(action.reason.startswith("bystander: ") for action in mine)
    guilty = truth.accounts(FIRST) | truth.accounts(SECOND) | truth.accounts(RING)
    assert not any(
        action.reason.startswith("bystander") for action in first if action.account_id in guilty
    )
    assert {action.account_id for action in first if action.status == "approved"} == (
        truth.accounts(FIRST) | truth.accounts(RING)
    )


def test_a_campaign_is_as_it_was_measured(story: tuple[Ledger, Truth]) -> None:
    """Whom it is better not to touch changes nothing in what was found."""
    ledger, truth = story
    case = campaigns(story)[FIRST]
    members = {member.account_id for member in ledger.members(case.case_id)}
    assert members == truth.accounts(FIRST) | truth.accounts(BYSTANDERS)
    assert case.accounts == len(members)
