"""How far members take part, against a count of one exchange after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slow_conduct import Event

from engine.batch.roll import call_roll
from engine.campaigns.conduct import FIELDS
from engine.campaigns.participation import Members, Participation, with_picked
from fixtures.filled import Filled

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
END_US = 100 * HOUR_US
ACCOUNTS = "abcdefghij"


def fill(
    workspace: Filled,
    happened: Sequence[Event],
    campaigns: Mapping[str, frozenset[str]],
    shown: Sequence[tuple[str, int]] = (),
) -> None:
    workspace.clear()
    workspace.add(
        "events",
        [
            {"event_id": f"e{n}", "account_id": e.account, "ts_us": e.ts_us, "model": e.model}
            | {field: e.values[field] for field in FIELDS}
            for n, e in enumerate(happened)
        ],
    )
    for table, columns in (("members", "account_id"), ("shown", "event_id")):
        workspace.execute(
            f"CREATE OR REPLACE TABLE {table} (campaign_id VARCHAR, {columns} VARCHAR)"
        )
    pairs = [(name, account) for name, mine in campaigns.items() for account in sorted(mine)]
    workspace.add("members", [{"campaign_id": c, "account_id": a} for c, a in pairs])
    workspace.add("shown", [{"campaign_id": c, "event_id": f"e{n}"} for c, n in shown])
    call_roll(workspace, END_US)


def participations(workspace: Filled, *campaigns: str) -> Mapping[tuple[str, str], Participation]:
    """Return the participations, counting what `shown` picks for each campaign."""
    members = Members(workspace, campaigns, as_of_us=END_US)
    found = members.marked()
    for name in campaigns:
        mine = [(campaign, account) for campaign, account in found if campaign == name]
        picks = f"SELECT event_id FROM shown WHERE campaign_id = '{name}'"
        found = with_picked(found, members.picked(mine, picks))
    members.close()
    return found


def slow(
    happened: Sequence[Event],
    campaigns: Mapping[str, frozenset[str]],
    shown: Sequence[tuple[str, int]],
) -> dict[tuple[str, str], Participation]:
    """Return the participations by the letter of their docstrings."""
    seen = [(n, event) for n, event in enumerate(happened) if event.ts_us <= END_US]
    active = {event.account for _, event in seen}
    result = {}
    for name, everyone in campaigns.items():
        mine = everyone & active
        own = [(n, event) for n, event in seen if event.account in mine]
        marks = set()
        for field in FIELDS:
            for value in {event.values[field] for _, event in own} - {None, ""}:
                carriers = {event.account for _, event in seen if event.values[field] == value}
                inside, outside = len(carriers & mine), len(carriers - mine)
                others = len(active - mine)
                part = Fraction(inside, len(mine))
                rare = part >= 5 * Fraction(outside, others) if others else True
                if inside >= 3 and part >= Fraction(1, 10) and rare:
                    marks.add((field, value))
        fields = {field for field, _ in marks} - {"tools_sig"}

        def does(n: int, event: Event, name: str = name, marks: object = marks) -> bool:
            marked = any((field, event.values[field]) in marks for field in FIELDS)  # type: ignore[operator]
            return marked or (name, n) in shown

        doing = sum(does(n, event) for n, event in own)
        firsts = {a: min(e.ts_us for _, e in own if e.account == a) for a in mine}
        middle = sorted(firsts.values())[(len(mine) + 1) // 2 - 1] if mine else 0
        for account in mine:
            its = [(n, event) for n, event in own if event.account == account]
            rest = [event for _, event in own if event.account != account]
            result[name, account] = Participation(
                len(its),
                sum(does(n, event) for n, event in its),
                sum(
                    not does(n, event) and any(event.values[field] is None for field in fields)
                    for n, event in its
                ),
                10 * doing >= len(own),
                max(0, middle - firsts[account]) / DAY_US,
                alike(
                    [e.ts_us // HOUR_US % 24 for _, e in its],
                    [e.ts_us // HOUR_US % 24 for e in rest],
                ),
                alike([e.model for _, e in its], [e.model for e in rest]),
            )
    return result


def alike(one: Sequence[object], other: Sequence[object]) -> float:
    if not other:
        return 0.0
    mine, theirs = Counter(one), Counter(other)
    shared = sum(
        min(Fraction(mine[kind], len(one)), Fraction(theirs[kind], len(other))) for kind in mine
    )
    return int(shared * 1_000_000) / 1_000_000


values = st.sampled_from(["t0", "t1", "t2", "", None])
events = st.lists(
    st.builds(
        Event,
        st.sampled_from(ACCOUNTS),
        st.integers(0, 130).map(lambda hour: hour * HOUR_US),
        st.sampled_from(["m", "n"]),
        st.fixed_dictionaries(dict.fromkeys(FIELDS, values)),
    ),
    max_size=60,
)
members = st.dictionaries(
    st.sampled_from(["c1", "c2"]),
    st.frozensets(st.sampled_from(ACCOUNTS), min_size=2),
    min_size=1,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    happened=events,
    campaigns=members,
    shown=st.lists(st.tuples(st.sampled_from(["c1", "c2"]), st.integers(0, 59)), max_size=6),
)
def test_participation_is_what_a_slow_count_says(
    workspace: Filled,
    happened: list[Event],
    campaigns: dict[str, frozenset[str]],
    shown: list[tuple[str, int]],
) -> None:
    fill(workspace, happened, campaigns, shown)
    found = participations(workspace, *campaigns)
    assert found == slow(happened, campaigns, shown)


def sends(account: str, count: int, shape: str | None, **more: str) -> list[Event]:
    values = {"prompt_shape": shape, "system_shape": None, "tools_sig": None, **more}
    return [Event(account, n * HOUR_US, "m", values) for n in range(count)]


POOL = [event for account in "abcde" for event in sends(account, 20, "theirs")]


@pytest.mark.parametrize(
    ("own", "conduct"),
    [
        pytest.param(sends("x", 20, "own"), (0.0, 0.0), id="something else"),
        pytest.param(sends("x", 19, "own") + sends("x", 1, "theirs"), (0.05, 0.05), id="once"),
        pytest.param(sends("x", 20, "theirs"), (1.0, 1.0), id="the same"),
        pytest.param(sends("x", 5, "own") + sends("x", 15, None), (0.0, 0.75), id="not recorded"),
    ],
)
def test_a_member_that_does_something_else(
    workspace: Filled, own: list[Event], conduct: tuple[float, float]
) -> None:
    strangers = [event for n in range(20) for event in sends(f"s{n}", 2, "hello")]
    fill(workspace, [*POOL, *own, *strangers], {"c": frozenset("abcdex")})
    found = participations(workspace, "c")
    assert found["c", "x"].numbers["conduct"] == conduct
    assert found["c", "a"].numbers["conduct"] == (1.0, 1.0)


def test_what_everybody_says_is_no_mark(workspace: Filled) -> None:
    """The friends share a greeting with the world: they are not what the pool does."""
    strangers = [event for n in range(20) for event in sends(f"s{n}", 2, "hello")]
    greeting = [event for account in "abcx" for event in sends(account, 3, "hello")]
    fill(workspace, [*POOL, *greeting, *strangers], {"c": frozenset("abcdex")})
    found = participations(workspace, "c")
    assert found["c", "x"].numbers["conduct"] == (0.0, 0.0)


def test_where_nothing_marks_the_campaign_nobody_is_told_apart(workspace: Filled) -> None:
    happened = [event for account in "abcdex" for event in sends(account, 20, f"own {account}")]
    fill(workspace, happened, {"c": frozenset("abcdex")})
    found = participations(workspace, "c")
    assert {one.numbers["conduct"] for one in found.values()} == {(0.0, 1.0)}
