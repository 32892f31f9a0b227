"""The subjects of one table that go before the rules engine, with the numbers it needs of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.decide.compile import Compiled
from engine.decide.kleene import Rows, Strikes, strike_count
from engine.decide.program import Interval
from engine.decide.references import References
from engine.decide.screen import Block, Screen
from engine.decide.trace import Known
from engine.decide.worker import Case
from engine.errors import ExciseError
from engine.language.model.condition import Struck
from engine.language.model.response import Response
from engine.language.subject import Subject
from engine.signals.facts import Column, FactTable, Floats

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


@dataclass(frozen=True, slots=True)
class Asking:
    """Of which policies' findings a response speaks, by name."""

    all: frozenset[str]
    rungs: tuple[frozenset[str], ...]
    """What the response or the guard of that rung asks about."""

    @classmethod
    def of(cls, response: Response, references: References) -> Asking:
        """Look them up."""
        guards = [step.guard for step in response.ladder]
        return cls(
            references.named(response.when, *guards),
            tuple(references.named(response.when, guard) for guard in guards),
        )


@dataclass(slots=True)
class _Need:
    """What it takes to judge one policy or response."""

    reads: dict[int, set[str]] = field(default_factory=dict)
    """By position of a ruleset: the numbers that it is to be told."""
    denies: set[int] = field(default_factory=set)
    """The policies of whose certain failing it asks."""


@dataclass(frozen=True, slots=True)
class _Prospect:
    """What the screening says of a subject, and what it takes to judge it."""

    known: Known
    answering: frozenset[int]
    reads: Mapping[int, tuple[str, ...]]
    columns: Mapping[str, Column]
    counted: Sequence[str]
    """The counts of past actions among the numbers."""


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
        self.asking = [Asking.of(one, compiled.references) for one in compiled.responses]
        self._of_policy, self._of_response = _needs(compiled)
        needs = (*self._of_policy, *self._of_response)
        read = {name for need in needs for names in need.reads.values() for name in names}
        for key in sorted(read & table.columns.keys()):
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
            prospects: dict[bytes, _Prospect] = {}
            rows = block.candidates
            for row, alike in zip(rows.tolist(), _alike(block, rows), strict=True):
                one = prospects.get(alike)
                if one is None:
                    one = prospects[alike] = self._prospect(block, row)
                case = self._case(block.start + row, program, one)
                yield Candidate(case, one.known, one.answering)

    def _prospect(self, block: Block, row: int) -> _Prospect:
        holding, failing = _set(block.holds[:, row]), _set(block.fails[:, row])
        answering = _set(block.answers[:, row])
        undecided = frozenset(range(len(self.compiled.policies))) - holding - failing
        reads: dict[int, set[str]] = {}
        for need in self._needs(holding, failing, answering):
            for ruleset, names in need.reads.items():
                reads.setdefault(ruleset, set()).update(names)
        every, columns = sorted(set[str]().union(*reads.values())), self.table.columns
        return _Prospect(
            Known(holding, undecided),
            answering,
            {ruleset: tuple(sorted(reads[ruleset])) for ruleset in sorted(reads)},
            {name: columns[name] for name in every if name in columns},
            [name for name in every if name in self.compiled.strikes],
        )

    def _needs(
        self, holding: frozenset[int], failing: frozenset[int], answering: frozenset[int]
    ) -> Iterator[_Need]:
        """Yield what it takes to judge what may hold, and what fails where that is asked about."""
        waiting = [self._of_response[number] for number in answering]
        waiting += [self._of_policy[number] for number in holding]
        denied: set[int] = set()
        while waiting:
            need = waiting.pop()
            yield need
            more = (need.denies & failing) - denied
            denied |= more
            waiting += [self._of_policy[number] for number in more]

    def _case(self, row: int, program: int, one: _Prospect) -> Case:
        numbers: dict[str, Interval] = {
            name: (column.low.item(row), column.high.item(row))
            for name, column in one.columns.items()
        }
        for name in one.counted:
            count = self._count(self.compiled.strikes[name], row)
            numbers[name] = count, count
        return Case(self.subject(row), row, program, one.reads, numbers)

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
    stages = compiled.program.stages
    tallies = {tally.name: tally for stage in stages for tally in stage.tallies}
    rulesets = [(r, of_policy) for stage in stages[:-1] for r in stage.rulesets]
    rulesets += [(r, of_response) for r in stages[-1].rulesets]
    for position, (ruleset, needs) in enumerate(rulesets):
        for rule, target in zip(ruleset.rules, ruleset.served, strict=True):
            need = needs[target]
            need.reads.setdefault(position, set()).update(rule.numbers)
            for tally in (tallies[name] for name in rule.capped if name in tallies):
                need.denies.update((*tally.policies, *tally.shadowed))
    return of_policy, of_response


def _alike(block: Block, rows: NDArray[np.intp]) -> Iterator[bytes]:
    """Yield for each of some rows what is equal where the screening says the same."""
    told = np.concatenate((block.holds, block.fails, block.answers))[:, rows]
    return (one.tobytes() for one in np.packbits(told, axis=0).T)


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
