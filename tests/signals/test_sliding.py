"""Measures over sliding intervals against the direct reading, on dense activity."""

from __future__ import annotations

import direct
import pytest
import sliding_worlds
import worlds
from hypothesis import given, settings
from hypothesis import strategies as st
from test_execute import assert_direct, run, thorough

from engine.activity.workspace import Workspace
from engine.language.model import measure as m
from engine.language.words import SubjectKind

ASKED = st.lists(sliding_worlds.DENSE, min_size=6, max_size=10)


def reading(measure: m.Measure, world: direct.World) -> direct.Interval:
    return direct.fact(measure, SubjectKind.CAMPAIGN, "x", world, 0, worlds.AS_OF)


def check(workspace: Workspace, world: direct.World, asked: list[m.Measure]) -> None:
    worlds.fill(workspace, world)
    measures = dict.fromkeys((SubjectKind.ACCOUNT, SubjectKind.CAMPAIGN), asked)
    assert_direct(run(workspace, measures), measures, world)


@thorough(25)
@given(world=sliding_worlds.dense_worlds(), asked=ASKED)
def test_sliding_measures_count_what_they_mean(
    workspace: Workspace, world: direct.World, asked: list[m.Measure]
) -> None:
    check(workspace, world, asked)


@settings(max_examples=200)
@given(st.data())
def test_every_completion_lies_within_what_was_said(data: st.DataObject) -> None:
    world = data.draw(sliding_worlds.dense_worlds())
    measure = data.draw(sliding_worlds.DENSE)
    completed = data.draw(sliding_worlds.completions(world))
    low, high = reading(measure, world)
    known, same = reading(measure, completed)
    assert low <= known == same <= high or (known, same) == direct.VOID


@pytest.mark.slow
@thorough(400)
@given(world=sliding_worlds.dense_worlds(), asked=ASKED)
def test_sliding_measures_count_what_they_mean_at_length(
    workspace: Workspace, world: direct.World, asked: list[m.Measure]
) -> None:
    check(workspace, world, asked)
