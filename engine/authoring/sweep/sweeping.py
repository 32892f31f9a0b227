"""Judge a policy again and again with other thresholds, over facts that are measured once.

Every point is judged by the screening of the run, whose outcome the rules engine must match in a
run, or the run fails: so a point says what a run of the pack with these thresholds would find.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.authoring.bench.bench import Bench
from engine.authoring.closure import as_in_run, whole_run
from engine.authoring.precision import Precision
from engine.authoring.reviews import Opinion, Review, Reviews, precision
from engine.authoring.sweep.dials import Dial, turned
from engine.authoring.sweep.effects import Effects, effects
from engine.authoring.sweep.judging import Judging, Rows
from engine.authoring.sweep.values import with_current
from engine.batch.past import Past
from engine.decide.decide import Decisions
from engine.errors import UsageError
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.ledger.queries import Queries
from engine.signals.facts import FactTable

MOST_POINTS = 2_500
"""A map of fifty by fifty; nobody reads more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A dial and the thresholds to try; None lets the activity choose."""

    dial: Dial
    values: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject that the policy finds with certain thresholds."""

    subject: Subject
    accounts: int
    review: Review | None
    """The case that it falls on; None too where no ledger was asked."""


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
    newly: tuple[Hit, ...] = ()
    """Hits that there are not as the policy stands: those rejected before first, then the largest.
    Left out, as `gone` is, where two dials are turned."""
    gone: tuple[Hit, ...] = ()
    """Hits that there are as the policy stands, and not here."""
    effects: Effects | None = None
    """None where nobody asked."""

    @property
    def unreviewed(self) -> int:
        """Return how many hits no reviewer has decided about."""
        return self.hits - self.precision.decided


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
    with_effects: bool = False,
) -> Sweep:
    """Return what the policy finds at every combination of the thresholds asked for.

    The current threshold of each dial is always among them. `steps` is how many others are chosen
    for a dial without values. A draft comes out as it would in shadow.
    Raises UsageError for more
    than `MOST_POINTS` combinations.
    """
    narrow = as_in_run(pack, policy)
    judging = Judging(bench.judged(narrow, Past(ledger)), policy.name)
    axes = [
        with_current(one.values, one.dial.threshold)
        if one.values is not None
        else judging.choose(one.dial, [other.dial for other in asked if other is not one], steps)
        for one in asked
    ]
    positions = [one.dial.position for one in asked]
    size = math.prod(map(len, axes))
    if size > MOST_POINTS:
        message = f"these are {size:,} points; a sweep has at most {MOST_POINTS:,}"
        raise UsageError(message, hint="try fewer thresholds: --steps, or name them")
    found = {
        thresholds: judging.judge(dict(zip(positions, thresholds, strict=True)))
        for thresholds in itertools.product(*axes)
    }
    hits = _Hits(bench, narrow, policy, judging.table, [rows for rows, _ in found.values()], ledger)
    now = tuple(one.dial.threshold for one in asked)
    before = found[now][0] if len(asked) == 1 else None
    points = tuple(
        hits.point(thresholds, rows, undecided, before, current=thresholds == now)
        for thresholds, (rows, undecided) in found.items()
    )
    if with_effects:
        points = _with_effects(bench, pack, policy, positions, points, Past(ledger))
    dials = tuple(one.dial for one in asked)
    return Sweep(policy, dials, points, len(judging.table.subjects), ledger is not None)


def _with_effects(
    bench: Bench,
    pack: Pack,
    policy: Policy,
    positions: Sequence[int],
    points: Sequence[Point],
    past: Past,
) -> tuple[Point, ...]:
    def decisions(point: Point) -> Decisions:
        changed = turned(policy, dict(zip(positions, point.thresholds, strict=True)))
        policies = tuple(changed if one is policy else one for one in pack.policies)
        whole = whole_run(replace(pack, policies=policies), changed)
        return bench.judged(whole, past).evaluation.decisions

    now = decisions(next(point for point in points if point.current))
    return tuple(
        replace(point, effects=effects(policy.name, now, decisions(point))) for point in points
    )


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
        self,
        thresholds: tuple[float, ...],
        rows: Rows,
        undecided: int,
        before: Rows | None,
        *,
        current: bool,
    ) -> Point:
        hit = np.flatnonzero(rows).tolist()
        accounts = frozenset[str]().union(*(self._accounts[row] for row in hit))
        decided = precision(self._reviews.get(row) for row in hit)
        point = Point(thresholds, len(hit), len(accounts), undecided, decided, current)
        if before is None:
            return point
        newly, gone = self._sorted(rows & ~before), self._sorted(before & ~rows)
        return replace(point, newly=newly, gone=gone)

    def _sorted(self, rows: Rows) -> tuple[Hit, ...]:
        hits = [
            Hit(self._subjects[row], len(self._accounts[row]), self._reviews.get(row))
            for row in np.flatnonzero(rows).tolist()
        ]
        return tuple(sorted(hits, key=_rejected_first))


def _rejected_first(hit: Hit) -> tuple[bool, int, str]:
    rejected = hit.review is not None and hit.review.opinion is Opinion.REJECTED
    return not rejected, -hit.accounts, hit.subject.id
