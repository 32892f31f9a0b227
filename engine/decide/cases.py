"""The subjects of one table that go before the rules engine, with the numbers it needs of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from engine.decide.compile import Compiled
from engine.decide.kleene import Rows, Strikes, strike_count
from engine.decide.program import Interval
from engine.decide.screen import Screen
from engine.decide.trace import Known
from engine.decide.worker import Case
from engine.errors import ExciseError
from engine.language.model.condition import Struck
from engine.language.subject import Subject
from engine.signals.facts import FactTable, Floats

PastActions = Callable[[Subject], Strikes]


class BrokenFactError(ExciseError):
    """A fact that is no interval of real numbers."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case, and what the screening says of it."""

    case: Case
    known: Known
    """How the policies came out."""
    answering: frozenset[int]
    """The responses that may apply; others do not."""


@dataclass(slots=True)
class _Need:
    """What it takes to judge one policy or response: rulesets, by position, and numbers."""

    rulesets: set[int] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)


class Cases:
    """A table, a program for its kind of subject, and the past actions on its subjects."""

    def __init__(
        self, compiled: Compiled, table: FactTable, strikes: PastActions | None, as_of_us: int
    ) -> None:
        """Check the table; raises `BrokenFactError`. Without `strikes` nothing was done before."""
        self.compiled = compiled
        self.table = table
        self._strikes = strikes
        self._as_of_us = as_of_us
        self.screen = Screen(compiled, table, self.counts)
        self._of_policy, self._of_response = _needs(compiled)
        every = chain(self._of_policy, self._of_response)
        for key in sorted({name for need in every for name in need.numbers}):
            if key in table.columns:
                _check(table, key)

    def subject(self, row: int) -> Subject:
        """Return the subject of a row."""
        return Subject(self.compiled.kind, self.table.subjects[row])

    def strikes(self, subject: Subject) -> Strikes:
        """Return the past actions on a subject's accounts."""
        return () if self._strikes is None else self._strikes(subject)

    def candidates(self, program: int) -> Iterator[Candidate]:
        """Yield the subjects to judge, in the table's order; workers know `program` by number."""
        asked = np.zeros((len(self.compiled.policies), 1), dtype=np.bool_)
        asked[sorted(self.compiled.fails_needed)] = True
        for block in self.screen.blocks():
            undecided = ~(block.holds | block.fails)
            telling = block.holds | (block.fails & asked)
            for row in block.candidates.tolist():
                answering = np.flatnonzero(block.answers[:, row]).tolist()
                needs = [self._of_policy[n] for n in np.flatnonzero(telling[:, row]).tolist()]
                needs += [self._of_response[n] for n in answering]
                case = self._case(block.start + row, program, needs)
                known = Known(_set(block.holds[:, row]), _set(undecided[:, row]))
                yield Candidate(case, known, frozenset(answering))

    def _case(self, row: int, program: int, needs: Sequence[_Need]) -> Case:
        rulesets = frozenset[int]().union(*(need.rulesets for need in needs))
        numbers = self._numbers(row, {name for need in needs for name in need.numbers})
        return Case(self.subject(row), row, program, rulesets, numbers)

    def _numbers(self, row: int, names: Iterable[str]) -> dict[str, Interval]:
        numbers: dict[str, Interval] = {}
        for name in names:
            if name in self.table.columns:
                column = self.table.columns[name]
                numbers[name] = float(column.low[row]), float(column.high[row])
            elif name in self.compiled.strikes:
                leaf = self.compiled.strikes[name]
                count = self._count(leaf, row)
                numbers[name] = count, count
        return numbers

    def _count(self, leaf: Struck, row: int) -> float:
        return float(strike_count(self.strikes(self.subject(row)), leaf, self._as_of_us))

    def counts(self, leaf: Struck, start: int, stop: int) -> Floats:
        """Return how many past actions a leaf counts, for each subject of some rows."""
        rows = range(start, stop)
        return np.fromiter((self._count(leaf, row) for row in rows), np.float64, stop - start)


def _needs(compiled: Compiled) -> tuple[list[_Need], list[_Need]]:
    """Return the needs of each policy and of each response."""
    of_policy = [_Need() for _ in compiled.policies]
    of_response = [_Need() for _ in compiled.responses]
    *stages, last = compiled.program.stages
    rulesets = [(r, of_policy) for stage in stages for r in stage.rulesets]
    rulesets += [(r, of_response) for r in last.rulesets]
    for position, (ruleset, needs) in enumerate(rulesets):
        for rule, target in zip(ruleset.rules, ruleset.served, strict=True):
            needs[target].rulesets.add(position)
            needs[target].numbers.update(rule.numbers)
    return of_policy, of_response


def _set(rows: Rows) -> frozenset[int]:
    return frozenset(np.flatnonzero(rows).tolist())


def _check(table: FactTable, key: str) -> None:
    column = table.columns[key]
    fine = (column.low <= column.high) & (column.low < math.inf) & (column.high > -math.inf)
    if not fine.all():
        row = int(np.flatnonzero(~fine)[0])
        interval = f"[{column.low[row]}, {column.high[row]}]"
        name = ascii(table.subjects[row])
        message = f"signal {key} of {table.kind.value} {name} is no interval: {interval}"
        raise BrokenFactError(message)
