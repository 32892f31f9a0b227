"""What a reviewer does: decide, skip, and go on to the next case."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

from engine.errors import ExciseError
from engine.ledger.records import CaseRecord, DecisionRecord, Verdict
from engine.review.queue import WAITING, Queue

_WAITING = frozenset(status.value for status in WAITING)

REASONS: dict[Verdict, tuple[str, ...]] = {
    Verdict.APPROVE: (
        "evidence confirmed",
        "continues a campaign already acted on",
        "no look-alike fits",
    ),
    Verdict.REJECT: (
        "approved or contracted use",
        "benchmark, evaluation or research",
        "classroom or shared network",
        "one organisation's own product",
        "resale, not distillation",
        "evidence too thin",
        "policy is wrong",
    ),
}
"""Reasons to pick by digit; the look-alikes that clear a subject come first."""


class ReadOnlyError(ExciseError):
    """A reviewer who may only read tried to decide."""


class EmptyReasonError(ExciseError):
    """A decision without a reason."""


class DecisionBook(Protocol):
    """What deciding asks of the ledger."""

    def decide(
        self,
        case_id: str,
        *,
        seen_version: int,
        verdict: Verdict,
        reviewer: str,
        reason: str,
        decided_us: int,
    ) -> DecisionRecord:
        """Record a verdict on the version seen."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who sits at the terminal."""

    name: str
    read_only: bool = False

    @property
    def role(self) -> str:
        return "auditor, read only" if self.read_only else "reviewer"


def microseconds_now() -> int:
    """Return the time: human decisions are the one thing that happens at a time of its own."""
    return time.time_ns() // 1000


def decide(
    book: DecisionBook,
    reviewer: Reviewer,
    case: CaseRecord,
    verdict: Verdict,
    reason: str,
    *,
    clock: Callable[[], int] = microseconds_now,
) -> DecisionRecord:
    """Record a reviewer's verdict on the case as they saw it.

    Raises ReadOnlyError, EmptyReasonError, and what the ledger raises: among them StaleCase when
    somebody else was faster.
    """
    if reviewer.read_only:
        message = f"{reviewer.name} may only read"
        raise ReadOnlyError(message, hint="start without --read-only to decide")
    said = " ".join(reason.split())
    if not said:
        message = "a decision needs a reason"
        raise EmptyReasonError(message)
    return book.decide(
        case.case_id,
        seen_version=case.version,
        verdict=verdict,
        reviewer=reviewer.name,
        reason=said,
        decided_us=clock(),
    )


@dataclass
class Sitting:
    """One reviewer's way through one queue; what they skip comes back last."""

    queue: Queue
    settled: dict[str, str] = field(default_factory=dict)
    """Status by case, for the cases decided since the queue was taken."""
    skipped: dict[str, None] = field(default_factory=dict)
    """In the order of skipping."""

    def status(self, case: CaseRecord) -> str:
        """Return a case's status as far as this sitting knows."""
        return self.settled.get(case.case_id, case.status)

    def skip(self, case_id: str) -> None:
        """Put a case behind all others."""
        self.skipped.pop(case_id, None)
        self.skipped[case_id] = None

    def settle(self, case_id: str, status: str) -> None:
        """Note that a case was decided: by this reviewer, or by another who was faster."""
        self.settled[case_id] = status
        self.skipped.pop(case_id, None)

    def renew(self, queue: Queue) -> None:
        """Go on with a fresh snapshot; skips are remembered, as far as their cases still wait."""
        self.queue = queue
        self.settled.clear()
        self.skipped = {case_id: None for case_id in self.skipped if case_id in queue.places}

    def next_after(self, case_id: str | None) -> CaseRecord | None:
        """Return the next case to judge: after this one, from the top again, then the skipped.

        None when every case is decided, or the only one left is `case_id` itself.
        """
        cases = self.queue.cases
        start = self.queue.places.get(case_id, -1) + 1 if case_id is not None else 0
        for at in chain(range(start, len(cases)), range(start)):
            case = cases[at]
            if case.case_id not in self.skipped and self._wants(case, case_id):
                return case
        by_id = self.queue.places
        skipped = (cases[by_id[skip]] for skip in self.skipped if skip in by_id)
        return next((case for case in skipped if self._wants(case, case_id)), None)

    def beside(self, case_id: str, step: int) -> CaseRecord | None:
        """Return the neighbour in the list, decided or not; None at either end."""
        place = self.queue.places.get(case_id)
        if place is None or not 0 <= place + step < len(self.queue.cases):
            return None
        return self.queue.cases[place + step]

    def _wants(self, case: CaseRecord, but: str | None) -> bool:
        mine = case.case_id in self.settled or case.case_id in self.queue.own
        return case.case_id != but and not mine and case.status in _WAITING
