"""The queue: the cases that wait for a reviewer, the worst first.

A `Queue` is a snapshot. Its order never changes under a reviewer's cursor; what is decided or
skipped meanwhile is noted beside it, and a new snapshot is taken on request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from engine.language.words import Severity
from engine.ledger.records import CaseRecord, CaseStatus, DecisionRecord

WAITING = (CaseStatus.OPEN, CaseStatus.AWAITING_SECOND)
"""The states in which a case wants a reviewer."""

_RANK = {severity.value: severity.rank for severity in Severity}


class CaseSource(Protocol):
    """What the queue asks of the ledger."""

    def cases(self, status: CaseStatus | None = None) -> Sequence[CaseRecord]:
        """Return the cases, all or those of one status."""

    def decisions(self, case_id: str) -> Sequence[DecisionRecord]:
        """Return what reviewers decided on a case."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits."""

    open: int
    awaiting_second: int
    accounts: int
    """Of the waiting cases; an account in two cases counts twice."""
    by_severity: Mapping[str, int]

    @property
    def waiting(self) -> int:
        return self.open + self.awaiting_second


@dataclass(frozen=True)
class Queue:
    """The waiting cases in order: severity, then accounts, both falling, then id."""

    cases: tuple[CaseRecord, ...]
    own: frozenset[str] = frozenset()
    """Cases of which this reviewer gave the first approval: somebody else must decide them."""

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each case, by id."""
        return {case.case_id: place for place, case in enumerate(self.cases)}

    @cached_property
    def counts(self) -> Counts:
        return count(self.cases)


def severity_rank(severity: str) -> int:
    """Return how bad a severity is, from 0; a word that this version does not know is worst."""
    return _RANK.get(severity, len(_RANK))


def in_order(cases: Iterable[CaseRecord], own: Iterable[str] = ()) -> Queue:
    """Return cases as a queue."""
    ordered = sorted(
        cases, key=lambda case: (-severity_rank(case.severity), -case.accounts, case.case_id)
    )
    return Queue(tuple(ordered), frozenset(own))


def load_queue(ledger: CaseSource, reviewer: str = "") -> Queue:
    """Return the cases that wait for a reviewer."""
    awaiting = ledger.cases(status=CaseStatus.AWAITING_SECOND)
    own = (
        case.case_id
        for case in awaiting
        if any(made.reviewer == reviewer for made in ledger.decisions(case.case_id)[-1:])
    )
    return in_order((*ledger.cases(status=CaseStatus.OPEN), *awaiting), own)


def count(cases: Iterable[CaseRecord]) -> Counts:
    """Return how many of the cases are in which state."""
    listed = tuple(cases)
    states = Counter(case.status for case in listed)
    return Counts(
        open=states[CaseStatus.OPEN.value],
        awaiting_second=states[CaseStatus.AWAITING_SECOND.value],
        accounts=sum(case.accounts for case in listed),
        by_severity=dict(Counter(case.severity for case in listed)),
    )
