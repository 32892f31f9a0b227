"""The plan and the SQL of measures over sliding intervals."""

from __future__ import annotations

import pytest
from test_plan import ABROAD, AS_OF, DEMANDS, HOUR, REFUSED, SINCE, WEEK, golden, listing

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.words import Operator, RankMethod, SubjectKind
from engine.signals.nodes import Output, Zero
from engine.signals.plan import Plan, build_plan

MINUTE = HOUR // 60
MANY = (m.Bound(Operator.GTE, 10), m.Bound(Operator.LT, 99.5))
SLOW = (m.Bound(Operator.GT, 2500.25),)


def sliding(inner: m.Inner, *bounds: m.Bound) -> m.Measure:
    return m.Windows(inner=inner, span_us=10 * MINUTE, bounds=bounds, window_us=WEEK)


SLIDING: list[m.Measure] = [
    sliding(m.Count(where=DEMANDS), *MANY),
    sliding(m.Kinds(of=(DEMANDS, REFUSED), ordered=True), m.Bound(Operator.EQ, 2)),
    sliding(m.Steps(of=(DEMANDS, REFUSED, ABROAD)), m.Bound(Operator.GTE, 2)),
    sliding(m.Distinct(field=FieldRef("prompt_shape")), *MANY),
    sliding(m.Mean(field=FieldRef("latency_ms"), where=DEMANDS), *SLOW),
    sliding(
        m.Quantile(field=FieldRef("latency_ms"), q=0.95, method=RankMethod.LINEAR, min_of=20), *SLOW
    ),
    m.Quantile(field=FieldRef("latency_ms"), q=0.95, where=DEMANDS, min_of=20, window_us=WEEK),
    m.Together(
        steps=(m.Step(DEMANDS), m.Step(ABROAD), m.Step(REFUSED, absent=True)), within_us=HOUR
    ),
    m.Sequence(
        steps=(m.Step(DEMANDS), m.Step(REFUSED, absent=True), m.Step(ABROAD)), within_us=HOUR
    ),
    m.Sequence(steps=(m.Step(DEMANDS), m.Step(REFUSED, absent=True)), within_us=HOUR),
]
KNOWN = dict.fromkeys(("prompt", "labels", "ip", "latency_ms", "prompt_shape"), "all")  # fmt: skip


def test_the_text_of_sliding_measures() -> None:
    golden("sliding.txt", build_plan({SubjectKind.ACCOUNT: SLIDING}).text())


def test_the_sql_of_sliding_measures_over_known_fields() -> None:
    plan = build_plan({SubjectKind.ACCOUNT: SLIDING}, coverage=KNOWN)
    passes = [one for one in listing(plan).split("\n-- ") if one.startswith("account ")]
    golden("sliding.sql", "".join(f"-- {one}\n" for one in passes))


def test_what_is_known_is_counted_once() -> None:
    open_, known = (
        build_plan({SubjectKind.ACCOUNT: SLIDING[-1:]}, coverage=coverage)
        for coverage in (None, KNOWN)
    )
    assert (len(open_.passes), len(known.passes)) == (2, 1)


def quantities(plan: Plan) -> list[object]:
    return [quantity for reading in plan.readings for _, quantity in reading.parts]


@pytest.mark.parametrize("measure", [*SLIDING[:2], *SLIDING[-3:]])
def test_what_nobody_recorded_never_certainly_happens(measure: m.Measure) -> None:
    nowhere = {"prompt": "none", "labels": "none", "ip": "none"}
    low, high = (
        one for name, one in build_plan(
            {SubjectKind.ACCOUNT: [measure]}, coverage=nowhere
        ).readings[0].parts[::-1]
    )  # fmt: skip
    assert isinstance(low, Output | Zero)
    assert isinstance(high, Output)


def test_the_sql_stays_the_same() -> None:
    texts = {
        tuple(build_plan({SubjectKind.ACCOUNT: SLIDING}).sql(as_of_us=AS_OF, since_us=SINCE))
        for _ in range(2)
    }
    assert len(texts) == 1
