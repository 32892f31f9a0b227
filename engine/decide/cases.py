"""The subjects of one table that go before the rules engine, with the numbers it needs of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.decide.compile import Compiled
from engine.decide.kleene import Strikes, strike_count
from engine.decide.program import Interval
from engine.decide.screen import Block, Screen
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
    holding: frozenset[int]
    """The policies that hold."""
    answering: frozenset[int]
    """The responses that may apply; others do not."""


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
        self.screen = Screen(compiled, table, self._counts)
        self._rulesets = [r for stage in compiled.program.stages for r in stage.rulesets]
        for key in sorted({name for ruleset in self._rulesets for name in ruleset.numbers}):
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
        for block in self.screen.blocks():
            active = self._active(block)
            for row in block.candidates.tolist():
                position = block.start + row
                rulesets = frozenset(np.flatnonzero(active[:, row]).tolist())
                holding = frozenset(np.flatnonzero(block.holds[:, row]).tolist())
                answering = frozenset(np.flatnonzero(block.answers[:, row]).tolist())
                numbers = self._numbers(position, rulesets)
                subject = self.subject(position)
                case = Case(subject, position, program, rulesets, numbers)
                yield Candidate(case, holding, answering)

    def _active(self, block: Block) -> NDArray[np.bool_]:
        """Return for each ruleset the rows for which one of its rules could give a verdict."""
        *stages, last = self.compiled.program.stages
        asked = self.compiled.fails_needed
        lines = []
        for stage in stages:
            for ruleset in stage.rulesets:
                failing = sorted(ruleset.targets & asked)
                holding = block.holds[sorted(ruleset.targets)].any(axis=0)
                lines.append(holding | block.fails[failing].any(axis=0))
        lines.extend(block.answers[sorted(r.targets)].any(axis=0) for r in last.rulesets)
        return np.array(lines, dtype=np.bool_).reshape(len(lines), block.holds.shape[1])

    def _numbers(self, row: int, rulesets: frozenset[int]) -> dict[str, Interval]:
        numbers: dict[str, Interval] = {}
        for name in set().union(*(self._rulesets[ruleset].numbers for ruleset in rulesets)):
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

    def _counts(self, leaf: Struck, start: int, stop: int) -> Floats:
        rows = range(start, stop)
        return np.fromiter((self._count(leaf, row) for row in rows), np.float64, stop - start)


def _check(table: FactTable, key: str) -> None:
    column = table.columns[key]
    fine = (column.low <= column.high) & (column.low < math.inf) & (column.high > -math.inf)
    if not fine.all():
        row = int(np.flatnonzero(~fine)[0])
        interval = f"[{column.low[row]}, {column.high[row]}]"
        name = ascii(table.subjects[row])
        message = f"signal {key} of {table.kind.value} {name} is no interval: {interval}"
        raise BrokenFactError(message)
