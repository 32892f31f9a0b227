"""The thresholds of a policy that can be turned, what they are called, and the policy turned."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.decide.references import leaves
from engine.language.checks.impossible_threshold import value_range, verdict
from engine.language.model.condition import All, Any, Compare, Condition, Negation, Struck
from engine.language.model.measure import Approved
from engine.language.model.policy import Policy
from engine.language.numerals import exact
from engine.language.read.condition import LARGEST, MOST_STRIKES

_STRIKES = "strikes"
"""What a count of past actions is called; no signal may be called so."""


@dataclass(frozen=True, slots=True)
class Dial:
    """A comparison of a policy with its threshold."""

    name: str
    """The signal's name, with the operator and a number where that is not enough."""
    position: int
    """Its place among all leaves of `when` and then of `unless`, as written."""
    compare: Compare | Struck
    clears: bool
    """Whether it stands in `unless`: there, what is met takes a hit away."""
    denied: bool
    """Whether it stands under an odd number of negations, that of `unless` included."""
    range: tuple[float, float]
    """The least and the greatest that can be observed."""

    @property
    def signal(self) -> str:
        """Return what is compared: a signal's name, or `strikes`."""
        return _signal(self.compare)

    @property
    def threshold(self) -> float:
        """Return the number that the policy compares with as it stands."""
        return float(self.compare.threshold)

    @property
    def whole(self) -> bool:
        """Return whether only whole numbers can be compared with."""
        return isinstance(self.compare, Struck)

    @property
    def lenient(self) -> Condition:
        """Return what to put in its place so that it holds nobody back."""
        return Any(()) if self.denied else All(())

    @property
    def strict(self) -> Condition:
        """Return what to put in its place so that nobody gets past it."""
        return All(()) if self.denied else Any(())

    def refusal(self, value: float) -> str | None:
        """Return why a policy could not have a threshold, None where it could."""
        if isinstance(self.compare, Struck):
            fine = float(value).is_integer() and 0 <= value <= MOST_STRIKES
            return None if fine else f"strikes are whole numbers from 0 to {MOST_STRIKES:,}"
        return None if abs(value) <= LARGEST else f"thresholds go up to {exact(LARGEST)}"

    def sensible(self, value: float) -> bool:
        """Return whether a policy may have a threshold: one that does not always hold, or never."""
        if self.refusal(value) is not None:
            return False
        return isinstance(self.compare, Struck) or (
            verdict(replace(self.compare, threshold=value), *self.range) is None
        )


def dials(policy: Policy) -> tuple[Dial, ...]:
    """Return the thresholds of a policy in the order written, each under a name of its own.

    The name is the shortest that tells it from the others: `size`, `size.gte`, or `size.gte.2` for
    the second comparison of that kind. An approval is there or not, and has no threshold.
    """
    first_of_unless = len(tuple(leaves(policy.when)))
    found = [
        (position, leaf, denied)
        for position, (leaf, denied) in enumerate(_leaves(policy.condition, denied=False))
        if isinstance(leaf, Struck) or (isinstance(leaf, Compare) and not _approval(policy, leaf))
    ]
    names = _names([leaf for _, leaf, _ in found])
    return tuple(
        Dial(name, position, leaf, position >= first_of_unless, denied, _range(policy, leaf))
        for name, (position, leaf, denied) in zip(names, found, strict=True)
    )


def turned(policy: Policy, thresholds: Mapping[int, float | Condition]) -> Policy:
    """Return the policy with other thresholds, given by the positions of their dials.

    A condition, in place of a number, takes the place of the whole comparison.
    """
    counter = iter(range(len(tuple(leaves(policy.condition)))))

    def turn(condition: Condition) -> Condition:
        match condition:
            case All(parts) | Any(parts):
                return replace(condition, parts=tuple(turn(part) for part in parts))
            case Negation(part):
                return replace(condition, part=turn(part))
        position = next(counter)
        new = thresholds.get(position)
        if new is None:
            return condition
        if not isinstance(new, float | int):
            return new
        match condition:
            case Compare():
                return replace(condition, threshold=new)
            case Struck():
                return replace(condition, threshold=int(new))
        message = f"leaf {position} of {policy.name} is no comparison"
        raise TypeError(message)

    when = turn(policy.when)
    return replace(policy, when=when, unless=tuple(turn(part) for part in policy.unless))


def _leaves(condition: Condition, *, denied: bool) -> Iterator[tuple[Condition, bool]]:
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leaves(part, denied=denied)
        case Negation(part):
            yield from _leaves(part, denied=not denied)
        case _:
            yield condition, denied


def _approval(policy: Policy, leaf: Compare) -> bool:
    return isinstance(policy.signal(leaf.signal).measure, Approved)


def _range(policy: Policy, leaf: Compare | Struck) -> tuple[float, float]:
    if isinstance(leaf, Struck):
        return 0.0, math.inf
    return value_range(policy.signal(leaf.signal).measure)


def _signal(leaf: Compare | Struck) -> str:
    return leaf.signal if isinstance(leaf, Compare) else _STRIKES


def _names(compared: Sequence[Compare | Struck]) -> Iterator[str]:
    by_signal = Counter(map(_signal, compared))
    by_operator = Counter((_signal(leaf), leaf.operator) for leaf in compared)
    seen: Counter[tuple[str, object]] = Counter()
    for leaf in compared:
        key = _signal(leaf), leaf.operator
        seen[key] += 1
        if by_signal[_signal(leaf)] == 1:
            yield _signal(leaf)
        elif by_operator[key] == 1:
            yield f"{_signal(leaf)}.{leaf.operator.value}"
        else:
            yield f"{_signal(leaf)}.{leaf.operator.value}.{seen[key]}"
