"""Accounts in step are linked as a plain reading says; deadlines, launches, cron jobs are not."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.campaigns.campaign import Linkage
from engine.campaigns.find import find_campaigns
from engine.language.model.links import Connector, Links, SignUp, Synchrony
from fixtures.filled import Filled

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
AS_OF = 60 * DAY_US

IN_STEP = Links(
    "in-step",
    (),
    strength=0.5,
    members_min=5,
    synchronous=(Synchrony("prompt_shape", 10 * MINUTE_US, 0.5, 24, 3, 60),),
)


def find(workspace: Filled, links: Links = IN_STEP, **given: Any) -> Linkage:
    return find_campaigns(workspace, [links], **{"as_of_us": AS_OF, **given})


def act(workspace: Filled, rows: list[tuple[str, str, int]]) -> None:
    names = ("account_id", "prompt_shape", "ts_us")
    workspace.add("events", [dict(zip(names, row, strict=True)) for row in rows])


# The plain reading


def in_step(rows: list[tuple[str, Any, int]], asked: Synchrony) -> set[tuple[str, str]]:
    """Return the synchronous pairs, by the letter of the docstring of `Synchrony`."""
    acts: dict[str, set[tuple[str, int]]] = {}
    for account, value, ts_us in rows:
        if value:
            acts.setdefault(account, set()).add((value, ts_us // asked.bucket_us))
    pairs = set()
    for one, other in combinations(sorted(acts), 2):
        common = {
            pair
            for pair in acts[one] & acts[other]
            if sum(pair in mine for mine in acts.values()) <= asked.max_accounts
        }
        days = {bucket * asked.bucket_us // DAY_US for _, bucket in common}
        either = acts[one] | acts[other]
        enough = len(common) >= asked.min_buckets and len(days) >= asked.min_days
        if enough and len(common) * 100 >= round(asked.jaccard * 100) * len(either):
            pairs.add((one, other))
    return pairs


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdefgh"),
            st.sampled_from([None, "", "x", "y"]),
            st.integers(0, 11).map(lambda n: n * 6 * HOUR_US + n),
        ),
        max_size=60,
    ),
    st.builds(
        Synchrony,
        st.just("prompt_shape"),
        st.sampled_from([6 * HOUR_US, 12 * HOUR_US, DAY_US]),
        st.sampled_from([0.1, 0.34, 0.5, 1.0]),
        st.integers(2, 4),
        st.integers(1, 3),
        st.integers(2, 6),
    ),
)
def test_accounts_are_in_step_as_the_plain_reading_says(
    workspace: Filled, rows: list[tuple[str, Any, int]], asked: Synchrony
) -> None:
    workspace.clear()
    act(workspace, rows)
    links = Links("in-step", (), 0.5, synchronous=(asked,), bridge=0)
    groups: list[set[str]] = []
    for pair in in_step(rows, asked):
        touching = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if group not in touching]
        groups.append(set(pair).union(*touching))
    found = find(workspace, links)
    assert sorted(campaign.account_ids for campaign in found.campaigns) == sorted(
        tuple(sorted(group)) for group in groups
    )
    for campaign in found.campaigns:
        for member in campaign.members:
            assert [tie.shared for tie in member.evidence] == ["synchronous prompt_shape"]


# Who is in step


def pool(rng: random.Random, accounts: int, days: int, late: float) -> list[tuple[str, str, int]]:
    """Return what accounts do that one scheduler drives through a list of tasks."""
    times = [
        (f"task{rng.randrange(8)}", day * DAY_US + rng.randrange(100) * 10 * MINUTE_US)
        for day in range(days)
        for _ in range(12)
    ]
    return [
        (f"p{number:02}", task, start + rng.randrange(10 * MINUTE_US))
        for number in range(accounts)
        for task, start in times
        if rng.random() >= late
    ]


def test_accounts_that_one_scheduler_drives_are_in_step(workspace: Filled) -> None:
    act(workspace, pool(random.Random(3), 20, 5, late=0.15))
    (campaign,) = find(workspace).campaigns
    assert len(campaign.members) == 20
    (tie,) = campaign.members[0].evidence
    assert tie.value.endswith(tuple(f"p{number:02}" for number in range(20)))
    assert " on 5 days, with p" in tie.value


def test_neither_order_nor_what_others_do_matters(workspace: Filled) -> None:
    rng = random.Random(4)
    rows = pool(rng, 12, 4, late=0.1)
    act(workspace, rows)
    alone = find(workspace).campaigns
    workspace.clear()
    rows += [
        (f"u{rng.randrange(50)}", f"task{rng.randrange(8)}", rng.randrange(AS_OF)) for _ in rows
    ]
    rng.shuffle(rows)
    act(workspace, rows)
    assert find(workspace).campaigns == alone


def test_a_class_before_its_deadline_is_not_in_step(workspace: Filled) -> None:
    rng = random.Random(5)
    rows = [
        (f"s{number}", f"question{rng.randrange(4)}", 9 * DAY_US + rng.randrange(8 * HOUR_US))
        for number in range(60)
        for _ in range(60)
    ]
    act(workspace, rows)
    assert find(workspace).campaigns == ()


def test_cron_jobs_on_the_hour_are_not_in_step(workspace: Filled) -> None:
    act(
        workspace,
        [
            (f"j{number}", f"job of firm {number}", day * DAY_US + hour * HOUR_US)
            for number in range(40)
            for day in range(5)
            for hour in range(24)
        ],
    )
    assert find(workspace).campaigns == ()


def test_a_job_that_everybody_runs_on_the_hour_is_not_in_step(workspace: Filled) -> None:
    act(
        workspace,
        [
            (f"j{number}", "health check", day * DAY_US + hour * HOUR_US)
            for number in range(61)
            for day in range(3)
            for hour in range(24)
        ],
    )
    assert find(workspace).campaigns == ()


def test_a_launch_day_is_not_in_step(workspace: Filled) -> None:
    rng = random.Random(6)
    act(
        workspace,
        [
            (f"l{number}", f"try{rng.randrange(3)}", 20 * DAY_US + bucket * 10 * MINUTE_US)
            for number in range(50)
            for bucket in range(100)
        ],
    )
    assert find(workspace).campaigns == ()


def test_too_many_times_in_common_are_dropped_and_told(workspace: Filled) -> None:
    act(workspace, pool(random.Random(7), 20, 5, late=0))
    linkage = find(workspace, pair_budget=100)
    assert linkage.campaigns == ()
    (dropped,) = linkage.dropped_values
    assert dropped.shared == "prompt_shape"


# Sign-up

OPENED = Links(
    "opened",
    (Connector("account.payment_id"),),
    strength=0.5,
    signed_up=SignUp(HOUR_US, 0.25),
)


def test_opened_together_counts_for_accounts_that_share_something_else(workspace: Filled) -> None:
    for number, created in enumerate([0, HOUR_US, 2 * HOUR_US + 1, None]):
        workspace.account(f"a{number}", payment_id="card", created_us=created)
    for number in range(5):
        workspace.account(f"b{number}", created_us=0)
    workspace.event("a0")
    linkage = find(workspace, OPENED)
    assert [campaign.account_ids for campaign in linkage.campaigns] == [("a0", "a1")]
    assert linkage.campaigns[0].members[0].strength == 0.680677


def test_an_account_not_opened_yet_was_not_opened_together(workspace: Filled) -> None:
    for number in range(4):
        workspace.account(f"a{number}", created_us=AS_OF + 1)
        workspace.event(f"a{number}", device_id="d", ts_us=1)
    links = Links("o", (Connector("device_id"),), strength=0.5, signed_up=SignUp(HOUR_US, 0.25))
    assert find(workspace, links).campaigns == ()
    assert len(find(workspace, links, as_of_us=AS_OF + 1).campaigns) == 1
