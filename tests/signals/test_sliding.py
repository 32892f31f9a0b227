"""Measures over sliding intervals against the direct reading, on dense activity."""

from __future__ import annotations

import direct
import pytest
import sliding_worlds
import worlds
from hypothesis import given
from hypothesis import strategies as st
from test_execute import assert_direct, run, thorough

from engine.activity.workspace import Workspace
from engine.language.model import measure as m
from engine.language.words import SubjectKind

ASKED = st.lists(sliding_worlds.DENSE, min_size=1, max_size=4)


def check(workspace: Workspace, world: direct.World, asked: list[m.Measure]) -> None:
    worlds.fill(workspace, world)
    measures = dict.fromkeys((SubjectKind.ACCOUNT, SubjectKind.CAMPAIGN), asked)
    assert_direct(run(workspace, measures), measures, world)


@thorough(60)
@given(world=sliding_worlds.dense_worlds(), asked=ASKED)
def test_sliding_measures_count_what_they_mean(
    workspace: Workspace, world: direct.World, asked: list[m.Measure]
) -> None:
    check(workspace, world, asked)


@pytest.mark.slow
@thorough(3000)
@given(world=sliding_worlds.dense_worlds(), asked=ASKED)
def test_sliding_measures_count_what_they_mean_at_length(
    workspace: Workspace, world: direct.World, asked: list[m.Measure]
) -> None:
    check(workspace, world, asked)
