"""One account of 100,000 events, intervals of a minute and of a month: no measure compares pairs.

Seconds depend on the machine, so only growth within one run is asserted: four times the events may
not take much more than four times the time, and long intervals not much more than short ones.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from engine.activity.tables import create_tables_sql
from engine.activity.workspace import Workspace
from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, Selection, Test
from engine.language.words import Match, Operator, RankMethod, SubjectKind
from engine.signals.execute import measure
from engine.signals.plan import build_plan

pytestmark = pytest.mark.performance

AS_OF = 1_780_000_000_000_000
MINUTE = 60_000_000
MONTH = 30 * 1440 * MINUTE
EVENTS = 100_000
MOST_GROWTH = 9
"""Times the time for four times the events; comparing pairs takes sixteen. Measured: 1.5 to 3.3."""
MOST_LENGTH = 15
"""Times the time for intervals of a month instead of a minute; measured: 0.3 to 4.6."""


def status(value: int) -> Selection:
    return Test(FieldRef("status"), Match.EQUALS, (value,))


def windows(inner: m.Inner, span: int) -> m.Measure:
    return m.Windows(inner=inner, span_us=span, bounds=(m.Bound(Operator.GTE, 3.5),))


def measures(span: int) -> dict[str, m.Measure]:
    """Return measures over intervals of a length; everything may be missing to them."""
    latency, kinds = FieldRef("latency_ms"), tuple(map(status, range(4)))
    linear = RankMethod.LINEAR
    here, there, gone = m.Step(kinds[0]), m.Step(kinds[1]), m.Step(kinds[2], absent=True)
    return {
        "count": windows(m.Count(where=EVERYTHING), span),
        "sum": windows(m.Sum(field=latency), span),
        "max": windows(m.Maximum(field=latency), span),
        "distinct": windows(m.Distinct(field=FieldRef("prompt_hash")), span),
        "quantile": windows(m.Quantile(field=latency, q=0.95, method=linear), span),
        "kinds": windows(m.Kinds(of=kinds), span),
        "steps": windows(m.Steps(of=kinds), span),
        "together": m.Together(steps=(here, there, gone), within_us=span),
        "sequence": m.Sequence(steps=(here, gone, there), within_us=span),
        "unanswered": m.Sequence(steps=(here, there, gone), within_us=span),
    }


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """Empty tables of activity."""
    with Workspace(threads=2) as found:
        for statement in create_tables_sql():
            found.execute(statement)
        yield found


def strew(workspace: Workspace, events: int) -> None:
    """Make so many events of one account, evenly strewn over a month, the only ones."""
    workspace.execute("DELETE FROM events")
    workspace.execute(
        "INSERT INTO events"
        " (event_id, ts_us, account_id, model, status, latency_ms, prompt_hash)"
        f" SELECT 'e' || i, {AS_OF} - (i * 7919) % {events} * {MONTH // events}, 'a', 'm',"
        " (i * 31 + i // 97) % 9, (i * 271) % 3001, 'h' || (i * 7) % 50021"
        f" FROM range({events}) r(i)"
    )


def seconds(workspace: Workspace, one: m.Measure) -> float:
    """Return the lesser of two times to measure the account."""
    plan = build_plan({SubjectKind.ACCOUNT: [one]})
    taken = []
    for _ in range(2):
        started = time.process_time()
        measure(workspace, plan, as_of_us=AS_OF, since_us=AS_OF - MONTH)
        taken.append(time.process_time() - started)
    return min(taken)


def test_time_grows_with_the_events_and_not_with_the_interval(workspace: Workspace) -> None:
    strew(workspace, EVENTS // 4)
    few = {word: seconds(workspace, one) for word, one in measures(MINUTE).items()}
    strew(workspace, EVENTS)
    many = {word: seconds(workspace, one) for word, one in measures(MINUTE).items()}
    long = {word: seconds(workspace, one) for word, one in measures(MONTH).items()}
    for word, taken in many.items():
        growth, length = taken / few[word], long[word] / taken
        sys.stdout.write(
            f"\n{word}: {taken:.2f} s; {growth:.1f} times that of a quarter of the events; "
            f"over a month {long[word]:.2f} s"
        )
        assert growth <= MOST_GROWTH, word
        assert length <= MOST_LENGTH, word
