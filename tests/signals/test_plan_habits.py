"""The canonical text and SQL of measures of habits."""

from __future__ import annotations

from test_plan import DEMANDS, HOUR, WEEK, golden, listing

from engine.language.fields import FieldRef
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, After
from engine.language.words import Anchor, SubjectKind
from engine.signals.plan import build_plan

DAY = 24 * HOUR
PACK: dict[SubjectKind, list[m.Measure]] = {
    SubjectKind.ACCOUNT: [
        h.ActiveHours(where=DEMANDS, window_us=WEEK),
        h.HourFlatness(window_us=WEEK),
        h.Novel(field=FieldRef("prompt_shape"), window_us=DAY, history_us=WEEK),
        h.Spike(where=DEMANDS, window_us=DAY, baseline_us=4 * WEEK),
        m.LongestRun(field=FieldRef("logit_bias_ids"), where=DEMANDS, window_us=DAY),
    ],
    SubjectKind.CAMPAIGN: [
        h.ReleaseShift(
            field=FieldRef("model"), where=DEMANDS, soon=After(Anchor.RELEASE, DAY), window_us=WEEK
        ),
        h.Novel(field=FieldRef("labels"), where=DEMANDS, window_us=DAY, history_us=WEEK),
    ],
}


def test_the_text_of_habits() -> None:
    golden("habits.txt", build_plan(PACK).text())


def test_the_sql_of_habits() -> None:
    golden("habits.sql", listing(build_plan(PACK)))


def test_what_no_event_can_satisfy_needs_no_pass() -> None:
    asked: list[m.Measure] = [
        h.Novel(field=FieldRef("labels"), window_us=DAY, history_us=WEEK),
        m.LongestRun(field=FieldRef("logit_bias_ids")),
    ]
    coverage = {"labels": "none", "logit_bias_ids": "none"}
    assert build_plan({SubjectKind.ACCOUNT: asked}, coverage=coverage).passes == ()


def test_everything_is_certain_or_nothing_at_all() -> None:
    (week,) = build_plan({SubjectKind.ACCOUNT: [h.ActiveHours(where=EVERYTHING)]}).passes
    assert week.parts == ("certain", "possible")
