"""The thresholds of a policy that can be turned, what they are called, and the policy turned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.decide.references import leaves
from engine.language.model.condition import All, Any, Compare, Condition, Negation
from engine.language.model.policy import Policy


@dataclass(frozen=True, slots=True)
class Dial:
    """A comparison of a policy with its threshold."""

    name: str
    """The signal's name, with the operator and a number where that is not enough."""
    position: int
    """Its place among all leaves of `when` and then of `unless`, as written."""
    compare: Compare
    clears: bool
    """Whether it stands in `unless`: there, what is met takes a hit away."""


def dials(policy: Policy) -> tuple[Dial, ...]:
    """Return the thresholds of a policy in the order written, each under a name of its own.

    The name is the shortest that tells it from the others: `size`, `size.gte`, or `size.gte.2` for
    the second comparison of that kind.
    """
    first_of_unless = len(tuple(leaves(policy.when)))
    found = [
        (position, leaf)
        for position, leaf in enumerate(leaves(policy.condition))
        if isinstance(leaf, Compare)
    ]
    compared = [leaf for _, leaf in found]
    names = _names(compared)
    return tuple(
        Dial(name, position, leaf, position >= first_of_unless)
        for name, (position, leaf) in zip(names, found, strict=True)
    )


def turned(policy: Policy, thresholds: Mapping[int, float]) -> Policy:
    """Return the policy with other thresholds, given by the positions of their dials."""
    counter = iter(range(len(tuple(leaves(policy.condition)))))

    def turn(condition: Condition) -> Condition:
        match condition:
            case All(parts) | Any(parts):
                return replace(condition, parts=tuple(turn(part) for part in parts))
            case Negation(part):
                return replace(condition, part=turn(part))
        position = next(counter)
        if position not in thresholds:
            return condition
        if not isinstance(condition, Compare):
            message = f"leaf {position} of {policy.name} is no comparison"
            raise TypeError(message)
        return replace(condition, threshold=thresholds[position])

    when = turn(policy.when)
    return replace(policy, when=when, unless=tuple(turn(part) for part in policy.unless))


def _names(compared: list[Compare]) -> Iterator[str]:
    by_signal = Counter(leaf.signal for leaf in compared)
    by_operator = Counter((leaf.signal, leaf.operator) for leaf in compared)
    seen: Counter[tuple[str, object]] = Counter()
    for leaf in compared:
        key = leaf.signal, leaf.operator
        seen[key] += 1
        if by_signal[leaf.signal] == 1:
            yield leaf.signal
        elif by_operator[key] == 1:
            yield f"{leaf.signal}.{leaf.operator.value}"
        else:
            yield f"{leaf.signal}.{leaf.operator.value}.{seen[key]}"
