"""The reference evaluator: the meaning of conditions in plain Python, one subject at a time.

It shares nothing with the compiler or the rulesets, so that the two can be held against each
other. A result is True, False, or None for undecided.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
from engine.language.model.measure import Measure, Members, Organisations, Payers, Portion
from engine.language.model.policy import Policy
from engine.language.model.response import Response
from engine.language.subject import Subject
from engine.language.words import ActionKind, Operator, Status
from engine.signals.facts import Fact, signal_key

Strikes = tuple[tuple[int, ActionKind], ...]
"""Past actions on the subject: time in microseconds, and what was done."""

RESPONSE_SIGNALS: Mapping[str, Measure] = {
    "members": Members(),
    "payers": Payers(),
    "organisations": Organisations(),
    "portion": Portion(),
}
"""The numbers a response may compare without declaring them."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Every policy's result by name, and by response the index of the rung taken, if any."""

    findings: Mapping[str, bool | None]
    rungs: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class _Case:
    """What a condition may look at."""

    facts: Mapping[str, Fact]
    signals: Mapping[str, Measure]
    found: Mapping[str, bool | None]
    policies: Mapping[str, Policy]
    strikes: Strikes
    as_of_us: int
    acting: bool
    """Something follows from the condition, so findings in shadow are possible at most."""

    def held(self, name: str) -> bool | None:
        """Return whether a policy has a finding, as far as it may tell; not judged is not known."""
        result, policy = self.found.get(name), self.policies.get(name)
        if not self.acting or policy is None or _acts(policy):
            return result
        # It may rest on other findings in shadow, and so may its failing.
        asked = _policies_in(policy.condition, policy, self.policies)
        deep = any(not _acts(self.policies[other]) for other in asked)
        return False if result is False and not deep else None


def _acts(policy: Policy) -> bool:
    return policy.status in (Status.REVIEW, Status.ENFORCE)


def evaluate(
    policies: Sequence[Policy],
    responses: Sequence[Response],
    subject: Subject,
    facts: Mapping[str, Fact],
    strikes: Strikes,
    as_of_us: int,
) -> Verdicts:
    """Judge one subject by every policy and response of its kind; facts are by `signal_key`."""
    mine = {p.name: p for p in policies if p.subject is subject.kind and p.status.evaluated}
    found: dict[str, bool | None] = {}

    def judge(name: str) -> bool | None:
        if name not in found:
            policy = mine[name]
            for needed in _policies_in(policy.condition, policy, mine):
                judge(needed)
            signals = {signal.name: signal.measure for signal in policy.signals}
            found[name] = holds(
                policy.condition,
                _Case(facts, signals, found, mine, strikes, as_of_us, _acts(policy)),
            )
        return found[name]

    for name in mine:
        judge(name)
    case = _Case(facts, RESPONSE_SIGNALS, found, mine, strikes, as_of_us, acting=True)
    return Verdicts(found, {r.name: _rung(r, case) for r in responses if r.subject is subject.kind})


def _rung(response: Response, case: _Case) -> int | None:
    if holds(response.when, case) is not True:
        return None
    rungs = [
        index
        for index, step in enumerate(response.ladder)
        if step.guard is None or holds(step.guard, case) is True
    ]
    return rungs[-1] if rungs else None


def _policies_in(
    condition: Condition, of: Policy, policies: Mapping[str, Policy]
) -> tuple[str, ...]:
    match condition:
        case Found():
            return (condition.policy,) if condition.policy in policies else ()
        case FoundAny():
            return tuple(n for n, p in policies.items() if n != of.name and _fits(condition, p))
        case All() | Any():
            return tuple(n for part in condition.parts for n in _policies_in(part, of, policies))
        case Negation():
            return _policies_in(condition.part, of, policies)
    return ()


def holds(condition: Condition, case: _Case) -> bool | None:
    """Return whether a condition is true, false or undecided."""
    match condition:
        case Compare():
            measure = case.signals[condition.signal]
            return _compare(condition.operator, case.facts.get(signal_key(measure)), condition)
        case Found():
            return case.held(condition.policy)
        case FoundAny():
            return _any([case.held(n) for n, p in case.policies.items() if _fits(condition, p)])
        case Struck():
            exact = float(_strikes(condition, case))
            return _compare(condition.operator, Fact("", exact, exact, {}), condition)
        case All():
            results = [holds(part, case) for part in condition.parts]
            return False if False in results else None if None in results else True
        case Any():
            return _any([holds(part, case) for part in condition.parts])
        case Negation():
            result = holds(condition.part, case)
            return None if result is None else not result


def _any(results: list[bool | None]) -> bool | None:
    return True if True in results else None if None in results else False


def _fits(wanted: FoundAny, policy: Policy) -> bool:
    return (
        (not wanted.behaviours or policy.behaviour in wanted.behaviours)
        and (not wanted.axes or policy.axis in wanted.axes)
        and policy.severity.rank >= wanted.minimum_severity.rank
    )


def _strikes(condition: Struck, case: _Case) -> int:
    return sum(
        1
        for when_us, action in case.strikes
        if case.as_of_us - condition.within_us <= when_us <= case.as_of_us
        and (not condition.actions or action in condition.actions)
    )


def _compare(operator: Operator, fact: Fact | None, condition: Compare | Struck) -> bool | None:
    low, high = (fact.low, fact.high) if fact else (-math.inf, math.inf)
    limit = float(condition.threshold)
    match operator:
        case Operator.GTE:
            surely, never = low >= limit, high < limit
        case Operator.GT:
            surely, never = low > limit, high <= limit
        case Operator.LTE:
            surely, never = high <= limit, low > limit
        case Operator.LT:
            surely, never = high < limit, low >= limit
        case Operator.EQ:
            surely, never = low == high == limit, limit < low or limit > high
        case Operator.NEQ:
            surely, never = limit < low or limit > high, low == high == limit
    return True if surely else False if never else None
