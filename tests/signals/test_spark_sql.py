"""What Spark is asked: the same passes, in its own words where it has others."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp
from test_plan import AS_OF, DEMANDS, HOUR, REFUSED, SINCE, SMALL_PACK, WEEK, golden

from engine.language.fields import FieldRef
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, After, Not
from engine.language.words import Anchor, Operator, SubjectKind
from engine.signals.atoms import Period
from engine.signals.engines.spark_sql import DIALECT, written_for_spark
from engine.signals.plan import build_plan
from engine.signals.queries import query
from engine.signals.sql import call, hugeint, name, select

PERIOD = Period(SINCE, AS_OF)
TOKENS = FieldRef("output_tokens")
APART: list[m.Measure] = [
    m.Sum(field=TOKENS, window_us=WEEK),
    m.GapCv(),
    m.LongestRun(field=FieldRef("logit_bias_ids")),
    m.Distinct(field=FieldRef("labels"), where=DEMANDS),
    m.Sequence(steps=(m.Step(REFUSED), m.Step(DEMANDS, absent=True)), within_us=HOUR),
    m.Windows(
        inner=m.Sum(field=TOKENS), span_us=HOUR, bounds=(m.Bound(Operator.GT, 1e6),)
    ),
    m.Windows(
        inner=m.Quantile(field=TOKENS, q=0.95), span_us=HOUR, bounds=(m.Bound(Operator.GT, 9.5),)
    ),
    m.Windows(
        inner=m.Distinct(field=FieldRef("labels"), where=Not(REFUSED)),
        span_us=HOUR,
        bounds=(m.Bound(Operator.GTE, 3),),
    ),
    h.ReleaseShift(field=FieldRef("model"), soon=After(Anchor.RELEASE, 24 * HOUR)),
]  # fmt: skip
"""Measures whose passes Spark is asked in other words."""


def test_where_spark_has_other_words() -> None:
    plan = build_plan({SubjectKind.ACCOUNT: APART})
    passes = ((name, query(node, PERIOD)) for node, name in plan.names.items())
    written = (f"-- {one}\n{written_for_spark(rows, pretty=True)};\n" for one, rows in passes)
    golden("apart.spark.sql", "\n".join(written))


@pytest.mark.parametrize("pack", [SMALL_PACK, {SubjectKind.ACCOUNT: APART}], ids=["small", "apart"])
def test_it_reads_as_spark_sql_and_the_query_stays_as_it_was(
    pack: dict[SubjectKind, list[m.Measure]],
) -> None:
    for node in build_plan(pack).nodes:
        rows = query(node, PERIOD)
        before = rows.copy()
        read = sqlglot.parse_one(written_for_spark(rows), dialect=DIALECT)
        assert rows == before
        assert read.named_selects == rows.named_selects
        assert not [one for one in read.find_all(exp.DataType) if one.is_type("INT128")]


def spark(expression: exp.Expr) -> str:
    return written_for_spark(select([("x", expression)])).removeprefix("SELECT ").split(" AS ")[0]


def test_a_sum_that_is_read_as_128_bits_is_added_up_in_as_many() -> None:
    total = exp.Sum(this=name("v"))
    assert "SUM(CAST(`v`" in written_for_spark(select([("x", hugeint(total.copy()))]))
    assert spark(total) == "SUM(`v`)"


def test_the_length_of_a_list_is_its_size() -> None:
    assert spark(call("len", name("v"))) == "SIZE(`v`)"


def test_following_rows_are_preceding_ones_in_the_opposite_order() -> None:
    steps = (m.Step(EVERYTHING, absent=True),)
    plan = build_plan({SubjectKind.ACCOUNT: [m.Together(steps=steps, within_us=HOUR)]})
    (asked,) = (written_for_spark(query(node, PERIOD)) for node in plan.passes)
    assert "FOLLOWING" not in asked
    assert "ORDER BY `ts_us` DESC" in asked
