"""A slice is measured as if its exchanges were all that its accounts sent, and they a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import direct
import numpy as np
import pytest
import worlds
from hypothesis import given
from hypothesis import strategies as st
from test_execute import SINCE, run, thorough

from engine.activity.workspace import Workspace
from engine.campaigns.campaign import Campaign, Cut, Member
from engine.campaigns.find import leave_members
from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, Test
from engine.language.subject import Subject
from engine.language.words import Match, SubjectKind
from engine.signals.atoms import Period
from engine.signals.facts import Fact, signal_key
from engine.signals.narrowing import narrowed

CAMPAIGN = SubjectKind.CAMPAIGN
MEASURES = st.lists(worlds.CAMPAIGN, min_size=1, max_size=4)


@pytest.fixture
def sliced(workspace: Workspace) -> Iterator[Workspace]:
    yield workspace
    leave_members(workspace, ())


def cut(world: direct.World, whole: str, value: str, accounts: list[str]) -> Campaign:
    """Return the slice of a campaign by a template."""
    members = tuple(Member(account, 1.0, ()) for account in sorted(accounts))
    own = Cut(whole, "prompt_shape", value, 3, 8)
    return Campaign(f"s-{whole}-{value}", "links/prompt_shape/x", members, own)


@st.composite
def slices(draw: st.DrawFn, world: direct.World) -> list[Campaign]:
    found = []
    for whole, accounts in sorted(world.members.items()):
        for value in ("s1", "s2"):
            some = st.lists(st.sampled_from(sorted(accounts)), unique=True, min_size=1)
            found.append(cut(world, whole, value, draw(some)))
    return found


def only(world: direct.World, one: Campaign) -> direct.World:
    """Return the world in which there is nothing but a slice."""
    assert one.cut is not None
    mine = set(one.account_ids)
    events = [
        event
        for event in world.events
        if event.account_id in mine and event.values.get("prompt_shape") == one.cut.value
    ]
    return replace(world, events=events, members={one.id: list(one.account_ids)})


def facts(workspace: Workspace, asked: list[m.Measure], subject: str) -> dict[str, Fact]:
    table = run(workspace, {CAMPAIGN: asked})[CAMPAIGN]
    keys = tuple(signal_key(one) for one in asked if not isinstance(one, m.Portion))
    return table.facts(table.subjects.index(subject), keys)


def whole_and(world: direct.World, parts: list[Campaign]) -> tuple[Campaign, ...]:
    wholes = (
        Campaign(id_, "links", tuple(Member(account, 1.0, ()) for account in accounts))
        for id_, accounts in world.members.items()
    )
    return (*wholes, *parts)


@thorough(25)
@given(data=st.data(), world=worlds.worlds(), asked=MEASURES)
def test_a_slice_is_measured_like_a_campaign_of_its_own(
    sliced: Workspace, data: st.DataObject, world: direct.World, asked: list[m.Measure]
) -> None:
    parts = data.draw(slices(world))
    worlds.fill(sliced, world)
    leave_members(sliced, whole_and(world, parts))
    together = {one.id: facts(sliced, asked, one.id) for one in parts}
    campaigns = {id_: facts(sliced, asked, id_) for id_ in world.members}
    alone = {one.id: narrowly(sliced, asked, one.id) for one in parts}
    leave_members(sliced, whole_and(world, []))
    assert campaigns == {id_: facts(sliced, asked, id_) for id_ in world.members}
    for one in parts:
        leave_members(sliced, ())
        worlds.fill(sliced, only(world, one))
        assert together[one.id] == facts(sliced, asked, one.id)
        assert together[one.id] == alone[one.id]


def narrowly(workspace: Workspace, asked: list[m.Measure], id_: str) -> dict[str, Fact]:
    """Return the facts of a slice as `explain` looks them up."""
    with narrowed(workspace, Subject(CAMPAIGN, id_), Period(SINCE, worlds.AS_OF)):
        return facts(workspace, asked, id_)


def test_the_portion_of_a_slice(sliced: Workspace) -> None:
    world = direct.World([], {}, {"c1": ["a1", "a2"]})
    worlds.fill(sliced, world)
    leave_members(sliced, whole_and(world, [cut(world, "c1", "s1", ["a1"])]))
    table = run(sliced, {CAMPAIGN: [m.Portion()]})[CAMPAIGN]
    (portion,) = table.columns.values()
    assert table.subjects == ("c1", "s-c1-s1")
    assert portion.low.tolist() == portion.high.tolist() == [1.0, 0.375]


@pytest.mark.parametrize(
    "asked",
    [
        m.Cohort(value=m.Count(where=EVERYTHING), min_peers=1),
        m.Count(where=Test(FieldRef("account_id"), Match.EQUALS, ("a1",))),
    ],
    ids=["among peers", "by account"],
)
def test_what_cannot_be_counted_of_a_slice_is_not_known(
    sliced: Workspace, asked: m.Measure
) -> None:
    world = direct.World([], {}, {"c1": ["a1", "a2"]})
    worlds.fill(sliced, world)
    leave_members(sliced, whole_and(world, [cut(world, "c1", "s1", ["a1"])]))
    table = run(sliced, {CAMPAIGN: [asked]})[CAMPAIGN]
    (found,) = table.columns.values()
    assert (found.low[1], found.high[1]) == (-np.inf, np.inf)
