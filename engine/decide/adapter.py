"""durable-rules, held at arm's length: the one importer of its C extension.

Import this module only in a worker process: the extension keeps the interpreter's lock, and some
inputs end the process or never return. What it is given here stays inside the subset that was
measured to be safe: flat facts written by `encode`, rules that join at most twelve patterns of
different facts, no negation, one fixed state which is deleted after every subject.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol, cast

from engine.decide.definition import WARM_UP, definition, node, position_of
from engine.decide.encode import encode, encode_fact
from engine.decide.program import Ruleset
from engine.errors import ExciseError

FIRING_CAP = 5000
"""More firings than this for one subject mean that the rules feed themselves."""

_STORED, _NOT_MATCHED = 0, 1
_STATE = "s"


class RulesError(ExciseError):
    """durable-rules refused something, or did what its subset rules out."""


@lru_cache(maxsize=1024)  # every subject's facts are numbered from one
def _head(position: int) -> str:
    """Return what every fact begins with: its state and its own id."""
    return encode_fact({"sid": _STATE, "id": f"f{position}"})[:-1] + ","


class Extension(Protocol):
    """What is used of the C extension `durable_rules_engine`."""

    def create_ruleset(self, name: str, definition: str) -> int: ...
    def delete_ruleset(self, handle: int) -> None: ...
    def assert_fact(self, handle: int, fact: str) -> tuple[int, int]: ...
    def start_action_for_state(self, handle: int, state: int) -> tuple[str, str] | None: ...
    def complete_and_start_action(self, handle: int, state: int) -> str | None: ...
    def delete_state(self, handle: int, sid: str) -> None: ...


def load() -> Extension:
    """Import the extension.

    From Python 3.13 on, a symbol that only its unused store callbacks need is gone; bound lazily,
    the unchanged build works.
    """
    if sys.version_info < (3, 13) or not hasattr(sys, "setdlopenflags"):
        return cast("Extension", importlib.import_module("durable_rules_engine"))
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_LAZY)
    try:
        return cast("Extension", importlib.import_module("durable_rules_engine"))
    finally:
        sys.setdlopenflags(flags)


class LoadedRuleset:
    """A ruleset inside the extension."""

    def __init__(self, extension: Extension, ruleset: Ruleset) -> None:
        """Load it and warm it up: deleting a state before any action has run is a crash."""
        self.ruleset = ruleset
        self._extension = extension
        written = encode(definition(ruleset))
        try:
            self._handle = extension.create_ruleset("rules", written)
        except Exception as error:  # the extension has no narrower type
            message = f"the rules engine refused a ruleset: {error}"
            raise RulesError(message) from error
        self._warm_up()

    def _warm_up(self) -> None:
        state = self._put(WARM_UP, 0)
        self._extension.start_action_for_state(self._handle, state)
        self._extension.complete_and_start_action(self._handle, state)
        self._extension.delete_state(self._handle, _STATE)

    def derive(self, facts: Sequence[str]) -> set[str]:
        """Return every node that the rules derive from the facts of one subject, as written.

        Raises `RulesError` on a refused fact or on more firings than `FIRING_CAP`.
        """
        derived: set[str] = set()
        asserted = set(facts)
        count, state = 0, None
        try:
            for fact in facts:
                count += 1
                state = self._put(fact, count)
            for position in self._firings(state):
                given = self.ruleset.rules[position].gives
                derived.add(given)
                if given in self.ruleset.nodes and (fact := node(given)) not in asserted:
                    count += 1
                    self._put(fact, count)
                    asserted.add(fact)
            return derived
        finally:
            if state is not None:
                self._extension.delete_state(self._handle, _STATE)

    def _firings(self, state: int | None) -> Iterator[int]:
        """Run actions until there are none; facts asserted meanwhile are taken up."""
        if state is None:
            return
        started = self._extension.start_action_for_state(self._handle, state)
        message = started[1] if started else None
        for _ in range(FIRING_CAP + 1):
            if not message:
                return
            yield position_of(message)
            message = self._extension.complete_and_start_action(self._handle, state)
        message = f"a ruleset fired more than {FIRING_CAP} times for one subject"
        raise RulesError(message)

    def _put(self, fact: str, position: int) -> int:
        try:
            code, state = self._extension.assert_fact(self._handle, _head(position) + fact[1:])
        except Exception as error:  # the extension has no narrower type
            message = f"the rules engine refused a fact: {error}"
            raise RulesError(message) from error
        if code not in (_STORED, _NOT_MATCHED):
            message = f"the rules engine answered {code} to a fact"
            raise RulesError(message)
        return state

    def close(self) -> None:
        """Unload it."""
        self._extension.delete_ruleset(self._handle)
