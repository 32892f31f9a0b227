"""A sweep says of every threshold what a run of the pack with that threshold would find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tried import policy, usual, write_activity

from engine.authoring.bench.bench import Bench, opened
from engine.authoring.closure import as_in_run
from engine.authoring.sweep.dials import Dial, dials, turned
from engine.authoring.sweep.effects import Change
from engine.authoring.sweep.record import sweep_csv, sweep_record
from engine.authoring.sweep.sweeping import Asked, Sweep, sweep
from engine.authoring.sweep.text import effect_lines, moves, notes, rows
from engine.authoring.sweep.values import Turning, chosen, spread
from engine.batch.past import Past
from engine.batch.run import RunRequest, run
from engine.errors import UsageError
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.words import Operator
from engine.ledger.records import CaseStatus, Verdict
from engine.ledger.store import Ledger


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_activity(tmp_path_factory.mktemp("swept"))


@pytest.fixture(scope="module")
def bench(activity: str) -> Iterator[Bench]:
    with opened(RunRequest(activity), []) as found:
        yield found


CROWD_ONLY: dict[str, Any] = {
    "subject": "campaign", "signals": None, "select": None, "explain": "it", "status": "shadow",
}  # fmt: skip


def named(pack: Pack, name: str) -> Policy:
    return next(one for one in pack.policies if one.name == name)


def dial(policy_: Policy, name: str) -> Dial:
    return next(one for one in dials(policy_) if one.name == name)


def swept(
    bench: Bench, pack: Pack, name: str, ledger: Ledger | None = None, **values: Any
) -> Sweep:
    mine = named(pack, name)
    asked = [Asked(dial(mine, one), values[one]) for one in values]
    return sweep(bench, pack, mine, asked, ledger, steps=6)


def found_at(bench: Bench, pack: Pack, name: str, thresholds: dict[int, float]) -> tuple[int, int]:
    """Return hits and undecided of a whole judgement by the edited policy."""
    mine = turned(named(pack, name), thresholds)
    policies = tuple(mine if one.name == name else one for one in pack.policies)
    changed = as_in_run(replace(pack, policies=policies), mine)
    decisions = bench.judged(changed, Past(None)).evaluation.decisions
    undecided = decisions.undecided.get(name)
    hits = [one for one in decisions.findings if one.policy.name == name]
    return len(hits), undecided.subjects if undecided else 0


def test_the_current_threshold_finds_what_a_run_finds(bench: Bench, activity: str) -> None:
    pack = usual()
    records = run(pack, RunRequest(activity), None).records
    assert records is not None
    for name, signal in (("loud", "events"), ("loud", "part"), ("crowd", "size")):
        found = swept(bench, pack, name, **{signal: None})
        (now,) = [point for point in found.points if point.current]
        assert now.hits == sum(one.policy == name for one in records.findings) > 0
        assert len(found.points) > 1


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.integers(0, 130),
    second=st.floats(0, 1.01),
    spared=st.floats(0, 1),
)
def test_every_point_is_a_whole_judgement(
    bench: Bench, first: int, second: float, spared: float
) -> None:
    pack = usual(loud={"unless": [{"part": {"gt": 0.9}}], "status": "draft"})
    mine = named(pack, "loud")
    turning = {"events": (float(first),), "part.gte": (second,)}
    found = swept(bench, pack, "loud", **turning)
    at = {point.thresholds: (point.hits, point.undecided) for point in found.points}
    assert len(at) == len(found.points) <= 4
    places = [dial(mine, name).position for name in turning]
    wanted = (float(first), second)
    assert at[wanted] == found_at(bench, pack, "loud", dict(zip(places, wanted, strict=True)))
    clearing = dial(mine, "part.gt")
    assert clearing.clears
    alone = swept(bench, pack, "loud", **{"part.gt": (spared,)})
    judged = found_at(bench, pack, "loud", {clearing.position: spared})
    assert judged in [(point.hits, point.undecided) for point in alone.points]


def test_a_higher_bar_never_finds_more(bench: Bench) -> None:
    found = swept(bench, usual(), "loud", events=tuple(map(float, range(0, 130, 7))))
    hits = [point.hits for point in found.points]
    assert hits == sorted(hits, reverse=True)
    assert hits[0] > hits[-1]
    assert [point.thresholds[0] for point in found.points] == sorted({*range(0, 130, 7), 40.0})


def test_the_activity_chooses_what_makes_a_difference(bench: Bench) -> None:
    found = swept(bench, usual(), "crowd", events=None)
    hits = [point.hits for point in found.points]
    assert max(hits) > min(hits)
    assert len(found.points) <= 7
    assert any(point.undecided for point in found.points)


def test_subjects_of_two_thresholds_make_a_grid(bench: Bench) -> None:
    found = swept(bench, usual(), "loud", events=(40.0, 80.0), part=(0.5, 0.6))
    assert [point.thresholds for point in found.points] == [
        (one, other) for one in (40.0, 80.0) for other in (0.2, 0.5, 0.6)
    ]
    assert sum(point.current for point in found.points) == 1


def test_decisions_of_reviewers_tell_how_often_it_was_right(
    bench: Bench, activity: str, tmp_path: Path
) -> None:
    pack = usual()
    with Ledger.open(str(tmp_path / "ledger.db")) as ledger:
        run(pack, RunRequest(activity), ledger)
        cases = sorted(ledger.cases(), key=lambda case: case.case_id)
        for number, case in enumerate(cases):
            verdict = Verdict.APPROVE if number else Verdict.REJECT
            ledger.decide(
                case.case_id, verdict=verdict, reviewer="mara", reason="seen",
                decided_us=case.last_event_us + 1, seen_version=case.version,
            )  # fmt: skip
        decided = [case for case in ledger.cases() if case.status != CaseStatus.OPEN.value]
        assert len(decided) == len(cases) > 1
        found = swept(bench, pack, "crowd", ledger, size=(4.0, 6.0))
    now, none = found.points
    assert now.precision.rejected == 1
    assert now.precision.decided == now.hits > 1
    assert none.hits == none.precision.decided == 0
    (here, _) = rows(found)
    assert here[-5:] == ("3", "1", "0", "75 % (19 to 99)", "◂ now")
    (wrong, *right) = none.gone
    assert wrong.review is not None
    assert wrong.review.case_id == cases[0].case_id
    assert len(right) == 3
    assert list(moves(found, 1))[-2:] == [
        f"  campaign {wrong.subject.id}, 5 accounts; case {cases[0].case_id}: rejected",
        "  and 3 more",
    ]
    assert "not reviewed" in list(notes(found))[-1]
    assert sweep_record(found)["confidence"] == 0.95
    assert sweep_csv(found).splitlines()[2].endswith(",false,0,0,0,,,")


@pytest.mark.parametrize(
    ("observed", "operator", "steps", "expected"),
    [
        ([1, 2, 3], "gte", 5, (1, 2, 3, 50)),
        ([49, 51, 53], "gte", 9, (49, 50, 53, 54)),
        ([49, 51, 53], "gt", 9, (48, 50, 51, 53)),
        ([49, 51, 53], "lte", 9, (48, 50, 51, 53)),
        ([49, 51, 53], "lt", 9, (49, 50, 53, 54)),
        (range(101), "gte", 4, (0, 49, 50, 51, 101)),
        ([1239], "gte", 3, (50, 1240)),
        ([1239, 1300], "gt", 3, (50, 1240, 1300)),
        ([0.12345, 0.2], "gte", 3, (0.123, 0.2, 50)),
        ([0.12345, 0.2], "gt", 3, (0.12, 0.13, 50)),
        ([-0.12345, 0.0], "lt", 3, (-0.124, 0, 50)),
        ([7, 7, 9], "eq", 3, (7, 9, 50)),
        ([], "gte", 3, (50,)),
    ],
)
def test_thresholds_part_what_was_seen_by_short_numbers(
    observed: list[float], operator: str, steps: int, expected: tuple[float, ...]
) -> None:
    values = np.array(observed, dtype=np.float64)
    assert chosen(Turning(values, values, Operator(operator)), 50.0, steps) == expected


def test_a_range_has_both_its_ends() -> None:
    assert spread(1, 2, 3) == (1, 1.5, 2)
    assert spread(1, 2, 1) == spread(1, 1, 9) == (1,)


def test_what_lies_between_the_ends_of_a_range_is_rounded_to_a_hundredth_of_a_step() -> None:
    assert spread(1, 5, 15)[:4] == (1, 1.286, 1.571, 1.857)
    assert spread(0, 100_000, 4) == (0, 33_300, 66_700, 100_000)
    assert spread(0.123456, 0.2, 3) == (0.123456, 0.1617, 0.2)


def test_names_tell_thresholds_apart() -> None:
    when = {
        "any": [
            {"events": {"gte": 40, "lt": 90}},
            {"all": [{"events": {"gte": 100}}, {"part": {"gte": 0.2}}]},
        ]
    }
    mine = named(usual(loud={"when": when, "unless": [{"part": {"gte": 0.9}}]}), "loud")
    assert [one.name for one in dials(mine)] == [
        "events.gte.1", "events.lt", "events.gte.2", "part.gte.1", "part.gte.2",
    ]  # fmt: skip
    again = turned(mine, {one.position: one.compare.threshold for one in dials(mine)})
    assert again == mine
    last = turned(mine, {dials(mine)[-1].position: 0.95})
    assert last.when == mine.when
    assert [one.compare.threshold for one in dials(last)][-1] == 0.95


def test_other_policies_are_left_alone(bench: Bench) -> None:
    chained = policy(
        "chained",
        when={"all": [{"finding": "loud"}, {"events": {"gte": 60}}]},
        select={"demands": {"prompt|contains": "list:phrases"}},
    )
    pack = usual(chained=chained)
    found = swept(bench, pack, "chained", events=(0.0, 60.0))
    both = {point.thresholds[0]: point.hits for point in found.points}
    (loud,) = [point for point in swept(bench, pack, "loud", events=()).points if point.current]
    assert both[0.0] == loud.hits > both[60.0] > 0


def test_strikes_can_be_turned_and_an_approval_cannot(bench: Bench) -> None:
    when = {"all": [{"events": {"gte": 40}}, {"strikes": {"lt": 1, "within": "30d"}}]}
    pack = usual(loud={"when": when, "unless": [{"approval": "research"}]})
    assert [one.name for one in dials(named(pack, "loud"))] == ["events", "strikes"]
    found = swept(bench, pack, "loud", strikes=(0.0,))
    assert [(point.thresholds[0], point.hits > 0) for point in found.points] == [
        (0, False), (1, True),
    ]  # fmt: skip
    strikes = dial(named(pack, "loud"), "strikes")
    assert strikes.refusal(1.5)
    assert strikes.refusal(-1)


def test_a_sweep_has_a_limit(bench: Bench) -> None:
    many = tuple(map(float, range(60)))
    with pytest.raises(UsageError, match="3,660 points"):
        swept(bench, usual(), "loud", events=many, part=many)


def test_who_comes_and_goes_is_whom_the_edited_pack_hits(bench: Bench) -> None:
    pack = usual(loud={"status": "retired"})
    mine = named(pack, "loud")

    def hit(value: float) -> set[str]:
        edited = turned(mine, {dial(mine, "events").position: value})
        others = tuple(edited if one is mine else one for one in pack.policies)
        judged = bench.judged(as_in_run(replace(pack, policies=others), edited), Past(None))
        found = judged.evaluation.decisions.findings
        return {one.subject.id for one in found if one.policy.name == "loud"}

    found = swept(bench, pack, "loud", events=(20.0, 70.0))
    here = hit(40)
    for point in found.points:
        there = hit(point.thresholds[0])
        assert {one.subject.id for one in point.newly} == there - here
        assert {one.subject.id for one in point.gone} == here - there
    assert [len(point.newly) > 0 for point in found.points] == [True, False, False]
    assert "retired" in next(notes(found))


def test_where_there_is_nobody_there_is_nothing(activity: str) -> None:
    long_ago = RunRequest(activity, as_of_us=10**15)
    with opened(long_ago, [usual()]) as early:
        found = swept(early, usual(), "loud", events=None, part=None)
    (point,) = found.points
    assert (point.hits, point.accounts, point.undecided) == (0, 0, 0)
    assert list(notes(found)) == ["there was no account to judge"]


def test_effects_are_the_difference_of_two_whole_judgements(bench: Bench) -> None:
    chained = {"when": {"finding": "crowd"}, **CROWD_ONLY}
    pack = usual(chained=chained)
    mine = named(pack, "crowd")
    asked = [Asked(dial(mine, "events"), (100.0, 400.0))]
    found = sweep(bench, pack, mine, asked, None, steps=1, with_effects=True)
    now = next(point for point in found.points if point.current)
    for point in found.points:
        assert point.effects is not None
        other = point.hits - now.hits
        change = Change(max(0, other), max(0, -other))
        expected = {} if point.current else {"chained": change}
        assert point.effects.policies == expected
        assert point.effects.responses == ({} if point.current else {"answer": change})
    assert [point.hits - now.hits for point in found.points] == [1, 0, -2]
    assert "  events ≥ 400: policy chained gains 0, loses 2" in effect_lines(found)
