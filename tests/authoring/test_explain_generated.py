"""`explain` says what a run says of generated activity: campaigns, look-alikes, missing fields.

Every policy for every subject: the verdict against the run's finding and against the reference
evaluator, every leaf against the fact that the run measured. The long proof explains a policy as
the command does it, in a pack of that policy and those it asks about; the short one, as all
policies in brief come, from the whole pack.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from engine.authoring.closure import as_in_run
from engine.authoring.explain.explanation import compiled_for, tracer_of
from engine.authoring.explain.tree import Explained, policies
from engine.authoring.judging import Judged, judged
from engine.batch.run import RunRequest
from engine.decide.reference import Verdicts
from engine.decide.reference import evaluate as refer
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.signals.facts import FactTable, signal_key
from fixtures.populations import POPULATIONS, batches
from fixtures.rows import Batch
from fixtures.scale import AS_OF_US, Scale
from fixtures.world import MODELS, World
from fixtures.write import Writer

PACK = require_pack(find_rules())
SMALL, LARGE = Scale(30_000, 3_000), Scale(120_000, 12_000)
UNRECORDED = frozenset({"payers", "shared_payment", "instruction_share"})
"""What is not known of some generated accounts though nothing was lost: those that never paid have
no payment on record, and of a request without a system prompt nobody can say that it had none."""
LOST = ("prompt", "prompt_shape", "ip", "blocked_by", "tools_sig")
"""Fields that a provider may not have kept."""


def crowd(world: World) -> Iterator[Batch]:
    """Yield the campaigns and the look-alikes, without the ordinary accounts around them."""
    for population in POPULATIONS:
        yield from population.make(world, *population.size(world.scale))


def write(folder: Path, scale: Scale, *, everybody: bool, lost: float) -> str:
    """Write a generated world, of which a part of the exchanges lacks fields."""
    folder.mkdir(exist_ok=True)
    world = World.of(scale, 11)
    with Writer() as writer:
        for batch in batches(world) if everybody else crowd(world):
            writer.add(batch)
        writer.write(folder, world.words.texts(), MODELS)
    file, kept = folder / "exchanges.parquet", folder / "kept.parquet"
    known = {row[0] for row in duckdb.sql(f"DESCRIBE FROM '{file}'").fetchall()}
    missing = f"hash(event_id) % 1000 < {round(lost * 1000)}"
    nulled = ", ".join(
        f"CASE WHEN {missing} THEN NULL ELSE {name} END AS {name}" for name in LOST if name in known
    )
    duckdb.sql(f"COPY (SELECT * REPLACE ({nulled}) FROM '{file}') TO '{kept}'")
    kept.replace(file)
    return str(folder)


@dataclass(frozen=True)
class Held:
    """A run, and what the reference evaluator says of everybody in it from the run's facts."""

    run: Judged
    referred: Mapping[Subject, Verdicts]
    found: frozenset[tuple[Subject, str]]

    @classmethod
    def of(cls, run: Judged) -> Held:
        """Refer everybody to it."""
        found = ((one.subject, one.policy.name) for one in run.evaluation.decisions.findings)
        return cls(run, dict(_referred(run)), frozenset(found))


def _referred(run: Judged) -> Iterator[tuple[Subject, Verdicts]]:
    for kind, table in run.evaluation.tables.items():
        keys = tuple(table.columns)
        for row, id_ in enumerate(table.subjects):
            subject, facts = Subject(kind, id_), table.facts(row, keys)
            yield subject, refer(PACK.policies, (), subject, facts, (), AS_OF_US)


def explained(pack: Pack, policy: Policy, table: FactTable) -> Iterator[tuple[str, Explained]]:
    """Yield a policy's explanation for every subject of a table."""
    compiled = compiled_for(pack, policy.subject)
    for id_ in table.subjects:
        tracer = tracer_of(compiled, table, id_, strikes=None, as_of_us=AS_OF_US)
        yield id_, policies(tracer, policy.name)[0]


def check_leaves(one: Explained, table: FactTable, row: int) -> int:
    """Hold every comparison against the fact of the run; return how many there are."""
    looked = 0
    for root in one.branches:
        for leaf in root.leaves:
            if leaf.number is not None:
                key = signal_key(one.policy.signal(leaf.number.name).measure)
                column, fact = table.columns[key], leaf.number.fact
                assert (fact.low, fact.high) == (column.low[row], column.high[row])
                counts = {name: values[row] for name, values in column.counts.items()}
                assert fact.counts.keys() == counts.keys()
                assert all(_same(fact.counts[name], counts[name]) for name in counts)
                looked += 1
    return looked


def _same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def check(held: Held, policy: Policy, pack: Pack, facts: FactTable) -> Counter[bool | None]:
    """Explain a policy of a pack for everybody from some facts, comparing with a run."""
    table, name = held.run.evaluation.tables[policy.subject], policy.name
    came: Counter[bool | None] = Counter()
    assert facts.subjects == table.subjects
    for row, (id_, one) in enumerate(explained(pack, policy, facts)):
        subject = Subject(policy.subject, id_)
        assert (one.holds is True) is ((subject, name) in held.found)
        assert one.holds is held.referred[subject].findings[name]
        check_leaves(one, table, row)
        came[one.holds] += 1
    undecided = held.run.evaluation.decisions.undecided
    assert came[None] == (undecided[name].subjects if name in undecided else 0)
    return came


def test_of_campaigns_and_look_alikes(tmp_path: Path) -> None:
    activity = write(tmp_path / "world", SMALL, everybody=False, lost=0.3)
    came: Counter[bool | None] = Counter()
    with judged(PACK, RunRequest(activity, as_of_us=AS_OF_US)) as run:
        held, tables = Held.of(run), run.evaluation.tables
        for policy in PACK.policies:
            came += check(held, policy, PACK, tables[policy.subject])
    assert len(held.referred) >= 200
    assert min(came[True], came[False], came[None]) > 0, came


@pytest.mark.slow
@pytest.mark.parametrize("lost", [0.0, 1.0])
def test_of_ten_thousand_subjects(lost: float, tmp_path: Path) -> None:
    activity = write(tmp_path / "world", LARGE, everybody=True, lost=lost)
    came: Counter[bool | None] = Counter()
    with judged(PACK, RunRequest(activity, as_of_us=AS_OF_US)) as run:
        held, tables = Held.of(run), run.evaluation.tables
        for policy in PACK.policies:
            came += check(held, policy, PACK, tables[policy.subject])
    assert len(held.referred) >= 10_000
    assert came[True] > 0
    undecided = run.evaluation.decisions.undecided.values()
    open_ = {signal for one in undecided for signal in one.signals} - UNRECORDED
    assert bool(open_) is bool(lost), (came, open_)


@pytest.mark.slow
def test_of_ten_thousand_subjects_each_policy_alone(tmp_path: Path) -> None:
    activity = write(tmp_path / "world", LARGE, everybody=True, lost=0.2)
    request = RunRequest(activity, as_of_us=AS_OF_US)
    with judged(PACK, request) as run:
        held = Held.of(run)
        assert len(held.referred) >= 10_000
        for policy in PACK.policies:
            alone = as_in_run(PACK, policy)
            with judged(alone, request) as narrow:
                check(held, policy, alone, narrow.evaluation.tables[policy.subject])
