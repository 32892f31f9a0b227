"""Judge a policy again and again with other thresholds, over facts that are measured once.

Every point is judged by the screening of the run, whose outcome the rules engine must match in a
run, or the run fails: so a point says what a run of the pack with these thresholds would find.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.authoring.bench.bench import Bench
from engine.authoring.closure import as_in_run
from engine.authoring.precision import Precision
from engine.authoring.reviews import Review, Reviews, precision
from engine.authoring.sweep.dials import Dial, turned
from engine.authoring.sweep.values import chosen, with_current
from engine.batch.past import Past
from engine.decide.cases import Cases, PastActions
from engine.decide.compile import compile_pack, signal_keys
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.ledger.queries import Queries
from engine.signals.facts import FactTable

Rows = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Asked:
    """A dial and the thresholds to try; None lets the activity choose."""

    dial: Dial
    values: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """What the policy finds with certain thresholds."""

    thresholds: tuple[float, ...]
    hits: int
    """Subjects."""
    accounts: int
    """Their active accounts, each once."""
    undecided: int
    """Subjects about which too little is known; none of them is a hit."""
    precision: Precision
    current: bool
    """Whether these are the thresholds of the policy as it stands."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A policy over the activity, point by point."""

    policy: Policy
    dials: tuple[Dial, ...]
    points: tuple[Point, ...]
    """In ascending order of thresholds, the last dial turning fastest."""
    judged: int
    """Subjects that the policy is about."""
    reviewed: bool
    """Whether a ledger was asked for past decisions."""


def sweep(
    bench: Bench,
    pack: Pack,
    policy: Policy,
    asked: Sequence[Asked],
    ledger: Queries | None,
    *,
    steps: int,
) -> Sweep:
    """Return what the policy finds at every combination of the thresholds asked for.

    The current threshold of each dial is always among them. `steps` is how many others are chosen
    for a dial without values. A draft comes out as it would in shadow.
    """
    narrow = as_in_run(pack, policy)
    judged = bench.judged(narrow, Past(ledger))
    judging = _Judging(
        narrow, policy, judged.evaluation.tables[policy.subject], judged.strikes, bench.as_of_us
    )
    axes = [
        with_current(one.values, one.dial.compare.threshold)
        if one.values is not None
        else judging.choose(one.dial, steps)
        for one in asked
    ]
    positions = [one.dial.position for one in asked]
    found = {
        thresholds: judging.judge(dict(zip(positions, thresholds, strict=True)))
        for thresholds in itertools.product(*axes)
    }
    hits = _Hits(bench, narrow, policy, judging.table, [rows for rows, _ in found.values()], ledger)
    now = tuple(one.dial.compare.threshold for one in asked)
    points = tuple(
        hits.point(thresholds, rows, undecided, current=thresholds == now)
        for thresholds, (rows, undecided) in found.items()
    )
    dials = tuple(one.dial for one in asked)
    return Sweep(policy, dials, points, len(judging.table.subjects), ledger is not None)


@dataclass(frozen=True, slots=True)
class _Judging:
    """The policy with what it rests on, over the facts of its subjects."""

    pack: Pack
    policy: Policy
    table: FactTable
    strikes: PastActions | None
    as_of_us: int

    def judge(self, thresholds: Mapping[int, float]) -> tuple[Rows, int]:
        """Return which rows are hits, and how many are undecided."""
        mine = next(one for one in self.pack.policies if one.name == self.policy.name)
        changed = turned(mine, thresholds)
        policies = tuple(changed if one is mine else one for one in self.pack.policies)
        compiled = next(
            one
            for one in compile_pack(replace(self.pack, policies=policies))
            if one.kind is mine.subject
        )
        place = [one.name for one in compiled.policies].index(mine.name)
        screen = Cases(compiled, self.table, self.strikes, self.as_of_us).screen
        blocks = list(screen.blocks())
        holds = [block.holds[place] for block in blocks]
        undecided = sum(int((~(b.holds[place] | b.fails[place])).sum()) for b in blocks)
        return (np.concatenate(holds) if holds else np.zeros(0, dtype=np.bool_)), undecided

    def choose(self, dial: Dial, steps: int) -> tuple[float, ...]:
        """Return thresholds that part the subjects for which this one can make a difference."""
        column = self.table.columns[signal_keys(self.policy)[dial.compare.signal]]
        ends = np.concatenate([column.low, column.high])
        known = ends[np.isfinite(ends)]
        if not len(known):
            return (dial.compare.threshold,)
        beyond = (float(known.min()) - 1, float(known.max()) + 1)
        least, most = (self.judge({dial.position: value})[0] for value in beyond)
        differing = column.low[least != most], column.high[least != most]
        observed = [value for end in differing for value in end.tolist() if math.isfinite(value)]
        return chosen(observed, dial.compare, steps)


class _Hits:
    """The hits of all points, with their accounts and what reviewers decided about them."""

    def __init__(
        self,
        bench: Bench,
        pack: Pack,
        policy: Policy,
        table: FactTable,
        found: Sequence[Rows],
        ledger: Queries | None,
    ) -> None:
        ever = np.flatnonzero(np.logical_or.reduce(found)) if found else np.zeros(0, np.intp)
        self._subjects = {row: Subject(table.kind, table.subjects[row]) for row in ever.tolist()}
        accounts = bench.evidence(pack, self._subjects.values()).accounts
        self._accounts = {
            row: frozenset(one.target.account_id for one in accounts.get(subject, ()))
            for row, subject in self._subjects.items()
        }
        reviews = None if ledger is None else Reviews(ledger)
        self._reviews: dict[int, Review | None] = {}
        if reviews is not None:
            self._reviews = {
                row: reviews.of(policy, subject, self._accounts[row], policy.name)
                for row, subject in self._subjects.items()
            }

    def point(
        self, thresholds: tuple[float, ...], rows: Rows, undecided: int, *, current: bool
    ) -> Point:
        hit = np.flatnonzero(rows).tolist()
        accounts = frozenset[str]().union(*(self._accounts[row] for row in hit))
        decided = precision(self._reviews.get(row) for row in hit)
        return Point(thresholds, len(hit), len(accounts), undecided, decided, current)
