"""The compiled plan against the direct reading of every measure, on random activity."""

from __future__ import annotations

import math
import random

import direct
import numpy as np
import pytest
import worlds
from every_measure import every_measure
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.activity.ingest import ALWAYS_KEPT
from engine.activity.workspace import Workspace
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING
from engine.language.words import SubjectKind
from engine.signals.batches import batches
from engine.signals.execute import measure
from engine.signals.facts import FactTable, signal_key
from engine.signals.passes.scan import Batch
from engine.signals.plan import build_plan
from engine.signals.stage import columns_read
from engine.signals.steps import steps_of

SINCE = worlds.AS_OF - 45 * worlds.DAY


def thorough(examples: int) -> settings:
    """Return settings for proofs that ask the database; shrinking would take minutes."""
    return settings(
        deadline=None,
        max_examples=examples,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )


INEXACT = (m.Entropy, m.GapCv, m.PartitionIndex)

Measures = dict[SubjectKind, list[m.Measure]]
Tables = dict[SubjectKind, FactTable]


def run(workspace: Workspace, measures: Measures, coverage: dict[str, str] | None = None) -> Tables:
    plan = build_plan(measures, coverage=coverage)
    return measure(workspace, plan, as_of_us=worlds.AS_OF, since_us=SINCE)


def agree(found: tuple[float, float], wanted: tuple[float, float], *, exactly: bool) -> bool:
    if exactly:
        return found == wanted
    return all(
        one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
        for one, other in zip(found, wanted, strict=True)
    )


def same(one: Tables, other: Tables) -> bool:
    return one.keys() == other.keys() and all(
        table.subjects == other[kind].subjects
        and all(
            np.array_equal(column.low, other[kind].columns[key].low)
            and np.array_equal(column.high, other[kind].columns[key].high)
            and all(
                np.array_equal(values, other[kind].columns[key].counts[name])
                for name, values in column.counts.items()
            )
            for key, column in table.columns.items()
        )
        for kind, table in one.items()
    )


def assert_direct(tables: Tables, measures: Measures, world: direct.World) -> None:
    for kind, asked in measures.items():
        if not asked:
            assert kind not in tables
            continue
        table = tables[kind]
        assert table.subjects == direct.subjects(kind, world, SINCE, worlds.AS_OF)
        for one in asked:
            key = signal_key(one)
            for row, subject in enumerate(table.subjects):
                fact = table.facts(row, (key,))[key]
                wanted = direct.fact(one, kind, subject, world, SINCE, worlds.AS_OF)
                exactly = not isinstance(one, INEXACT)
                assert agree((fact.low, fact.high), wanted, exactly=exactly), (
                    one, subject, (fact.low, fact.high), wanted, dict(fact.counts),
                )  # fmt: skip


@thorough(40)
@given(world=worlds.worlds(), measures=worlds.MEASURES)
def test_the_plan_counts_what_the_measures_mean(
    workspace: Workspace, world: direct.World, measures: Measures
) -> None:
    worlds.fill(workspace, world)
    assert_direct(run(workspace, measures), measures, world)


@thorough(12)
@given(world=worlds.worlds(), measures=worlds.MEASURES)
def test_the_columns_a_plan_names_are_all_that_it_reads(
    workspace: Workspace, world: direct.World, measures: Measures
) -> None:
    worlds.fill(workspace, world)
    whole = run(workspace, measures)
    named = columns_read(build_plan(measures).stage) | ALWAYS_KEPT
    stored = [str(name) for name, *_ in workspace.rows("DESCRIBE events")]
    kept = ", ".join(name for name in stored if name in named | {"supplied"})
    workspace.execute("ALTER TABLE events RENAME TO every_event")
    workspace.execute(f"CREATE VIEW events AS SELECT {kept} FROM every_event")
    narrow = run(workspace, measures)
    workspace.execute("DROP VIEW events")
    workspace.execute("ALTER TABLE every_event RENAME TO events")
    assert same(narrow, whole)


@pytest.mark.slow
@thorough(600)
@given(world=worlds.worlds(), measures=worlds.MEASURES)
def test_the_plan_counts_what_the_measures_mean_at_length(
    workspace: Workspace, world: direct.World, measures: Measures
) -> None:
    worlds.fill(workspace, world)
    assert_direct(run(workspace, measures), measures, world)


def known_everywhere(world: direct.World, name: str) -> bool:
    reference = worlds.ref(name)
    return all(direct.lookup(reference, event, event.account)[0] for event in world.events)


def known_nowhere(world: direct.World, name: str) -> bool:
    reference = worlds.ref(name)
    return not any(direct.lookup(reference, event, event.account)[0] for event in world.events)


@thorough(25)
@given(
    world=worlds.worlds(),
    measures=worlds.MEASURES,
    dropped=st.sets(st.sampled_from(sorted(worlds.EVENT_VALUES.keys() - {"model"}))),
)
def test_coverage_never_changes_a_fact(
    workspace: Workspace, world: direct.World, measures: Measures, dropped: set[str]
) -> None:
    for event in world.events:
        event.supplied -= dropped
        event.values = {key: value for key, value in event.values.items() if key not in dropped}
    worlds.fill(workspace, world)
    names = [*worlds.EVENT_VALUES, *(f"account.{name}" for name in worlds.ACCOUNT_VALUES)]
    coverage = {name: "all" for name in names if known_everywhere(world, name)}
    coverage |= {
        name: "none"
        for name in names
        if known_nowhere(world, name) and not (name.startswith("account.") and world.accounts)
    }
    tables = run(workspace, measures, coverage)
    assert same(tables, run(workspace, measures))
    assert_direct(tables, measures, world)


@thorough(20)
@given(world=worlds.worlds(), measures=worlds.MEASURES, seed=st.integers(0, 100))
def test_neither_row_order_nor_threads_change_a_fact(
    workspace: Workspace, world: direct.World, measures: Measures, seed: int
) -> None:
    worlds.fill(workspace, world)
    before = run(workspace, measures)
    random.Random(seed).shuffle(world.events)
    worlds.fill(workspace, world)
    workspace.execute("SET threads = 1")
    try:
        assert same(before, run(workspace, measures))
    finally:
        workspace.execute("SET threads = 2")


@thorough(30)
@given(world=worlds.worlds(), bytes_=st.integers(1, 700))
def test_memory_for_few_rows_changes_no_fact(
    workspace: Workspace, world: direct.World, bytes_: int
) -> None:
    every = every_measure()[SubjectKind.CAMPAIGN]
    measures = {SubjectKind.CAMPAIGN: [one for one in every if isinstance(one, m.PartitionIndex)]}
    worlds.fill(workspace, world)
    before = run(workspace, measures)
    enough = workspace.limit_bytes
    workspace.limit_bytes = bytes_
    try:
        assert same(before, run(workspace, measures))
    finally:
        workspace.limit_bytes = enough


def test_campaigns_come_in_batches_of_few_events(workspace: Workspace) -> None:
    workspace.execute(
        "CREATE OR REPLACE TEMP TABLE measured AS SELECT unnest([1, 1, 2, 3, 3, 3, 4]) AS account"
    )
    workspace.execute(
        "CREATE OR REPLACE TEMP TABLE measured_members AS "
        "SELECT unnest([1, 2, 3, 4, 1]) AS account, unnest([0, 0, 1, 2, 3]) AS campaign"
    )
    try:
        assert batches(workspace, 7) == (None,)
        made = {most: batches(workspace, most) for most in (1, 3, 4, 6)}
        workspace.execute("DELETE FROM measured_members")
        assert batches(workspace, 1) == (None,)
    finally:
        for table in ("measured", "measured_members"):
            workspace.execute(f"DROP TABLE {table}")
    assert made == {
        1: [Batch(0, 0), Batch(1, 1), Batch(2, 2), Batch(3, 3)],
        3: [Batch(0, 0), Batch(1, 1), Batch(2, 3)],
        4: [Batch(0, 0), Batch(1, 2), Batch(3, 3)],
        6: [Batch(0, 1), Batch(2, 3)],
    }


def test_no_activity_gives_empty_tables(workspace: Workspace) -> None:
    worlds.fill(workspace, direct.World([], {}, {"x": ["a1"]}))
    everything = [m.Count(where=EVERYTHING), m.Entropy(field=worlds.ref("model")), m.GapCv()]
    tables = run(workspace, {kind: list(everything) for kind in SubjectKind})
    assert tables[SubjectKind.ACCOUNT].subjects == ()
    assert tables[SubjectKind.ORGANISATION].subjects == ()
    assert tables[SubjectKind.CAMPAIGN].subjects == ("x",)
    fact = tables[SubjectKind.CAMPAIGN].facts(0, (signal_key(everything[0]),))
    assert [one.high for one in fact.values()] == [0.0]


def test_progress_hears_each_step(workspace: Workspace) -> None:
    worlds.fill(workspace, direct.World([], {}, {}))
    heard: list[str] = []
    plan = build_plan({SubjectKind.ACCOUNT: [m.GapCv()]})
    measure(workspace, plan, as_of_us=1, since_us=0, progress=heard.append)
    steps = ["measured_accounts", "measured", "account totals", "account gaps"]
    assert [step.name for step in steps_of(plan)] == steps
    assert heard == [*steps, "account facts"]


def test_its_tables_are_gone_afterwards(workspace: Workspace) -> None:
    worlds.fill(workspace, direct.World([], {}, {}))
    run(workspace, {SubjectKind.CAMPAIGN: [m.Organisations()]})
    left = {name for (name,) in workspace.rows("SELECT table_name FROM duckdb_tables()")}
    assert left == {"events", "accounts", "models", "members"}


def test_a_total_beyond_64_bits_is_exact(workspace: Workspace) -> None:
    events = [
        direct.Event(f"e{at}", worlds.AS_OF, "a1", {"model": "m", "input_tokens": 2**63 - 1})
        for at in range(5)
    ]
    worlds.fill(workspace, direct.World(events, {}, {}))
    total = m.Sum(field=worlds.ref("input_tokens"))
    mean = m.Mean(field=worlds.ref("input_tokens"))
    table = run(workspace, {SubjectKind.ACCOUNT: [total, mean]})[SubjectKind.ACCOUNT]
    facts = table.facts(0, (signal_key(total), signal_key(mean)))
    assert facts[signal_key(total)].low == float(5 * (2**63 - 1))
    assert facts[signal_key(mean)].low == float(2**63 - 1)


@pytest.mark.parametrize("threads", [1, 2])
def test_gaps_of_decades_do_not_overflow(workspace: Workspace, threads: int) -> None:
    times = [0, 10**15, 10**15 + 5000, worlds.AS_OF]
    events = [direct.Event(f"e{at}", ts, "a1", {"model": "m"}) for at, ts in enumerate(times)]
    worlds.fill(workspace, direct.World(events, {}, {}))
    workspace.execute(f"SET threads = {threads}")
    plan = build_plan({SubjectKind.ACCOUNT: [m.GapCv()]})
    table = measure(workspace, plan, as_of_us=worlds.AS_OF, since_us=0)[SubjectKind.ACCOUNT]
    gaps = [10**12, 5, worlds.AS_OF // 1000 - 10**12 - 5]
    mean = sum(gaps) / 3
    wanted = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / 2) / mean
    key = signal_key(m.GapCv())
    assert table.facts(0, (key,))[key].low == pytest.approx(wanted, rel=1e-12)
