"""The canonical text and SQL of what is compared among peers."""

from __future__ import annotations

from test_plan import DEMANDS, WEEK, golden, listing

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.words import CohortScale, SubjectKind
from engine.signals.plan import build_plan

DEMANDING = m.Share(where=DEMANDS, min_of=20, window_us=WEEK)
PLAN, ORGANISATION = (FieldRef(name, of_account=True) for name in ("plan", "org_id"))
COHORT = m.Cohort(value=DEMANDING, by=(PLAN, ORGANISATION), min_peers=30)
FAR = m.Cohort(value=COHORT, scale=CohortScale.ROBUST_Z, min_peers=30)
PACK: dict[SubjectKind, list[m.Measure]] = {
    SubjectKind.ORGANISATION: [FAR],
    SubjectKind.CAMPAIGN: [COHORT, m.MemberCohort(cohort=COHORT)],
}


def test_the_text_of_cohorts() -> None:
    golden("peers.txt", build_plan(PACK).text())


def test_the_sql_of_cohorts() -> None:
    golden("peers.sql", listing(build_plan(PACK)))


def test_what_is_compared_is_counted_once() -> None:
    asked = [DEMANDING, COHORT, FAR]
    plan = build_plan({SubjectKind.ACCOUNT: asked})
    assert len(plan.readings) == 3
    assert all(reading.asked for reading in plan.readings)
    alone = build_plan({SubjectKind.ACCOUNT: [FAR]})
    assert alone.totals == plan.totals
    assert [reading.asked for reading in alone.readings].count(True) == 1


def test_members_are_compared_as_accounts() -> None:
    plan = build_plan({SubjectKind.CAMPAIGN: [m.MemberCohort(cohort=COHORT)]})
    assert plan.kinds == (SubjectKind.ACCOUNT, SubjectKind.CAMPAIGN)
    assert plan.judged == {SubjectKind.CAMPAIGN}
