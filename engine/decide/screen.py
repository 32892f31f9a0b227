"""Which subjects could have a finding or an answer at all: conditions over whole columns.

For each condition two sets of rows are kept: those for which it may certainly hold, and those for
which it may certainly fail. Comparisons are exact, and Kleene's operators are monotone in both
sets; strikes, where they are not counted here, may go either way. So the sets can be too large,
never too small, and only the remaining rows are put before the rules engine. With strikes counted
they are exact; a row in neither set is then undecided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.decide.compile import BUILT_IN_KEYS, Compiled
from engine.decide.kleene import Rows, compared
from engine.decide.references import Asked, leaves
from engine.language.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.policy import Policy
from engine.signals.facts import FactTable, Floats

Counts = Callable[[Struck, int, int], Floats]
"""How often each subject of the rows from a start to a stop was struck."""

_CELLS = 2**24


@dataclass(frozen=True, slots=True)
class Undecided:
    """For how many subjects a policy could not be decided, and because of which signals.

    A signal counts once for each of these subjects for which a comparison of it is undecided.
    """

    subjects: int
    signals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Block:
    """The rows from `start` on: a matrix has a line for each policy (or response)."""

    start: int
    holds: Rows
    fails: Rows
    answers: Rows

    @property
    def candidates(self) -> NDArray[np.intp]:
        """Rows of the block for which some policy or response may hold."""
        return np.flatnonzero(self.holds.any(axis=0) | self.answers.any(axis=0))


class Screen:
    """The screening of one table; `undecided` is complete after `blocks` has run to its end."""

    def __init__(self, compiled: Compiled, table: FactTable, counts: Counts) -> None:
        """Prepare; `counts` is asked only if a policy compares strikes."""
        self.compiled = compiled
        self._table = table
        self._counts = counts
        self._subjects: Counter[str] = Counter()
        self._blame: dict[str, Counter[str]] = {}

    @property
    def undecided(self) -> dict[str, Undecided]:
        """Return the policies that were undecided for some subject, by name."""
        return {
            name: Undecided(self._subjects[name], dict(sorted(self._blame[name].items())))
            for name in sorted(self._subjects)
        }

    def blocks(self) -> Iterator[Block]:
        """Yield all rows, as many at a time as keep the matrices small."""
        lines = 2 * len(self.compiled.policies) + sum(map(len, self.compiled.keys)) + 1
        size = min(65_536, max(256, _CELLS // lines))
        for start in range(0, len(self._table.subjects), size):
            yield self._block(start, min(start + size, len(self._table.subjects)))

    def _block(self, start: int, stop: int) -> Block:
        policies, responses = self.compiled.policies, self.compiled.responses
        rows = _RowRange(self, start, stop, len(policies))
        for number, policy in enumerate(policies):
            rows.judge(number)
            self._note(number, policy, rows)
        answers = np.zeros((len(responses), stop - start), dtype=np.bool_)
        for number, response in enumerate(responses):
            applies, _ = rows.bounds(response.when, _RESPONDING)
            guards = [
                rows.bounds(step.guard, _RESPONDING)[0]
                for step in response.ladder
                if step.guard is not None
            ]
            always = any(step.guard is None for step in response.ladder)
            answers[number] = applies & (always or _union(guards, rows.none))
        return Block(start, rows.holds, rows.fails, answers)

    def _note(self, number: int, policy: Policy, rows: _RowRange) -> None:
        open_rows = ~(rows.holds[number] | rows.fails[number])
        undecided = int(open_rows.sum())
        if not undecided:
            return
        self._subjects[policy.name] += undecided
        blamed: dict[str, Rows] = {}
        for leaf in leaves(policy.condition):
            if isinstance(leaf, Compare):
                held, failed = rows.bounds(leaf, _asker(self.compiled, number))
                so_far = blamed.get(leaf.signal, rows.none)
                blamed[leaf.signal] = so_far | (open_rows & ~(held | failed))
        blame = self._blame.setdefault(policy.name, Counter())
        blame.update({name: int(rows_.sum()) for name, rows_ in blamed.items() if rows_.any()})

    def column(self, key: str, start: int, stop: int) -> tuple[Floats, Floats] | None:
        """Return both ends of a signal for some rows, None where nobody measured it."""
        column = self._table.columns.get(key)
        return None if column is None else (column.low[start:stop], column.high[start:stop])

    def strikes(self, leaf: Struck, start: int, stop: int) -> Floats:
        """Return how often each of some subjects was struck."""
        return self._counts(leaf, start, stop)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Whose condition is judged: by which keys it knows signals, and whether something follows."""

    keys: Mapping[str, str]
    acting: bool
    responding: bool = False


_RESPONDING = _Asker(BUILT_IN_KEYS, acting=True, responding=True)


def _asker(compiled: Compiled, number: int) -> _Asker:
    return _Asker(compiled.keys[number], acting=compiled.policies[number].status.acts)


class _RowRange:
    """Conditions over some consecutive rows."""

    def __init__(self, screen: Screen, start: int, stop: int, policies: int) -> None:
        self._screen = screen
        self._start, self._stop = start, stop
        self.none = np.zeros(stop - start, dtype=np.bool_)
        self.holds = np.zeros((policies, stop - start), dtype=np.bool_)
        self.fails = np.zeros((policies, stop - start), dtype=np.bool_)
        self._known: dict[tuple[object, ...], tuple[Rows, Rows]] = {}

    def judge(self, number: int) -> None:
        compiled = self._screen.compiled
        condition, asker = compiled.conditions[number], _asker(compiled, number)
        self.holds[number], self.fails[number] = self.bounds(condition, asker)

    def bounds(self, condition: Condition, asker: _Asker) -> tuple[Rows, Rows]:
        """Return where it may hold and where it may fail."""
        match condition:
            case Negation(part):
                holds, fails = self.bounds(part, asker)
                return fails, holds
            case All(parts):
                each = [self.bounds(part, asker) for part in parts]
                holds = _intersection([one[0] for one in each], ~self.none)
                return holds, _union([one[1] for one in each], self.none)
            case Any(parts):
                each = [self.bounds(part, asker) for part in parts]
                holds = _union([one[0] for one in each], self.none)
                return holds, _intersection([one[1] for one in each], ~self.none)
            case Compare():
                return self._compared(condition, asker.keys[condition.signal])
            case Struck():
                return self._struck(condition, asker)
            case Found() | FoundAny():
                references = self._screen.compiled.references
                return self._found(references.asked(condition, acting=asker.acting))

    def _found(self, asked: Asked) -> tuple[Rows, Rows]:
        holds = _union(list(self.holds[list(asked.telling)]), self.none)
        if not asked.deniable:
            return holds, self.none
        return holds, _intersection(list(self.fails[list(asked.everyone)]), ~self.none)

    def _compared(self, leaf: Compare, key: str) -> tuple[Rows, Rows]:
        asked = (key, leaf.operator, leaf.threshold)
        if asked not in self._known:
            ends = self._screen.column(key, self._start, self._stop)
            self._known[asked] = (
                (self.none, self.none)
                if ends is None
                else compared(*ends, leaf.operator, leaf.threshold)
            )
        return self._known[asked]

    def _struck(self, leaf: Struck, asker: _Asker) -> tuple[Rows, Rows]:
        if asker.responding:  # the few rows that get so far are counted one by one
            return ~self.none, ~self.none
        asked = (leaf.within_us, leaf.actions, leaf.operator, leaf.threshold)
        if asked not in self._known:
            counts = self._screen.strikes(leaf, self._start, self._stop)
            self._known[asked] = compared(counts, counts, leaf.operator, float(leaf.threshold))
        return self._known[asked]


def _union(parts: Sequence[Rows], empty: Rows) -> Rows:
    result = empty
    for part in parts:
        result = result | part
    return result


def _intersection(parts: Sequence[Rows], full: Rows) -> Rows:
    result = full
    for part in parts:
        result = result & part
    return result
