"""What is not taken for the successor of a campaign that was acted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from engine.batch.roll import call_roll
from engine.batch.succession import kept_conducts, successions
from engine.campaigns.campaign import Campaign, Linkage, Member
from engine.campaigns.find import leave_members
from engine.campaigns.succession import Stopped
from fixtures.filled import Filled

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
ACTED_US = 8 * DAY_US


@pytest.fixture(scope="module")
def one_workspace() -> Iterator[Filled]:
    with Filled() as workspace:
        yield workspace


@pytest.fixture
def workspace(one_workspace: Filled) -> Filled:
    one_workspace.clear()
    return one_workspace


@dataclass(frozen=True)
class Pool:
    """Accounts that send the same words every six hours for some days."""

    name: str
    from_day: float
    days: int
    words: Sequence[str] = ("theirs",)
    count: int = 6
    linked: bool = True
    opened_day: float | None = None
    tools: str | None = None

    @property
    def accounts(self) -> list[str]:
        return [f"{self.name}{number:02d}" for number in range(self.count)]


OLD = Pool("old", 0, 8)
NEW = Pool("new", 8.5, 3)


def fill(workspace: Filled, *pools: Pool) -> Linkage:
    for pool in pools:
        start_us = int(pool.from_day * DAY_US)
        for account in pool.accounts:
            if pool.opened_day is not None:
                workspace.account(account, created_us=int(pool.opened_day * DAY_US))
        workspace.add(
            "events",
            [
                {
                    "account_id": account, "ts_us": start_us + n * 6 * HOUR_US, "model": "m",
                    "prompt_shape": pool.words[n % len(pool.words)], "tools_sig": pool.tools,
                }
                for account in pool.accounts
                for n in range(pool.days * 4)
            ],
        )  # fmt: skip
    found = tuple(
        Campaign(pool.name, "links", tuple(Member(name, 1.0, ()) for name in pool.accounts))
        for pool in pools
        if pool.linked
    )
    leave_members(workspace, found)
    return Linkage(found, (), ())


def found(
    workspace: Filled, *later: Pool, old: Pool = OLD, beside: Sequence[Pool] = ()
) -> list[tuple[str, str]]:
    """Keep the conduct of the old pool, then look for what succeeds it in later activity."""
    fill(workspace, old, *beside)
    kept = kept_conducts(workspace, [old.name], {}, as_of_us=ACTED_US)[old.name]
    stopped = Stopped(old.name, (ACTED_US,), frozenset(old.accounts), (kept,))
    workspace.clear()
    linkage = fill(workspace, old, *beside, *later)
    call_roll(workspace, 100 * DAY_US)
    told = successions(workspace, linkage, [stopped], as_of_us=100 * DAY_US)
    return [(one.campaign_id, one.other_id) for one in told]


def test_a_pool_that_replaces_another(workspace: Filled) -> None:
    assert found(workspace, NEW) == [("new", "old")]


def test_two_pools_that_share_the_work_of_one(workspace: Filled) -> None:
    again = [("apart", "old"), ("new", "old")]
    assert found(workspace, NEW, Pool("apart", 9, 3, count=30)) == again


def test_a_few_accounts_that_nothing_links_change_nothing(workspace: Filled) -> None:
    assert found(workspace, NEW, Pool("lost", 9, 3, count=1, linked=False)) == [("new", "old")]


def test_other_words_with_the_same_tools(workspace: Filled) -> None:
    old = Pool("old", 0, 8, tools="theirs")
    assert found(workspace, Pool("new", 8.5, 3, ("others",), tools="theirs"), old=old)


@pytest.mark.parametrize(
    "later",
    [
        pytest.param([Pool("new", 8.5, 3, ("others",))], id="other words"),
        pytest.param([Pool("new", 3, 8)], id="there before"),
        pytest.param([Pool("new", 16, 3)], id="too late"),
        pytest.param([Pool("new", 8.5, 3, ("theirs", "others"))], id="half of it"),
        pytest.param([NEW, Pool("u", 9, 1, count=30, linked=False)], id="everybody's since"),
        pytest.param([NEW, *(Pool(f"firm{n}", 7, 2) for n in range(9))], id="of many firms"),
    ],
)
def test_look_alikes_succeed_nobody(workspace: Filled, later: Sequence[Pool]) -> None:
    assert found(workspace, *later) == []


def test_a_prompt_library_makes_no_succession(workspace: Filled) -> None:
    public = Pool("user", 0, 8, count=30, linked=False)
    assert found(workspace, NEW, beside=[public]) == []


def test_an_own_template_beside_a_public_one(workspace: Filled) -> None:
    """What both send is half theirs alone: their tools' default says nothing."""
    public = Pool("user", 0, 8, ("library",), count=60, linked=False, tools="sdk")
    old = Pool("old", 0, 8, ("theirs", "library"), tools="sdk")
    new = Pool("new", 8.5, 3, ("theirs", "library"), tools="sdk")
    assert found(workspace, new, old=old, beside=[public]) == []


def test_known_accounts_are_not_new(workspace: Filled) -> None:
    """Four of six accounts were in the pool that was acted on: that is a part of it."""
    late = Pool("part", 8.5, 3)
    old = Pool("old", 0, 8)
    fill(workspace, old)
    kept = kept_conducts(workspace, ["old"], {}, as_of_us=ACTED_US)["old"]
    workspace.clear()
    linkage = fill(workspace, old, late)
    call_roll(workspace, 100 * DAY_US)
    for known, expected in ((4, 0), (3, 1)):
        accounts = frozenset([*old.accounts, *late.accounts[:known]])
        stopped = Stopped("old", (ACTED_US,), accounts, (kept,))
        told = successions(workspace, linkage, [stopped], as_of_us=100 * DAY_US)
        assert len(told) == expected


@pytest.mark.parametrize(("opened_day", "expected"), [(None, 0), (7.0, 0), (8.2, 1)])
def test_without_activity_from_before_only_new_accounts_are_known_to_be_new(
    workspace: Filled, opened_day: float | None, expected: int
) -> None:
    fill(workspace, OLD)
    kept = kept_conducts(workspace, ["old"], {}, as_of_us=ACTED_US)["old"]
    workspace.clear()
    linkage = fill(workspace, Pool("new", 8.5, 3, opened_day=opened_day))
    call_roll(workspace, 100 * DAY_US)
    stopped = Stopped("old", (ACTED_US,), frozenset(OLD.accounts), (kept,))
    assert len(successions(workspace, linkage, [stopped], as_of_us=100 * DAY_US)) == expected
