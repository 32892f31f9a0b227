"""The plan's canonical text and SQL, and what may not change them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import (
    EVERYTHING,
    After,
    AllOf,
    AnyOf,
    Not,
    Selection,
    Test,
)
from engine.language.span import Span
from engine.language.words import Anchor, Match, SubjectKind
from engine.signals.nodes import Aggregate
from engine.signals.passes.totals import MOST
from engine.signals.plan import Plan, build_plan

GOLDEN = Path(__file__).parent / "golden"
WEEK = 7 * 86_400_000_000
HOUR = 3_600_000_000
AS_OF = 1_780_000_000_000_000
SINCE = AS_OF - 45 * 86_400_000_000

DEMANDS = AnyOf((
    Test(FieldRef("prompt"), Match.CONTAINS, ("step by step", "show all reasoning")),
    Test(FieldRef("labels"), Match.EQUALS, ("reasoning_elicitation",)),
))  # fmt: skip
REFUSED = Test(FieldRef("prompt"), Match.CONTAINS, ("ignore the above",))
FREE = Test(FieldRef("plan", of_account=True), Match.EQUALS, ("Free",))
ABROAD = Test(FieldRef("ip"), Match.CIDR, ("192.0.2.0/24", "2001:db8::/32"))

SMALL_PACK: dict[SubjectKind, list[m.Measure]] = {
    SubjectKind.ACCOUNT: [
        m.Count(where=DEMANDS, window_us=WEEK),
        m.Share(where=DEMANDS, of=Not(REFUSED), min_of=20, window_us=WEEK),
        m.Mean(field=FieldRef("temperature"), where=FREE),
        m.Busiest(where=AllOf((DEMANDS, FREE)), span_us=HOUR),
        m.TopShare(field=FieldRef("prompt_shape"), min_of=10, window_us=WEEK),
        m.Distinct(field=FieldRef("prompt_shape"), window_us=WEEK),
        m.Approved(approval="research"),
        m.Share(where=DEMANDS, min_of=20, after=After(Anchor.SIGNUP, WEEK)),
    ],
    SubjectKind.ORGANISATION: [
        m.Entropy(field=FieldRef("logit_bias_ids")),
        m.GapCv(where=ABROAD),
    ],
    SubjectKind.CAMPAIGN: [
        m.Count(where=DEMANDS, window_us=WEEK),
        m.Members(),
        m.Payers(),
        m.Organisations(),
        m.Carriers(where=DEMANDS, at_least_share=0.95, window_us=WEEK),
        m.PartitionIndex(field=FieldRef("prompt_shape"), window_us=WEEK),
        m.Shared(field=FieldRef("device_id", of_account=True)),
        m.Count(where=DEMANDS, after=After(Anchor.RELEASE, 24 * HOUR)),
    ],
}


def golden(name: str, found: str) -> None:
    """Compare with a golden file; EXCISE_WRITE_GOLDEN=1 writes it."""
    path = GOLDEN / name
    if os.environ.get("EXCISE_WRITE_GOLDEN") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def listing(plan: Plan) -> str:
    statements = plan.sql(as_of_us=AS_OF, since_us=SINCE, pretty=True)
    return "\n".join(f"-- {name}\n{sql};\n" for name, sql in statements)


def test_the_text_of_a_small_pack() -> None:
    golden("small_pack.txt", build_plan(SMALL_PACK).text())


def test_the_sql_of_a_small_pack() -> None:
    golden("small_pack.sql", listing(build_plan(SMALL_PACK)))


def test_the_sql_over_metadata_alone() -> None:
    coverage = {"prompt": "none", "prompt_shape": "none", "labels": "all", "ip": "all"}
    golden("metadata_only.sql", listing(build_plan(SMALL_PACK, coverage=coverage)))


def moved(selection: Selection) -> Selection:
    """Return the selection as if it stood elsewhere, in a needless pair of brackets."""
    return AllOf((replace(selection, span=Span("other.yaml", 9, 9, 9, 9)),))


def test_order_spans_and_needless_nesting_do_not_change_a_plan() -> None:
    again = {kind: list(reversed(asked)) * 2 for kind, asked in reversed(SMALL_PACK.items())}
    assert build_plan(again) == build_plan(SMALL_PACK)
    once = build_plan({SubjectKind.ACCOUNT: [m.Count(where=DEMANDS)]})
    elsewhere = build_plan({SubjectKind.ACCOUNT: [m.Count(where=moved(DEMANDS))]})
    assert elsewhere.chosen == once.chosen
    assert elsewhere.totals == once.totals


def test_equal_tests_are_evaluated_once() -> None:
    cased = replace(REFUSED, cased=True)
    asked = [m.Count(where=one) for one in (DEMANDS, AllOf((DEMANDS, REFUSED)), cased)]
    plan = build_plan({SubjectKind.ACCOUNT: asked, SubjectKind.CAMPAIGN: asked})
    assert len(plan.leaves) == 4
    assert len(plan.chosen) == 3


def test_a_scan_has_a_limited_number_of_aggregates() -> None:
    asked = [
        m.Count(where=Test(FieldRef("status"), Match.EQUALS, (status,)))
        for status in range(400, 440)
    ]
    plan = build_plan({SubjectKind.ACCOUNT: asked})
    assert [len(node.aggregates) for node in plan.totals] == [MOST, 80 - MOST]


def test_distinct_top_share_and_entropy_share_a_pass() -> None:
    field = FieldRef("model")
    asked = [m.Distinct(field=field), m.TopShare(field=field), m.Entropy(field=field)]
    (node,) = build_plan({SubjectKind.ACCOUNT: asked}).passes
    assert node.parts == ("distinct", "rows", "top", "total")


@pytest.mark.parametrize("told", ["all", "none"])
def test_what_is_known_beforehand_is_not_counted(told: str) -> None:
    plan = build_plan({SubjectKind.ACCOUNT: [m.Count(where=REFUSED)]}, coverage={"prompt": told})
    counted = [one for node in plan.totals for one in node.aggregates]
    assert len(counted) == 1
    assert all(isinstance(one, Aggregate) for one in counted)
    if told == "none":
        assert counted[0].guard == ()


def test_no_measures_make_an_empty_plan() -> None:
    plan = build_plan({})
    assert plan.kinds == ()
    assert plan.nodes == ()


def test_everything_needs_no_column() -> None:
    plan = build_plan({SubjectKind.ACCOUNT: [m.Count(where=EVERYTHING)]})
    assert plan.stage.chosen == ()
