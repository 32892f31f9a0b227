"""A worker that is kept from one decision to the next, whatever programs each of them brings.

Starting a process takes longer than judging a small table. Whoever decides many times in a row, as
the tests of a pack do, lends every decision the same worker: it unloads what it had, loads what it
is given, and tests that as a new one would.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from engine.decide.lane import Lane, Lost, Orders
from engine.decide.program import Program


class Crew:
    """One worker at most; a context manager, and the worker is gone when it is left."""

    def __init__(self, orders: Orders) -> None:
        """Remember how to run the worker."""
        self._orders = orders
        self._idle: Lane | None = None

    def __enter__(self) -> Self:
        """Start the worker: it is ready by the time that there is something to judge."""
        self._idle = Lane((), self._orders, verify=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Kill the worker and wait for its end."""
        if self._idle is not None:
            self._idle.stop()
            self._idle = None

    def take(self, programs: tuple[Program, ...]) -> Lane | None:
        """Hand out the worker, with these programs loaded; None when it is not to be had."""
        lane, self._idle = self._idle, None
        if lane is None:
            return None
        try:
            lane.take(programs)
            lane.loaded()
        except Lost:
            # Whether the programs are to blame, a worker of the decision's own will show.
            lane.stop()
            return None
        except BaseException:
            lane.stop()
            raise
        return lane

    def give_back(self, lane: Lane) -> None:
        """Keep a worker that has answered everything it was asked."""
        if self._idle is None:
            self._idle = lane
        else:
            lane.stop()
