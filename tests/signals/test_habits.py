"""Measures of habits: against their definitions on random activity, and at their edges."""

from __future__ import annotations

import math
from typing import Any

import direct
import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_execute import assert_direct, run, thorough
from worlds import AS_OF, DAY, HOUR

from engine.activity.workspace import Workspace
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, After, Not, Selection, Test
from engine.language.words import Anchor, Match, NoveltyScale, SubjectKind
from engine.signals.facts import signal_key

VOID = (-math.inf, math.inf)
OK = Test(worlds.ref("status"), Match.EQUALS, (200,))
MODEL = worlds.ref("model")
FIRST_DAY = After(Anchor.RELEASE, DAY)

MOMENTS = st.builds(
    lambda back, off: AS_OF - back * 6 * HOUR + off,
    st.integers(0, 40),
    st.sampled_from([0, 0, 0, -1, 1, HOUR]),
)


@st.composite
def busy_worlds(draw: st.DrawFn) -> direct.World:
    """Return two accounts' events over ten days, many at the ends of hours, days and windows."""
    releases = draw(st.dictionaries(st.sampled_from(["m1", "m2"]), MOMENTS))
    events = []
    for number in range(draw(st.integers(1, 40))):
        values: dict[str, Any] = {"model": draw(st.sampled_from(["m1", "m2"]))}
        values |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "status": st.sampled_from([200, 200, 429]),
                    "logit_bias_ids": st.lists(st.integers(-2, 6), max_size=3),
                    "prompt_hash": st.sampled_from(["h1", "h2", "h3", "h4"]),
                },
            )
        )
        released = releases.get(values["model"])
        account, when = draw(st.sampled_from(["a1", "A3"])), draw(MOMENTS)
        supplied = frozenset(["logit_bias_ids"]) & values.keys()
        events.append(
            direct.Event(f"e{number}", when, account, values, supplied, released_us=released)
        )
    return direct.World(events, {}, {}, releases)


LENGTHS = st.sampled_from([6 * HOUR, DAY, 2 * DAY, DAY + 1])
CHOSEN: dict[str, st.SearchStrategy[Selection]] = {
    "where": st.sampled_from([EVERYTHING, OK, Not(OK)])
}
WINDOWED: dict[str, Any] = {**CHOSEN, "window_us": st.sampled_from([None, 2 * DAY, 7 * DAY])}
BUSY: st.SearchStrategy[m.Measure] = st.one_of(
    st.builds(h.ActiveHours, **WINDOWED),
    st.builds(h.HourFlatness, min_events=st.integers(1, 9), **WINDOWED),
    st.builds(
        h.Novel,
        field=st.sampled_from(["prompt_hash", "logit_bias_ids"]).map(worlds.ref),
        window_us=LENGTHS,
        history_us=LENGTHS,
        scale=st.sampled_from(NoveltyScale),
        **CHOSEN,
    ),
    st.builds(
        h.Spike,
        window_us=LENGTHS,
        baseline_us=st.sampled_from([4 * DAY, 8 * DAY, 8 * DAY - 1]),
        min_windows=st.integers(1, 4),
        **CHOSEN,
    ),
    st.builds(
        h.ReleaseShift,
        field=st.just(MODEL),
        soon=st.builds(After, st.just(Anchor.RELEASE), LENGTHS),
        min_of=st.integers(1, 4),
        **WINDOWED,
    ),
    st.builds(m.LongestRun, field=st.just(worlds.ref("logit_bias_ids")), **WINDOWED),
)


@thorough(15)
@given(world=busy_worlds(), asked=st.lists(BUSY, min_size=1, max_size=5))
def test_habits_are_what_their_definitions_say(
    workspace: Workspace, world: direct.World, asked: list[m.Measure]
) -> None:
    worlds.fill(workspace, world)
    measures = {SubjectKind.ACCOUNT: asked}
    assert_direct(run(workspace, measures), measures, world)


@pytest.mark.slow
@thorough(500)
@given(world=busy_worlds(), asked=st.lists(BUSY, min_size=1, max_size=5))
def test_habits_are_what_their_definitions_say_at_length(
    workspace: Workspace, world: direct.World, asked: list[m.Measure]
) -> None:
    worlds.fill(workspace, world)
    measures = {SubjectKind.ACCOUNT: asked}
    assert_direct(run(workspace, measures), measures, world)


FIRST = "a1"
MISSING: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from([200, 429]),
    "prompt_hash": st.sampled_from(["h1", "h2", "new", "newer"]),
    "logit_bias_ids": st.lists(st.integers(-2, 9), max_size=4),
}


@st.composite
def completions(draw: st.DrawFn, world: direct.World) -> direct.World:
    """Return the world as it could have been recorded: every field and every release."""
    releases = {model: draw(MOMENTS) for model in ("m1", "m2")} | world.releases
    events = []
    for event in world.events:
        values = {name: draw(found) for name, found in MISSING.items()} | event.values
        released = releases[values["model"]]
        supplied = frozenset(["logit_bias_ids"])
        at = (event.event_id, event.ts_us, event.account_id)
        events.append(direct.Event(*at, values, supplied, released_us=released))
    return direct.World(events, {}, {}, releases)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(world=busy_worlds(), measure=BUSY, data=st.data())
def test_what_could_have_been_recorded_lies_between_the_ends(
    world: direct.World, measure: m.Measure, data: st.DataObject
) -> None:
    complete = data.draw(completions(world))

    def fact(seen: direct.World) -> tuple[float, float]:
        subject = world.events[0].account_id
        return direct.fact(measure, SubjectKind.ACCOUNT, subject, seen, AS_OF - 45 * DAY, AS_OF)

    known, exact = fact(world), fact(complete)
    if VOID not in (known, exact):
        assert exact[0] == exact[1]
        assert known[0] - 1e-12 <= exact[0] <= known[1] + 1e-12


def ends(workspace: Workspace, measure: m.Measure, world: direct.World) -> tuple[float, float]:
    worlds.fill(workspace, world)
    table = run(workspace, {SubjectKind.ACCOUNT: [measure]})[SubjectKind.ACCOUNT]
    (fact,) = table.facts(table.subjects.index(FIRST), (signal_key(measure),)).values()
    return fact.low, fact.high


def at(*moments: int, **values: object) -> direct.World:
    """Return events of one account at some moments."""
    fields = {"model": "m1", **values}
    return direct.World(
        [direct.Event(f"e{n}", when, FIRST, dict(fields)) for n, when in enumerate(moments)], {}, {}
    )


MONDAY = 1_779_667_200_000_000
"""2026-05-25T00:00Z."""


def test_the_week_begins_on_monday_and_has_168_hours(workspace: Workspace) -> None:
    week = [MONDAY + hour * HOUR for hour in range(-168, 168)]
    assert ends(workspace, h.ActiveHours(), at(*week)) == (168, 168)
    assert ends(workspace, h.ActiveHours(), at(MONDAY, MONDAY - 168 * HOUR)) == (1, 1)
    assert ends(workspace, h.ActiveHours(), at(MONDAY, MONDAY - 1)) == (2, 2)
    assert ends(workspace, h.ActiveHours(), at(MONDAY, MONDAY + HOUR - 1)) == (1, 1)


def test_a_day_of_one_hour_and_an_even_one(workspace: Workspace) -> None:
    flat = h.HourFlatness(min_events=24)
    assert ends(workspace, flat, at(*[MONDAY] * 24)) == (0, 0)
    assert ends(workspace, flat, at(*(MONDAY + hour * HOUR for hour in range(24)))) == (1, 1)
    assert ends(workspace, flat, at(*(MONDAY + hour * HOUR for hour in range(23)))) == VOID
    halves = at(*(MONDAY + hour * HOUR for hour in range(12) for _ in range(2)))
    assert ends(workspace, flat, halves) == (1 - 12 / 23, 1 - 12 / 23)


def novelty(**parameters: Any) -> h.Novel:
    field = worlds.ref("prompt_hash")
    return h.Novel(field=field, window_us=DAY, history_us=2 * DAY, **parameters)


def test_the_history_ends_where_the_window_begins(workspace: Workspace) -> None:
    start = AS_OF - DAY
    assert ends(workspace, novelty(), at(start, AS_OF, prompt_hash="h")) == VOID
    assert ends(workspace, novelty(), at(start - 1, AS_OF, prompt_hash="h")) == (0, 0)
    old = at(start - 2 * DAY, start, prompt_hash="h")
    assert ends(workspace, novelty(), old) == (0, 0)
    old.events[0].ts_us -= 1
    assert ends(workspace, novelty(), old) == VOID


def test_new_values_are_counted_once_and_may_be_a_share(workspace: Workspace) -> None:
    world = at(AS_OF - 2 * DAY, *[AS_OF] * 4, prompt_hash="old")
    for event, value in zip(world.events[1:], ["new", "new", "newer", "old"], strict=True):
        event.values["prompt_hash"] = value
    assert ends(workspace, novelty(), world) == (2, 2)
    assert ends(workspace, novelty(scale=NoveltyScale.SHARE), world) == (2 / 3, 2 / 3)
    del world.events[4].values["prompt_hash"]
    assert ends(workspace, novelty(), world) == (2, 3)


SPIKE = h.Spike(where=EVERYTHING, window_us=DAY, baseline_us=8 * DAY, min_windows=3)


def test_a_burst_after_quiet_days(workspace: Workspace) -> None:
    start = AS_OF - DAY
    quiet = [start - 4 * DAY, start - 3 * DAY]
    # Windows of the past: 1, 1, 0, 0; the median 0.5, MAD 0.5, and chance alone gives 1.
    assert ends(workspace, SPIKE, at(*quiet, *[AS_OF] * 10)) == (9.5, 9.5)
    assert ends(workspace, SPIKE, at(*quiet, start - 1, start)) == (
        pytest.approx(0.0), pytest.approx(0.0),
    )  # fmt: skip


def test_windows_before_the_first_event_are_no_past(workspace: Workspace) -> None:
    start = AS_OF - DAY
    assert ends(workspace, SPIKE, at(start - 3 * DAY, AS_OF))[0] == 1.0
    assert ends(workspace, SPIKE, at(start - 3 * DAY + 1, AS_OF)) == VOID


def test_past_windows_hold_their_first_moment_and_not_their_last(workspace: Workspace) -> None:
    start = AS_OF - DAY
    spread = h.Spike(where=EVERYTHING, window_us=DAY, baseline_us=3 * DAY, min_windows=3)
    counts = [start - 3 * DAY, *[start - 2 * DAY] * 5, *[start - DAY] * 9, AS_OF]
    # 1, 5 and 9 events; the median 5, MAD 4.
    assert ends(workspace, spread, at(*counts)) == (pytest.approx(-4 / (1.4826 * 4)),) * 2


def shift(**parameters: Any) -> h.ReleaseShift:
    return h.ReleaseShift(field=MODEL, soon=FIRST_DAY, **parameters)


def released(world: direct.World, **releases: int) -> direct.World:
    for event in world.events:
        event.released_us = releases.get(event.values["model"])
    return direct.World(world.events, {}, {}, releases)


def test_the_first_day_of_a_model_is_closed(workspace: Workspace) -> None:
    release = AS_OF - 3 * DAY
    world = at(release - 1, release, release + DAY, release + DAY + 1)
    for event in world.events[2:]:
        event.values["model"] = "m2"
    world = released(world, m1=release, m2=0)
    assert ends(workspace, shift(), world) == (0.5, 0.5)
    assert ends(workspace, shift(min_of=3), world) == VOID


def test_without_a_release_in_sight_nothing_has_shifted(workspace: Workspace) -> None:
    world = released(at(AS_OF, AS_OF), m1=AS_OF - 30 * DAY)
    assert ends(workspace, shift(), world) == (0, 0)
    assert ends(workspace, shift(), released(at(AS_OF, AS_OF))) == (0, 1)


@pytest.mark.parametrize(
    ("ids", "longest"),
    [
        ([], 0),
        ([[5], [7, 6], [9, 9]], 3),
        ([[-1, 0], [1]], 3),
        ([[2**63 - 1, 2**63 - 2], [0]], 2),
        ([[-(2**63), 1 - 2**63]], 2),
        ([[1, 3, 5]], 1),
    ],
)
def test_runs_of_ids(workspace: Workspace, ids: list[list[int]], longest: int) -> None:
    world = at(*[AS_OF] * max(len(ids), 1))
    for event in world.events:
        event.supplied = frozenset(["logit_bias_ids"])
    for event, found in zip(world.events, ids, strict=False):
        event.values["logit_bias_ids"] = found
    measure = m.LongestRun(field=worlds.ref("logit_bias_ids"))
    assert ends(workspace, measure, world) == (longest, longest)
    world.events[0].supplied = frozenset()
    world.events[0].values.pop("logit_bias_ids", None)
    assert ends(workspace, measure, world)[1] == math.inf
