"""How a condition came out for one subject, every branch of it: the tree that explains a finding.

The rules decide; this only shows, and a run in which the two differ fails.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from engine.decide.compile import BUILT_IN_KEYS, Compiled
from engine.decide.finding import Outcome
from engine.decide.kleene import Strikes, compared, strike_count
from engine.decide.references import Asked
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
from engine.language.model.response import Step
from engine.signals.facts import Fact, FactTable


@dataclass(frozen=True, slots=True)
class Known:
    """How the policies came out for a subject: those in neither set certainly have no finding."""

    holding: frozenset[int]
    undecided: frozenset[int]


@dataclass(frozen=True, slots=True)
class Tracer:
    """One subject; policies are named by their position in `compiled`."""

    compiled: Compiled
    fact: Callable[[str], Fact]
    """The fact of a `signal_key`; `fact_of` looks it up in a table."""
    strikes: Strikes
    as_of_us: int
    known: Known | None = None
    """Saves tracing the policies that are only referred to."""
    struck: Callable[[Struck], Fact] | None = None
    """How many past actions a leaf counted, where that was recorded; None: count `strikes`."""
    _outcomes: dict[int, Outcome] = field(default_factory=dict)

    def policy(self, number: int) -> Outcome:
        """Return how a policy's whole condition came out."""
        waiting = [number]  # a stack of our own: references may go very deep
        while waiting:
            needs = () if self.known else self.compiled.needs[waiting[-1]]
            missing = [one for one in needs if one not in self._outcomes]
            waiting.extend(missing)
            if not missing:
                one = waiting.pop()
                self._outcomes[one] = self._outcome(
                    self.compiled.conditions[one],
                    self.compiled.keys[one],
                    acting=self.compiled.policies[one].status.acts,
                )
        return self._outcomes[number]

    def response(self, condition: Condition) -> Outcome:
        """Return how a response's `when`, or the guard of one of its steps, came out."""
        return self._outcome(condition, BUILT_IN_KEYS, acting=True)

    def rung(self, when: Condition, ladder: Iterable[Step]) -> int | None:
        """Return which rung of a ladder is taken: the last one whose guard certainly holds."""
        if not self.response(when).holds:
            return None
        open_rungs = [
            number
            for number, step in enumerate(ladder)
            if step.guard is None or self.response(step.guard).holds
        ]
        return open_rungs[-1] if open_rungs else None

    def _outcome(self, condition: Condition, keys: Mapping[str, str], *, acting: bool) -> Outcome:
        match condition:
            case All(parts) | Any(parts):
                traced = tuple(self._outcome(part, keys, acting=acting) for part in parts)
                results = [part.holds for part in traced]
                holds = _all(results) if isinstance(condition, All) else _any(results)
                return Outcome(condition, holds, parts=traced)
            case Negation(part):
                inner = self._outcome(part, keys, acting=acting)
                holds = None if inner.holds is None else not inner.holds
                return Outcome(condition, holds, parts=(inner,))
            case Compare(signal, operator, threshold):
                fact = self.fact(keys[signal])
                holds, fails = compared(fact.low, fact.high, operator, threshold)
                return Outcome(condition, _either(holds=holds, fails=fails), fact)
            case Struck():
                return self._struck(condition)
            case Found() | FoundAny():
                asked = self.compiled.references.asked(condition, acting=acting)
                return Outcome(condition, self._found(asked))

    def _found(self, asked: Asked) -> bool | None:
        results = [self.held(number) for number in asked.telling]
        # In shadow a finding is possible at most.
        results += [None if self.held(n) else self.held(n) for n in asked.shadowed]
        return _any(results if asked.deniable else [*results, None])

    def held(self, number: int) -> bool | None:
        """Return whether a policy has a finding."""
        if self.known is None:
            return (self._outcomes.get(number) or self.policy(number)).holds
        open_ = number in self.known.undecided
        return _either(holds=number in self.known.holding, fails=not open_)

    def _struck(self, leaf: Struck) -> Outcome:
        fact = self._counted(leaf) if self.struck is None else self.struck(leaf)
        holds, fails = compared(fact.low, fact.high, leaf.operator, float(leaf.threshold))
        return Outcome(leaf, _either(holds=holds, fails=fails), fact)

    def _counted(self, leaf: Struck) -> Fact:
        count = strike_count(self.strikes, leaf, self.as_of_us)
        return Fact("strikes", float(count), float(count), {"strikes": count})


def fact_of(table: FactTable, row: int) -> Callable[[str], Fact]:
    """Return how to look up the facts of one row; a signal nobody measured is void."""

    @cache
    def fact(key: str) -> Fact:
        if key not in table.columns:
            return Fact(key, -math.inf, math.inf, {})
        return table.fact(row, key)

    return fact


def _either(*, holds: bool, fails: bool) -> bool | None:
    return True if holds else False if fails else None


def _all(results: list[bool | None]) -> bool | None:
    return _either(holds=all(results), fails=False in results)


def _any(results: list[bool | None]) -> bool | None:
    return _either(holds=True in results, fails=all(result is False for result in results))
