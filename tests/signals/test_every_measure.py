"""What the engines are compared over leaves nothing of the language out."""

from __future__ import annotations

from typing import get_args

from every_measure import FILTERS, WINDOWS, every_measure

from engine.language.model import measure as m
from engine.language.walk import selections_of
from engine.language.words import SubjectKind
from engine.signals import intervals
from engine.signals.nodes import Pass, Source
from engine.signals.plan import build_plan


def test_these_are_all_the_measures_there_are() -> None:
    asked = every_measure()
    of_campaigns = {type(one) for one in asked[SubjectKind.CAMPAIGN]}
    assert of_campaigns >= set(get_args(m.Measure))
    for kind in (SubjectKind.ACCOUNT, SubjectKind.ORGANISATION):
        assert of_campaigns - {type(one) for one in asked[kind]} == set(get_args(m.CampaignMeasure))
    plan = build_plan(asked)
    passes = [node.source for node in plan.nodes if isinstance(node, Pass)]
    assert {type(source) for source in passes} == set(get_args(Source))
    contents = {type(one.content) for one in passes if isinstance(one, intervals.Windows)}
    assert contents == set(get_args(intervals.Content))


def test_each_measure_meets_every_window_and_filter() -> None:
    met: dict[type, tuple[set[object], set[object]]] = {}
    for asked in every_measure().values():
        for one in asked:
            selections, windows = met.setdefault(type(one), (set(), set()))
            selections.update(selections_of(one))
            windows.add((getattr(one, "window_us", None), getattr(one, "after", None)))
    wanted = {(one["window_us"], one.get("after")) for one in WINDOWS}
    for kind, (selections, windows) in met.items():
        if "after" in kind.__dataclass_fields__:
            assert windows >= wanted, kind
        if "where" in kind.__dataclass_fields__:
            assert selections >= set(FILTERS), kind
