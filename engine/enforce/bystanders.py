"""Members of a campaign that do not themselves do what it does are decided about apart.

The campaign stays as it was measured: what follows is settled account by account. A response says
by `exculpate` whom it would rather not touch; where it certainly holds, nothing is done to the
member before a reviewer has decided about it by itself, and where it cannot be told, nothing goes
out without a reviewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.decide.finding import Finding
from engine.decide.kleene import compared
from engine.language.model.condition import All, Any, Compare, Condition, Negation
from engine.language.model.policy import Policy
from engine.language.model.selection import EVERYTHING, Selection
from engine.language.numerals import exact
from engine.language.walk import walk_condition, walk_measure
from engine.language.words import Axis, Operator

Numbers = Mapping[str, tuple[float, float]]
"""The numbers of a member by name: the smallest and the largest that each could be."""

_WORDS: Mapping[Operator, str] = {
    Operator.GT: "over",
    Operator.GTE: "at least",
    Operator.LT: "under",
    Operator.LTE: "at most",
    Operator.EQ: "just",
    Operator.NEQ: "not",
}
_UPWARD = frozenset({Operator.GT, Operator.GTE})


@dataclass(frozen=True, slots=True)
class Bystander:
    """Whether a member stands apart: True, False, or None where it cannot be told."""

    holds: bool | None
    rule: str = ""
    """What is asked, in words."""
    values: str = ""
    """The member's numbers that were looked at."""


TAKES_PART = Bystander(holds=False)


def bystander(condition: Condition | None, numbers: Numbers | None) -> Bystander:
    """Return whether a member of these numbers stands apart; None for numbers: nobody counted."""
    if condition is None:
        return TAKES_PART
    known = {} if numbers is None else numbers
    rule, names = _words(condition)
    return Bystander(
        _holds(condition, known),
        rule,
        ", ".join(f"{name} {_value(known[name])}" for name in names if name in known),
    )


@lru_cache(maxsize=64)  # the same rule for all members of all campaigns of a response
def _words(condition: Condition) -> tuple[str, tuple[str, ...]]:
    """Return what is asked, in words, and the names of the numbers in it."""
    asked = [one for one in walk_condition(condition) if isinstance(one, Compare)]
    return _rule(condition), tuple(dict.fromkeys(one.signal for one in asked))


def _holds(condition: Condition, numbers: Numbers) -> bool | None:
    match condition:
        case All(parts):
            results = [_holds(part, numbers) for part in parts]
            return False if False in results else None if None in results else True
        case Any(parts):
            results = [_holds(part, numbers) for part in parts]
            return True if True in results else None if None in results else False
        case Negation(part):
            result = _holds(part, numbers)
            return None if result is None else not result
        case Compare(signal, operator, threshold) if signal in numbers:
            holds, fails = compared(*numbers[signal], operator, threshold)
            return True if holds else False if fails else None
    return None


def _rule(condition: Condition) -> str:
    match condition:
        case All(parts):
            return " and ".join(map(_inner, parts))
        case Any(parts):
            return " or ".join(map(_inner, parts))
        case Negation(part):
            return f"not {_inner(part)}"
        case Compare(signal, operator, threshold):
            return f"{signal} {_WORDS[operator]} {exact(threshold)}"
    return ""


def _inner(condition: Condition) -> str:
    rule = _rule(condition)
    return f"({rule})" if isinstance(condition, All | Any) else rule


def _value(interval: tuple[float, float]) -> str:
    low, high = (f"{end:.4g}" for end in interval)
    return low if low == high else f"{low} to {high}"


def accused(findings: tuple[Finding, ...]) -> tuple[Selection, ...]:
    """Return the selections of exchanges that content findings hold against their subject.

    Those are what signals count of which the policy asks for many.
    """
    policies = (policy for one in findings for policy in (one.policy, *one.rests_on))
    found = (
        selection
        for policy in policies
        if policy.axis is Axis.CONTENT
        for selection in _counted(policy)
    )
    return tuple(dict.fromkeys(found))


def _counted(policy: Policy) -> Iterator[Selection]:
    measures = {signal.name: signal.measure for signal in policy.signals}
    for signal in _asked_for(policy.when):
        for measure in walk_measure(measures[signal]) if signal in measures else ():
            selection = getattr(measure, "where", EVERYTHING)
            if isinstance(selection, Selection) and selection != EVERYTHING:
                yield selection


def _asked_for(condition: Condition) -> Iterator[str]:
    """Yield the signals that must be large; what stands under `not` is asked to be small."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _asked_for(part)
        case Compare(signal, operator, _) if operator in _UPWARD:
            yield signal
