"""What the terminal asks of the ledger, off the thread that paints."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from engine.ledger.records import CaseRecord, DecisionRecord, RunRecord, Verdict
from engine.review.audit import Audit
from engine.review.case_view import CaseFiles, CaseView, load_case_view
from engine.review.decisions import DecisionBook, Reviewer, decide, microseconds_now
from engine.review.filter import Filter, Searched
from engine.review.queue import CaseSource, Queue, load_queue

T = TypeVar("T")
Progress = Callable[[int, int], None]


class ReviewLedger(CaseSource, CaseFiles, DecisionBook, Protocol):
    """The ledger, as far as a reviewer needs it."""

    def runs(self) -> Sequence[RunRecord]:
        """Return every run, in the order of recording."""

    def latest_run(self) -> RunRecord | None:
        """Return the run recorded last."""


class Desk:
    """Answers questions one after another in a thread of its own; proofs run in a second one."""

    def __init__(
        self,
        ledger: ReviewLedger,
        reviewer: Reviewer,
        *,
        verify: Callable[[Progress], Audit],
        clock: Callable[[], int] = microseconds_now,
    ) -> None:
        self.reviewer = reviewer
        self.clock = clock
        self._ledger = ledger
        self._verify = verify
        self._questions = ThreadPoolExecutor(1, "ledger")
        self._proofs = ThreadPoolExecutor(1, "proof")
        self._policies: dict[CaseRecord, tuple[str, ...]] = {}

    def close(self) -> None:
        """Wait for the question under way; drop the others."""
        self._questions.shutdown(cancel_futures=True)
        self._proofs.shutdown(wait=False, cancel_futures=True)

    async def queue(self) -> tuple[Queue, RunRecord | None]:
        """Return the waiting cases and the latest run."""
        return await self._ask(
            lambda: (load_queue(self._ledger, self.reviewer.name), self._ledger.latest_run())
        )

    async def latest_run(self) -> RunRecord | None:
        """Return the run recorded last."""
        return await self._ask(self._ledger.latest_run)

    async def runs(self) -> Sequence[RunRecord]:
        """Return every run."""
        return await self._ask(self._ledger.runs)

    async def case(self, case_id: str) -> CaseRecord | None:
        """Return a case as it is now."""
        return await self._ask(lambda: self._ledger.case(case_id))

    async def view(self, case_id: str) -> CaseView:
        """Return everything about a case."""
        return await self._ask(
            lambda: load_case_view(self._ledger, case_id, reviewer=self.reviewer.name)
        )

    async def decide(self, case: CaseRecord, verdict: Verdict, reason: str) -> DecisionRecord:
        """Record a verdict on the case as it was seen."""
        return await self._ask(
            lambda: decide(self._ledger, self.reviewer, case, verdict, reason, clock=self.clock)
        )

    async def decisions(self, case_id: str) -> Sequence[DecisionRecord]:
        """Return what was decided on a case."""
        return await self._ask(lambda: self._ledger.decisions(case_id))

    async def matching(self, queue: Queue, wanted: Filter) -> tuple[CaseRecord, ...]:
        """Return the cases of a queue that a filter asks for."""
        return await self._ask(lambda: self._matching(queue, wanted))

    async def verify(self, progress: Progress) -> Audit:
        """Verify the audit log; `progress(done, all)` is called from the thread that does it."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._proofs, self._verify, progress)

    async def _ask(self, question: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._questions, question)

    def _matching(self, queue: Queue, wanted: Filter) -> tuple[CaseRecord, ...]:
        return tuple(
            case
            for case in queue.cases
            if wanted.matches(
                Searched(case, self._policies_of(case) if wanted.needs_policies else ())
            )
        )

    def _policies_of(self, case: CaseRecord) -> tuple[str, ...]:
        """Return the policies that a case rests on; while it stands as it does they stay."""
        if case not in self._policies:
            found = self._ledger.findings(case_id=case.case_id)
            self._policies[case] = tuple(sorted({finding.policy for finding in found}))
        return self._policies[case]
