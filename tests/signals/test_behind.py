"""The exchanges behind a number are those that it counted, on random activity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import direct
import pytest
import sliding_worlds
import worlds
from hypothesis import given
from hypothesis import strategies as st
from test_execute import SINCE, Measures, run, thorough

from engine.activity.workspace import Workspace
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.accounts_behind import CountedAccount, accounts_behind
from engine.signals.atoms import Period
from engine.signals.behind import Behind, events_behind
from engine.signals.facts import Fact, signal_key
from engine.signals.measures import behind
from engine.signals.measures.computation import Role
from engine.signals.narrowing import narrowed

MANY = 10_000
WHEN = {"as_of_us": worlds.AS_OF, "since_us": SINCE}
BY_EVENTS = (
    *(m.Count, m.Share, m.Sum, m.Mean, m.Minimum, m.Maximum, m.Busiest, m.GapCv),
    *(m.Windows, m.Together, m.Sequence, m.Quantile, h.HourFlatness, h.Spike),
)


def looked_up(workspace: Workspace, one: m.Measure, subject: Subject) -> Behind:
    return events_behind(workspace, one, subject, limit=MANY, **WHEN)


def by_role(found: Behind) -> Counter[Role]:
    counted: Counter[Role] = Counter()
    for part, number in found.totals.items():
        counted[found.roles[part]] += number
    return counted


def assert_counts(one: m.Measure, fact: Fact, found: Behind) -> None:
    """Compare with the counts that stand beside the value."""
    roles = by_role(found)
    assert Counter(found.roles[event.part] for event in found.events) == roles
    assert len({event.event_id for event in found.events}) == len(found.events)
    if isinstance(one, m.Carriers | m.Shared | m.Tenants):
        return  # their counts are of accounts
    assert roles[Role.UNKNOWN] == fact.counts["unknown"]
    valued = isinstance(one, m.Distinct | m.TopShare) and not one.field.field.type.is_list
    if isinstance(one, BY_EVENTS) or valued:
        assert roles[Role.COUNTED] == fact.counts["events"]
    if isinstance(one, m.Share):
        of = roles[Role.COUNTED] + roles[Role.BESIDE] + found.totals["unknown_of"]
        assert of == fact.counts["of"]


def assert_accounts(one: m.Measure, fact: Fact, found: Sequence[CountedAccount] | None) -> None:
    """Compare with the counts of measures that count accounts."""
    if found is None:
        assert not {"members", "payers", "holding"} & fact.counts.keys()
        return
    roles = Counter(account.role for account in found)
    assert [account.account_id for account in found] == sorted({a.account_id for a in found})
    if not isinstance(one, m.Members):
        assert roles[Role.UNKNOWN] == fact.counts["unknown"]
    match one:
        case m.Members() | m.Carriers():
            assert roles[Role.COUNTED] == fact.counts["members"]
        case m.Payers():
            values = {account.value for account in found if account.role is Role.COUNTED}
            assert len(values) == fact.counts["payers"]
        case m.Approved():
            assert roles[Role.COUNTED] == fact.counts["holding"]
            assert len(found) == fact.counts["accounts"]
        case m.Tenants():
            assert roles[Role.COUNTED] == fact.counts["crowded"]
        case m.Shared():
            assert roles[Role.COUNTED] == fact.counts["sharing"]
            assert len(found) == fact.counts["members"]


def ids(found: Behind, role: Role) -> set[str]:
    return {event.event_id for event in found.events if found.roles[event.part] is role}


def assert_direct(one: m.Measure, found: Behind, events: list[direct.Event]) -> None:
    """Compare with the selection read event by event."""
    if isinstance(one, m.Count | m.GapCv):
        inside, unknown = direct.split(one.where, events)
    elif isinstance(one, m.Share):
        certain, perhaps = direct.split(one.of, events)
        inside, undecided = direct.split(one.where, certain)
        unknown = undecided + perhaps
        out = {e.event_id for e in certain if direct.standing(one.where, e) is False}
        assert ids(found, Role.BESIDE) == out
    else:
        return
    assert ids(found, Role.COUNTED) == {event.event_id for event in inside}
    assert ids(found, Role.UNKNOWN) == {event.event_id for event in unknown}


def about(one: m.Measure, kind: SubjectKind, id_: str, world: direct.World) -> list[direct.Event]:
    """Return the subject's events inside the measure's window."""
    window = getattr(one, "window_us", None)
    start = SINCE if window is None else max(SINCE, worlds.AS_OF - window)
    return [
        event
        for event in world.events
        if start <= event.ts_us <= worlds.AS_OF and direct.belongs(event, kind, id_, world)
    ]


def check(workspace: Workspace, world: direct.World, measures: Measures) -> None:
    worlds.fill(workspace, world)
    tables = run(workspace, measures)
    for kind, asked in measures.items():
        for one in asked:
            key = signal_key(one)
            for row, id_ in enumerate(tables[kind].subjects):
                subject, fact = Subject(kind, id_), tables[kind].facts(row, (key,))[key]
                if isinstance(one, m.Cohort | m.MemberCohort):
                    looked_up(workspace, one, subject)
                    continue  # who has peers only among the others
                with narrowed(workspace, subject, Period(SINCE, worlds.AS_OF)):
                    alone = run(workspace, {kind: [one]})[kind]
                again = alone.facts(alone.subjects.index(id_), (key,))[key]
                assert again == fact
                assert_accounts(one, fact, accounts_behind(workspace, one, subject, **WHEN))
                if behind(one):
                    found = looked_up(workspace, one, subject)
                    assert_counts(one, fact, found)
                    assert_direct(direct.unanchored(one), found, about(one, kind, id_, world))


@thorough(4)
@given(world=worlds.worlds(), measures=worlds.MEASURES)
def test_every_number_has_its_rows(
    workspace: Workspace, world: direct.World, measures: Measures
) -> None:
    check(workspace, world, measures)


@pytest.mark.slow
@thorough(60)
@given(world=worlds.worlds(), measures=worlds.MEASURES)
def test_every_number_has_its_rows_at_length(
    workspace: Workspace, world: direct.World, measures: Measures
) -> None:
    check(workspace, world, measures)


@thorough(4)
@given(
    world=sliding_worlds.dense_worlds(),
    asked=st.lists(sliding_worlds.DENSE, min_size=1, max_size=3),
)
def test_every_interval_has_its_rows(
    workspace: Workspace, world: direct.World, asked: list[m.Measure]
) -> None:
    check(workspace, world, {SubjectKind.ACCOUNT: asked, SubjectKind.CAMPAIGN: asked})


@pytest.mark.slow
@thorough(60)
@given(
    world=sliding_worlds.dense_worlds(),
    asked=st.lists(sliding_worlds.DENSE, min_size=1, max_size=3),
)
def test_every_interval_has_its_rows_at_length(
    workspace: Workspace, world: direct.World, asked: list[m.Measure]
) -> None:
    check(workspace, world, {SubjectKind.ACCOUNT: asked, SubjectKind.CAMPAIGN: asked})


@thorough(4)
@given(world=worlds.worlds(), wanted=st.integers(0, 5))
def test_no_more_rows_than_asked_for(
    workspace: Workspace, world: direct.World, wanted: int
) -> None:
    worlds.fill(workspace, world)
    everything = m.Count(where=worlds.EVERYTHING)
    tables = run(workspace, {SubjectKind.ACCOUNT: [everything]})
    for id_ in tables[SubjectKind.ACCOUNT].subjects:
        subject = Subject(SubjectKind.ACCOUNT, id_)
        found = events_behind(workspace, everything, subject, limit=wanted, **WHEN)
        whole = looked_up(workspace, everything, subject)
        assert found.events == whole.events[:wanted]
        assert found.totals == whole.totals
        times = [(event.ts_us, event.event_id) for event in whole.events]
        assert times == sorted(times)
