"""Trials that are kept, so that a test whose activity is the same need not be read again."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self

from engine.activity.room import Room
from engine.activity.workspace import Workspace
from engine.authoring.trial import TestResult, Trial
from engine.decide.crew import Crew
from engine.decide.lane import Orders
from engine.language.canonical import digest
from engine.language.declared import fields_used
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy, PolicyTest

_MANY = 300
"""So many trials are kept; each takes half a megabyte or so, with its facts and its activity."""


class KeptTrials:
    """Judges tests as `try_out` does; what was read or measured before is not read again.

    A context manager: everything is gone when it is left.
    """

    def __init__(self, *, many: int = _MANY) -> None:
        """Start with none; of more than `many` those used longest ago are let go."""
        self._many = many
        self._kept: OrderedDict[str, tuple[Room, Trial]] = OrderedDict()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Open the house of all rooms, and start the worker that judges."""
        self._house = self._stack.enter_context(Workspace(threads=1, small=True))
        self.crew = self._stack.enter_context(Crew(Orders("kept")))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let all of them go."""
        while self._kept:
            self._let_go()
        self._stack.close()

    def __len__(self) -> int:
        """Return how many are kept."""
        return len(self._kept)

    def result(self, pack: Pack, policy: Policy, test: PolicyTest) -> TestResult:
        """Run one test of a policy of the pack."""
        return self.trial(pack, test).result(pack, policy, test, self.crew)

    def trial(self, pack: Pack, test: PolicyTest) -> Trial:
        """Return the activity of a test, read with the fields and links of the pack."""
        key = _activity(pack, test)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key][1]
        room = Room(self._house)
        try:
            trial = Trial(room, pack, test)
        except BaseException:
            room.close()
            raise
        self._kept[key] = room, trial
        if len(self._kept) > self._many:
            self._let_go()
        return trial

    def _let_go(self) -> None:
        _, (room, _) = self._kept.popitem(last=False)
        room.close()


def _activity(pack: Pack, test: PolicyTest) -> str:
    """Return the identity of what a trial reads and links, without what is expected of it."""
    timeline = replace(test, name="", expect="", twin=False, values=(), actions=None, groups=())
    links = pack.links if test.links == "rules" else ()
    return digest((timeline, links, pack.fields, fields_used(pack)))
