"""Conditions without negation: when each one certainly holds, and when it certainly does not.

Negation is pushed inwards to the comparisons, and a comparison of an interval with a threshold
splits into two tests of one end each: `x gte k` holds when `low >= k` and fails when `high < k`.
Between the two it is undecided, and so neither formula is true. Both are monotone: knowing more
never takes a derivation back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.decide.program import Bound, End, NumberPattern
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
from engine.language.words import Operator


@dataclass(frozen=True, slots=True)
class Both:
    """Every part is true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part is true."""

    parts: tuple[Formula, ...]


Formula = NumberPattern | Both | Either
TRUE = Both(())
FALSE = Either(())

Leaf = Compare | Found | FoundAny | Struck


@dataclass(frozen=True, slots=True)
class Comparison:
    """A leaf as a comparison of a named number."""

    name: str
    operator: Operator
    threshold: float


Resolve = Callable[[Leaf], Comparison | bool]
"""Turns a leaf into a comparison; or into a truth value, where no fact can change it."""

_INVERSE = {
    Operator.GT: Operator.LTE,
    Operator.LTE: Operator.GT,
    Operator.GTE: Operator.LT,
    Operator.LT: Operator.GTE,
    Operator.EQ: Operator.NEQ,
    Operator.NEQ: Operator.EQ,
}


def formula(condition: Condition, resolve: Resolve, *, wanted: bool = True) -> Formula:
    """Return the formula that is true when the condition certainly holds (or fails: not wanted)."""
    match condition:
        case Negation(part):
            return formula(part, resolve, wanted=not wanted)
        case All(parts) | Any(parts):
            made = [formula(part, resolve, wanted=wanted) for part in parts]
            return both(made) if isinstance(condition, All) is wanted else either(made)
    resolved = resolve(condition)
    if isinstance(resolved, bool):
        return TRUE if resolved is wanted else FALSE
    return _comparison(resolved, wanted=wanted)


def _comparison(leaf: Comparison, *, wanted: bool) -> Formula:
    name, threshold = leaf.name, leaf.threshold + 0.0
    at_least, above = (_bound(name, End.LOW, threshold, strict) for strict in (False, True))
    at_most, below = (_bound(name, End.HIGH, threshold, strict) for strict in (False, True))
    match leaf.operator if wanted else _INVERSE[leaf.operator]:
        case Operator.GTE:
            return at_least
        case Operator.GT:
            return above
        case Operator.LTE:
            return at_most
        case Operator.LT:
            return below
        case Operator.EQ:
            return both([at_least, at_most])
        case Operator.NEQ:
            return either([above, below])


def _bound(name: str, end: End, threshold: float, strict: bool) -> NumberPattern:  # noqa: FBT001
    return NumberPattern(name, (Bound(end, threshold, strict),))


def both(parts: Iterable[Formula]) -> Formula:
    """Return the conjunction: flat, without repetition, one pattern for each number.

    Joins of durable-rules are distinct: two patterns of one rule never match the same fact. So all
    that a rule asks of one number must stand in one pattern.
    """
    flat = _flat(parts, Both)
    if FALSE in flat:
        return FALSE
    numbers: dict[str, NumberPattern] = {}
    for part in flat:
        if isinstance(part, NumberPattern):
            known = numbers.get(part.name)
            numbers[part.name] = _tightest(known, part) if known else part
    kept = [part for part in flat if not isinstance(part, NumberPattern)]
    merged: list[Formula] = [*numbers.values(), *kept]
    return merged[0] if len(merged) == 1 else Both(tuple(merged))


def either(parts: Iterable[Formula]) -> Formula:
    """Return the disjunction: flat and without repetition."""
    flat = _flat(parts, Either)
    if TRUE in flat:
        return TRUE
    return flat[0] if len(flat) == 1 else Either(tuple(flat))


def _flat(parts: Iterable[Formula], kind: type[Both | Either]) -> list[Formula]:
    flat: list[Formula] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else (part,))
    return list(dict.fromkeys(flat))


def _tightest(one: NumberPattern, other: NumberPattern) -> NumberPattern:
    bounds = []
    for end in End:
        same = [bound for bound in (*one.bounds, *other.bounds) if bound.end is end]
        if same:
            sign = 1 if end is End.LOW else -1
            bounds.append(max(same, key=lambda bound: (sign * bound.threshold, bound.strict)))
    return NumberPattern(one.name, tuple(bounds))
