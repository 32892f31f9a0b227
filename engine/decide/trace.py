"""How a condition came out for one subject, every branch of it: the tree that explains a finding.

The rules decide; this only shows, and `decide` fails the run if what it shows is something else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.decide.compile import BUILT_IN_KEYS, signal_keys
from engine.decide.finding import Outcome
from engine.decide.kleene import Strikes, compared, strike_count
from engine.decide.references import COUNTED, leaves, referred
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
from engine.language.model.response import Step
from engine.signals.facts import Fact, FactTable


@dataclass(frozen=True, slots=True)
class Tracer:
    """One subject, and all the policies that are judged for its kind (see `judged`)."""

    policies: tuple[Policy, ...]
    fact: Callable[[str], Fact]
    """The fact of a `signal_key`; `fact_of` makes one from a table."""
    strikes: Strikes
    as_of_us: int
    _outcomes: dict[str, Outcome] = field(default_factory=dict)

    def policy(self, policy: Policy) -> Outcome:
        """Return how the policy's whole condition came out."""
        waiting = [policy]  # a stack of our own: references may go very deep
        while waiting:
            missing = [one for one in self._needs(waiting[-1]) if one.name not in self._outcomes]
            if missing:
                waiting.extend(missing)
                continue
            one = waiting.pop()
            outcome = self._outcome(one.condition, signal_keys(one), self.policies)
            self._outcomes[one.name] = outcome
        return self._outcomes[policy.name]

    def _needs(self, policy: Policy) -> Iterator[Policy]:
        for leaf in leaves(policy.condition):
            if isinstance(leaf, (Found, FoundAny)):
                yield from referred(leaf, self.policies)

    def response(self, condition: Condition) -> Outcome:
        """Return how a response's `when`, or the guard of one of its steps, came out."""
        return self._outcome(condition, BUILT_IN_KEYS, self.counted)

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

    @property
    def counted(self) -> tuple[Policy, ...]:
        """Return the policies whose findings a response looks at."""
        return tuple(policy for policy in self.policies if policy.status in COUNTED)

    def _outcome(
        self, condition: Condition, keys: Mapping[str, str], among: tuple[Policy, ...]
    ) -> Outcome:
        match condition:
            case All(parts) | Any(parts):
                traced = tuple(self._outcome(part, keys, among) for part in parts)
                results = [part.holds for part in traced]
                holds = _all(results) if isinstance(condition, All) else _any(results)
                return Outcome(condition, holds, parts=traced)
            case Negation(part):
                inner = self._outcome(part, keys, among)
                return Outcome(condition, _not(inner.holds), parts=(inner,))
            case Compare(signal, operator, threshold):
                fact = self.fact(keys[signal])
                holds, fails = compared(fact.low, fact.high, operator, threshold)
                return Outcome(condition, _either(holds=holds, fails=fails), fact)
            case Struck():
                return self._struck(condition)
            case Found() | FoundAny():
                verdicts = [self._verdict(policy) for policy in referred(condition, among)]
                return Outcome(condition, _any(verdicts))

    def _verdict(self, policy: Policy) -> bool | None:
        known = self._outcomes.get(policy.name)
        return (known or self.policy(policy)).holds

    def _struck(self, leaf: Struck) -> Outcome:
        count = float(strike_count(self.strikes, leaf, self.as_of_us))
        holds, _ = compared(count, count, leaf.operator, float(leaf.threshold))
        return Outcome(leaf, holds, Fact("strikes", count, count, {"strikes": int(count)}))


def fact_of(table: FactTable, row: int) -> Callable[[str], Fact]:
    """Return how to look up the facts of one row; a signal nobody measured is void."""

    def fact(key: str) -> Fact:
        if key not in table.columns:
            return Fact(key, -math.inf, math.inf, {})
        return table.facts(row, (key,))[key]

    return fact


def _either(*, holds: bool, fails: bool) -> bool | None:
    return True if holds else False if fails else None


def _not(holds: bool | None) -> bool | None:  # noqa: FBT001 - a truth value is the operand
    return None if holds is None else not holds


def _all(results: list[bool | None]) -> bool | None:
    return _either(holds=all(results), fails=False in results)


def _any(results: list[bool | None]) -> bool | None:
    return _either(holds=True in results, fails=not any(r is not False for r in results))
