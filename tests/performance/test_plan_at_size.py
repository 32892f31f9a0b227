"""The shared plan of the shipped pack against one query a signal, and against SQL by hand.

Both are asked in one process over the same million exchanges, read and linked once. What is
compared is processor time, of all threads, so that what else the machine does counts for little;
the seconds are printed for the record.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.batch.evaluate import BEGINNING_US, asked_by, coverage_of, measures_of
from engine.batch.needed import columns_needed
from engine.campaigns.find import find_campaigns
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack
from engine.signals.atoms import Period
from engine.signals.execute import measure, staged
from engine.signals.facts import signal_key
from engine.signals.passes.scan import LOW_BITS
from engine.signals.plan import Plan, build_plan
from engine.signals.queries import query
from engine.signals.sql import written
from fixtures.generate import generate
from fixtures.scale import PERFORMANCE

pytestmark = pytest.mark.performance

TIMES = 3
LEAST_GAIN = 4
"""How many times the plan's own time one query a signal must take."""
MOST_LOSS = 1.3
"""How many times the time of SQL by hand the plan may take."""

BY_HAND = (Path(__file__).parent / "passes_by_hand.sql").read_text(encoding="utf-8")
TABLES = ("accounts", "members", "events")
"""The statements that come before the passes."""

Rows = list[tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class World:
    """Activity that was read and linked, and what the shipped pack asks of it."""

    workspace: Workspace
    pack: Pack
    coverage: Mapping[str, str]
    as_of_us: int

    def plan(self) -> Plan:
        return build_plan(measures_of(self.pack), coverage=self.coverage)

    def measure(self, plan: Plan) -> None:
        measure(self.workspace, plan, as_of_us=self.as_of_us, since_us=BEGINNING_US)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A million exchanges in a workspace, with their campaigns."""
    activity = tmp_path_factory.mktemp("activity")
    generate(PERFORMANCE, 1, activity)
    pack = require_pack(find_rules())
    with Workspace(threads=2) as workspace:
        intake = read_activity(workspace, str(activity), kept=columns_needed(pack))
        as_of_us = intake.last_us
        assert as_of_us is not None
        whole = [replace(links, slices=None) for links in pack.links]  # slices have a plan apart
        find_campaigns(workspace, whole, as_of_us=as_of_us, since_us=None)
        yield World(workspace, pack, coverage_of(intake), as_of_us)


def seconds(work: Callable[[], None]) -> float:
    """Return the least processor time of some that a piece of work took."""
    taken = []
    for _ in range(TIMES):
        started = time.process_time()
        work()
        taken.append(time.process_time() - started)
    return min(taken)


@pytest.fixture(scope="module")
def shared(world: World) -> float:
    """The time of the plan: tables, passes and facts."""
    plan = world.plan()
    return seconds(lambda: world.measure(plan))


def test_one_plan_costs_less_than_one_query_a_signal(world: World, shared: float) -> None:
    asked = list(asked_by(world.pack))
    alone: dict[tuple[str, str], float] = {}
    for one in asked:
        key = (one.kind.value, signal_key(one.measure))
        if key not in alone:
            plan = build_plan({one.kind: [one.measure]}, coverage=world.coverage)
            alone[key] = seconds(lambda plan=plan: world.measure(plan))
    each = sum(alone[one.kind.value, signal_key(one.measure)] for one in asked)
    sys.stdout.write(
        f"\n{len(asked)} signals, {len(alone)} different ones: {each:.1f} s one by one "
        f"({sum(alone.values()):.1f} s each once), {shared:.2f} s by one plan; "
        f"ratio {each / shared:.1f}\n"
    )
    assert each / shared >= LEAST_GAIN


def statements() -> dict[str, str]:
    """Return the SQL by hand, by the names of passes."""
    _, *parts = re.split(r"^-- ([a-z]+(?: [a-z]+)?(?: \d+)?)$", BY_HAND, flags=re.MULTILINE)
    return {name: sql.strip() for name, sql in zip(parts[::2], parts[1::2], strict=True)}


def prepare(world: World) -> None:
    """Let the SQL by hand know the moment and the phrases that the pack looks for."""
    leaves = (one.test for one in world.plan().leaves if one.test.field.field.name == "prompt")
    (phrases,) = (test.values for test in leaves)
    demands = "|".join(re.escape(str(phrase)) for phrase in phrases)
    world.workspace.execute(f"SET VARIABLE as_of = {world.as_of_us}")
    world.workspace.execute(f"SET VARIABLE demands = '{demands}'")


def test_it_costs_hardly_more_than_its_passes_by_hand(world: World, shared: float) -> None:
    prepare(world)
    by_hand = statements()
    assert set(by_hand) == {*TABLES, *world.plan().names.values()}

    def work() -> None:
        for name, sql in by_hand.items():
            ask = world.workspace.execute if name in TABLES else world.workspace.arrays
            ask(sql)

    hand = seconds(work)
    sys.stdout.write(
        f"\nby hand {hand:.2f} s, by the plan {shared:.2f} s; ratio {shared / hand:.2f}\n"
    )
    assert shared / hand <= MOST_LOSS


def test_both_count_the_same(world: World) -> None:
    prepare(world)
    by_hand = statements()
    for name in TABLES:
        world.workspace.execute(by_hand[name])
    plan, period = world.plan(), Period(BEGINNING_US, world.as_of_us)
    with staged(world.workspace, plan.stage, period):
        for node, name in plan.names.items():
            parts, rows = counted(world.workspace, written(query(node, period)))
            own, hand = counted(world.workspace, by_hand[name])
            assert any(any(row[1:]) for row in hand), name
            assert selected(parts, rows, own) == selected(own, hand, own), name
            assert not any(any(row) for row in selected(parts, rows, left_out(parts, own))), name


def counted(workspace: Workspace, sql: str) -> tuple[list[str], Rows]:
    """Return the names of the parts that a query answers and its rows; halves put together."""
    names = [str(name) for name, *_ in workspace.rows(f"DESCRIBE {sql}")]
    parts = list(dict.fromkeys(re.sub("_(high|low)$", "", name) for name in names))
    rows = []
    for row in workspace.rows(sql):
        found = dict(zip(names, map(int, row), strict=True))
        rows.append(tuple(
            found[part] if part in found
            else found[f"{part}_high"] * LOW_BITS + found[f"{part}_low"]
            for part in parts
        ))  # fmt: skip
    return parts, rows


def left_out(parts: list[str], own: list[str]) -> list[str]:
    return [part for part in parts if part not in own]


def selected(parts: list[str], rows: Rows, wanted: list[str]) -> Rows:
    """Return some columns of rows, in order; a row of nothing but zeros is as good as none."""
    places = [parts.index(part) for part in wanted]
    picked = (tuple(row[place] for place in places) for row in rows)
    return sorted(row for row in picked if any(row[1:]))
