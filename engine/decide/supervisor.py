"""The parent's side: workers are started, fed, watched, and always reaped.

The C extension can end its process or never return. So a worker that breaks off (the pipe ends) or
falls silent is killed and replaced, and the subjects it was judging are judged again one at a time;
a subject that breaks a worker twice by itself fails the whole run. A subject is never skipped: to
pass over it would call it clean.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import Self

from engine.decide.crew import Crew
from engine.decide.lane import Lane, Lost, Orders
from engine.decide.program import Program
from engine.decide.worker import Case
from engine.errors import ExciseError

Batch = tuple[Case, ...]
Verdict = tuple[Case, frozenset[str]]


class EngineFault(ExciseError):  # noqa: N818 - a fault of ours, no error of the user's
    """The rules engine broke down; nothing has been decided."""


class Supervisor:
    """Workers that judge cases; a context manager, and gone when it is left in any way."""

    def __init__(
        self, programs: tuple[Program, ...], orders: Orders, crew: Crew | None = None
    ) -> None:
        """Remember what to do: a worker is started when there is something to judge.

        The first one is the crew's, if there is a crew, and goes back to it.
        """
        self._programs = programs
        self._crew = crew
        self._orders = orders
        self._lanes: list[Lane] = []
        self._batches = 0

    def __enter__(self) -> Self:
        """Take up the work."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill every worker and wait for its end; the crew gets its own back if all is well."""
        if kind is None and self._crew is not None and self._lanes:
            self._crew.give_back(self._lanes.pop(0))
        while self._lanes:
            self._lanes[-1].stop()
            self._lanes.pop()

    def judge(self, cases: Iterable[Case]) -> Iterator[Verdict]:
        """Yield each case with the verdicts derived for it, in the order of the cases.

        Raises `EngineFault` when the rules cannot be loaded, or fail the self-test, or when a
        subject breaks a worker twice.
        """
        batches = _batches(cases, self._orders.batch)
        busy: deque[tuple[Lane, Batch]] = deque()
        idle = deque(self._lanes)
        while True:
            while (idle or self._may_grow()) and (batch := next(batches, None)):
                lane = idle.popleft() if idle else self._grown()
                busy.append((lane, batch))
                lane.send(batch)
                self._batches += 1
            if not busy:
                return
            lane, batch = busy.popleft()
            judged = self._judged(lane, batch)
            idle.append(lane)
            yield from zip(batch, judged, strict=True)

    def _may_grow(self) -> bool:
        """Say whether another worker pays: starting one takes as long as some batches."""
        worth = self._orders.grow_after * len(self._lanes)
        return len(self._lanes) < self._orders.workers and self._batches >= worth

    def _grown(self) -> Lane:
        lent = self._crew.take(self._programs) if self._crew and not self._lanes else None
        if lent is not None:
            self._lanes.append(lent)
            return lent
        # The rules are the same in every worker: to test them once is enough.
        lane = Lane(self._programs, self._orders, verify=not self._lanes)
        self._lanes.append(lane)
        try:
            lane.loaded()
        except Lost as lost:
            message = f"pack `{self._orders.pack}`: the rules cannot be loaded: {lost}"
            raise EngineFault(message) from lost
        return lane

    def _judged(self, lane: Lane, batch: Batch) -> list[frozenset[str]]:
        try:
            return list(lane.verdicts())
        except Lost:
            return [self._alone(lane, case) for case in batch]

    def _alone(self, lane: Lane, case: Case) -> frozenset[str]:
        try:
            return lane.ask(case)
        except Lost:
            try:
                return lane.ask(case)
            except Lost as lost:
                subject = f"{case.subject.kind.value} {case.subject.id!a}"
                where = f"pack `{self._orders.pack}`, {subject}"
                message = f"{where}: the rules engine failed twice: {lost}"
                raise EngineFault(message, hint="nothing was decided or recorded") from lost


def _batches(cases: Iterable[Case], size: int) -> Iterator[Batch]:
    remaining = iter(cases)
    while batch := tuple(islice(remaining, size)):
        yield batch
