"""Measures over intervals that slide: `windows`, `together`, `sequence`."""

from __future__ import annotations

import pytest
from small_pack import policy_faults, policy_with

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, Selection, Test
from engine.language.walk import fields_of, selections_of
from engine.language.words import Match, Operator, RankMethod

_MINUTE = 60_000_000
_SELECT = {"first": {"turn": 1}, "late": {"turn|gt": 1}, "refused": {"status": 403}}


def _measure(written: object) -> m.Measure:
    policy = policy_with(
        select=_SELECT, signals={"often": written}, when={"often": {"gt": 0.5}}, explain="{often}"
    )
    return policy.signals[0].measure


def _named(selection: Selection) -> str:
    """Return which of the selections it is."""
    assert isinstance(selection, Test)
    return {("turn", Match.EQUALS): "first", ("turn", Match.GT): "late"}.get(
        (selection.field.name, selection.match), "refused"
    )


def _shown(steps: tuple[m.Step, ...]) -> list[str]:
    return [("not " if step.absent else "") + _named(step.where) for step in steps]


def test_bounds_keep_their_order_and_their_decimals() -> None:
    found = _measure({
        "windows": {"mean": "latency_ms", "where": "first"},
        "span": "10m",
        "with": {"lt": 99.75, "gte": 2.5},
        "window": "7d",
    })  # fmt: skip
    assert isinstance(found, m.Windows)
    assert isinstance(found.inner, m.Mean)
    assert _named(found.inner.where) == "first"
    assert (found.span_us, found.window_us) == (10 * _MINUTE, 7 * 1440 * _MINUTE)
    bounds = [(bound.operator, bound.threshold) for bound in found.bounds]
    assert bounds == [(Operator.LT, 99.75), (Operator.GTE, 2.5)]
    assert fields_of(found) == (FieldRef("latency_ms"),)
    assert len(selections_of(found)) == 1


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"count": "all"}, m.Count(where=EVERYTHING)),
        ({"distinct": "model"}, m.Distinct(field=FieldRef("model"))),
        ({"sum": "turn"}, m.Sum(field=FieldRef("turn"))),
        ({"min": "turn"}, m.Minimum(field=FieldRef("turn"))),
        ({"max": "turn"}, m.Maximum(field=FieldRef("turn"))),
        ({"quantile": "turn", "q": 0.5, "method": "linear"},
         m.Quantile(field=FieldRef("turn"), q=0.5, method=RankMethod.LINEAR)),
        ({"kinds": ["all"]}, m.Kinds(of=(EVERYTHING,))),
        ({"kinds": ["all"], "ordered": True}, m.Kinds(of=(EVERYTHING,), ordered=True)),
        ({"steps": ["all", "all"]}, m.Steps(of=(EVERYTHING, EVERYTHING))),
    ],
)  # fmt: skip
def test_what_an_interval_holds(written: object, expected: m.Inner) -> None:
    found = _measure({"windows": written, "span": "1h", "with": 1})
    assert isinstance(found, m.Windows)
    assert found.inner == expected
    assert [(one.operator, one.threshold) for one in found.bounds] == [(Operator.EQ, 1.0)]


def test_timespan_is_the_length_of_the_interval() -> None:
    assert getattr(
        _measure({"windows": {"count": "all"}, "timespan": "1h", "with": {"gte": 9}}), "span_us", 0
    ) == 60 * _MINUTE  # fmt: skip
    found = _measure({"sequence": ["first", "late"], "timespan": "5m", "window": "1d"})
    assert isinstance(found, m.Sequence)
    assert (found.within_us, found.window_us) == (5 * _MINUTE, 1440 * _MINUTE)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["first", "late"], ["first", "late"]),
        (["first", "not refused", "late"], ["first", "not refused", "late"]),
        (["first", "late", "NOT  refused"], ["first", "late", "not refused"]),
        (["first", {"not": "refused"}], ["first", "not refused"]),
        (["first", {"not": {"status": 403}}], ["first", "not refused"]),
        (["first", "not refused", "not late", {"turn": 1}],
         ["first", "not refused", "not late", "first"]),
    ],
)  # fmt: skip
def test_steps_of_a_sequence(steps: list[object], expected: list[str]) -> None:
    found = _measure({"sequence": steps, "within": "1h"})
    assert isinstance(found, m.Sequence)
    assert _shown(found.steps) == expected


def test_together_asks_for_no_order_unless_told() -> None:
    found = _measure({"together": ["not refused", "first", "late"], "within": "1h"})
    assert isinstance(found, m.Together)
    assert _shown(found.steps) == ["not refused", "first", "late"]
    assert not found.ordered
    found = _measure({"together": ["first", "late"], "within": "1h", "ordered": True})
    assert isinstance(found, m.Together)
    assert found.ordered


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"sequence": ["first"], "within": "1h"}, "EX225"),
        ({"sequence": ["not first", "late"], "within": "1h"}, "EX225"),
        ({"sequence": ["not first", "not late"], "within": "1h"}, "EX225"),
        ({"sequence": ["first", "not late", "first", "not late"], "within": "1h"}, "EX225"),
        ({"sequence": ["first", "late"]}, "EX122"),
        ({"sequence": [], "within": "1h"}, "EX129"),
        ({"together": ["first"] * 17, "within": "1h"}, "EX125"),
        ({"together": ["first", "not"], "within": "1h"}, "EX207"),
        ({"together": ["first", 5], "within": "1h"}, "EX123"),
        ({"windows": {"steps": ["first"] * 17}, "span": "1h", "with": 1}, "EX125"),
        ({"windows": {"gap_cv": "first"}, "span": "1h", "with": 1}, "EX220"),
        ({"windows": {"mean": "model"}, "span": "1h", "with": 1}, "EX221"),
        ({"windows": {"count": "all", "timespan": "1h"}, "span": "1h", "with": 1}, "EX121"),
    ],
)
def test_what_makes_no_sense_is_refused(written: object, code: str) -> None:
    assert code in policy_faults(select=_SELECT, signals={"often": written})


def test_selections_inside_are_used() -> None:
    signals = {
        "often": {"together": ["first", "not refused"], "within": "1h"},
        "kinds": {"windows": {"kinds": ["late"]}, "span": "1h", "with": 1},
    }
    faults = policy_faults(
        select=_SELECT, signals=signals, when={"often": {"gte": 1}}, explain="{often} {kinds}"
    )
    assert "EX402" not in faults
