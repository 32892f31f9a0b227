"""Anchored windows: what counts, what may count, and that no way of recording is left out."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import direct
import pytest
import worlds
from hypothesis import given
from test_execute import SINCE, run, thorough

from engine.activity.workspace import Workspace
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, After
from engine.language.words import Anchor, SubjectKind
from engine.signals.facts import signal_key
from engine.signals.plan import build_plan

RELEASED = worlds.AS_OF - worlds.DAY
DAY_ONE = After(Anchor.RELEASE, worlds.HOUR)
COUNT = m.Count(where=EVERYTHING, after=DAY_ONE)


def counted(workspace: Workspace, world: direct.World, measure: m.Measure) -> tuple[float, float]:
    worlds.fill(workspace, world)
    table = run(workspace, {SubjectKind.ACCOUNT: [measure]})[SubjectKind.ACCOUNT]
    (fact,) = table.facts(0, (signal_key(measure),)).values()
    return fact.low, fact.high


@pytest.mark.parametrize(
    ("sent", "inside"),
    [
        (RELEASED - 1, False),
        (RELEASED, True),
        (RELEASED + worlds.HOUR, True),
        (RELEASED + worlds.HOUR + 1, False),
    ],
)
def test_both_ends_of_an_anchored_window_are_in_it(
    workspace: Workspace, sent: int, inside: bool
) -> None:
    event = direct.Event("e", sent, "a1", {"model": "m1"})
    world = direct.World([event], {}, {}, {"m1": RELEASED})
    assert counted(workspace, world, COUNT) == (inside, inside)


def test_a_model_without_a_release_may_count(workspace: Workspace) -> None:
    events = [direct.Event(f"e{at}", RELEASED, "a1", {"model": f"m{at}"}) for at in (1, 2)]
    assert counted(workspace, direct.World(events, {}, {}, {"m1": RELEASED}), COUNT) == (1, 2)


def test_each_event_is_measured_from_its_own_models_release(workspace: Workspace) -> None:
    events = [direct.Event(f"e{at}", RELEASED, "a1", {"model": f"m{at}"}) for at in (1, 2)]
    releases = {"m1": RELEASED, "m2": RELEASED - worlds.DAY}
    assert counted(workspace, direct.World(events, {}, {}, releases), COUNT) == (1, 1)


def test_signups_anchor_at_the_accounts_creation(workspace: Workspace) -> None:
    joined = direct.Account("a1", {"created_at": RELEASED})
    nobody = direct.Account("A3")
    events = [direct.Event("e1", RELEASED + 5, "a1", {"model": "m"}, account=joined)]
    asked = m.Count(where=EVERYTHING, after=After(Anchor.SIGNUP, worlds.HOUR))
    assert counted(workspace, direct.World(events, {"a1": joined}, {}), asked) == (1, 1)
    events = [direct.Event("e1", RELEASED + 5, "A3", {"model": "m"}, account=nobody)]
    assert counted(workspace, direct.World(events, {"A3": nobody}, {}), asked) == (0, 1)


def test_the_accounts_alone_may_tell_that_nothing_is_known() -> None:
    asked = m.Count(where=EVERYTHING, after=After(Anchor.SIGNUP, worlds.HOUR))
    plan = build_plan({SubjectKind.ACCOUNT: [asked]}, coverage={"account.created_at": "none"})
    assert "created_us" not in dict(plan.sql(as_of_us=1, since_us=0))["measured"]


ANCHORED = worlds.ACTIVITY.filter(lambda one: getattr(one, "after", None) is not None)
FULL = (-math.inf, math.inf)


@thorough(20)
@given(world=worlds.worlds(), measure=ANCHORED)
def test_no_completion_of_the_anchors_lies_outside(
    workspace: Workspace, world: direct.World, measure: m.Measure
) -> None:
    """Whatever anchors are unknown, each event is in the window or out of it."""
    after = getattr(measure, "after")  # noqa: B009 - not every measure has it
    events = [event for event in world.events if SINCE <= event.ts_us <= worlds.AS_OF][:6]
    world = replace(world, events=events)
    worlds.fill(workspace, world)
    tables = run(workspace, {SubjectKind.ACCOUNT: [measure]})
    table, key = tables[SubjectKind.ACCOUNT], signal_key(measure)
    plain = replace(measure, after=None)  # type: ignore[call-arg] # every one here has it
    for row, subject in enumerate(table.subjects):
        fact = table.facts(row, (key,))[key]
        for kept in itertools.product(*(choices(after, event) for event in events)):
            seen = [event for event, inside in zip(events, kept, strict=True) if inside]
            left = replace(world, events=seen)
            wanted = direct.fact(plain, SubjectKind.ACCOUNT, subject, left, SINCE, worlds.AS_OF)
            if FULL not in (wanted, (fact.low, fact.high)):
                assert fact.low <= wanted[0] + 1e-9
                assert fact.high >= wanted[1] - 1e-9


def choices(after: After, event: direct.Event) -> list[bool]:
    begin = direct.anchor_of(after, event)
    return [True, False] if begin is None else [begin <= event.ts_us <= begin + after.for_us]
