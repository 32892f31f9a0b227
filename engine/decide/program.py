"""What the rules engine is given: rules over numbers and nodes, in rulesets, in stages.

A number is a fact with the two ends of an interval: a signal, a tally of findings, or a count of
strikes. A node is a fact that a rule has derived. Rules are monotone: no pattern asks that a fact
be absent, so the set derived does not depend on any order. This module imports nothing heavy,
because the worker process loads it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

Interval = tuple[float, float]
Numbers = Mapping[str, Interval]
"""The numbers known of a subject, by name; an end that is not known is infinite."""


class End(Enum):
    """Which end of an interval a bound looks at."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Bound:
    """A test of one end: a lower bound of the low end, or an upper bound of the high end."""

    end: End
    threshold: float
    strict: bool

    @property
    def operator(self) -> str:
        """The comparison in durable-rules' words."""
        return ("$gt" if self.end is End.LOW else "$lt") + ("" if self.strict else "e")

    def admits(self, interval: Interval) -> bool:
        """Say whether the interval's end passes."""
        low, high = interval
        if self.end is End.LOW:
            return low > self.threshold or (not self.strict and low == self.threshold)
        return high < self.threshold or (not self.strict and high == self.threshold)

    def __str__(self) -> str:
        return f"{self.end.value} {self.operator[1:]} {self.threshold!r}"


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """The number of that name passes every bound; at most one bound for each end, low first."""

    name: str
    bounds: tuple[Bound, ...]

    def __str__(self) -> str:
        return f"{self.name} " + " and ".join(map(str, self.bounds))


@dataclass(frozen=True, slots=True)
class NodePattern:
    """The node of that name has been derived."""

    name: str

    def __str__(self) -> str:
        return self.name


Pattern = NumberPattern | NodePattern

ALWAYS = NodePattern("always")
"""A node that every subject has: what a rule without any condition is made of."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When every pattern matches, the node `gives` is derived; several rules may give one node."""

    gives: str
    patterns: tuple[Pattern, ...]
    owner: str
    """The policy or response it was compiled from, for messages; never sent to the engine."""

    @property
    def numbers(self) -> Iterator[str]:
        """The numbers that it reads."""
        return (one.name for one in self.patterns if isinstance(one, NumberPattern))

    @property
    def capped(self) -> Iterator[str]:
        """The numbers that must not be too large for it to apply."""
        for one in self.patterns:
            if isinstance(one, NumberPattern) and any(b.end is End.HIGH for b in one.bounds):
                yield one.name

    def __str__(self) -> str:
        return f"{self.gives} <- " + ", ".join(map(str, self.patterns))


@dataclass(frozen=True)
class Ruleset:
    """Rules that are loaded together, within the engine's caps."""

    rules: tuple[Rule, ...]
    served: tuple[int, ...]
    """Of each rule: the policy (or, in the last stage, the response) it serves, by position."""

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers that its rules read."""
        return frozenset(name for rule in self.rules for name in rule.numbers)

    @cached_property
    def nodes(self) -> frozenset[str]:
        """The nodes that its rules read, from wherever they come."""
        return frozenset(
            pattern.name
            for rule in self.rules
            for pattern in rule.patterns
            if isinstance(pattern, NodePattern)
        )


@dataclass(frozen=True)
class Tally:
    """How many of some policies have a finding, as an interval.

    The low end counts those of `policies` that certainly have one. The high end counts those of
    `policies` and `shadowed` that may have one, and is unknown unless `counts_open`.
    """

    name: str
    policies: tuple[int, ...]
    counts_open: bool
    shadowed: tuple[int, ...] = ()

    @cached_property
    def _holding(self) -> frozenset[str]:
        return frozenset(map(holds, self.policies))

    @cached_property
    def _failing(self) -> frozenset[str]:
        return frozenset(map(fails, (*self.policies, *self.shadowed)))

    def count(self, derived: set[str]) -> Interval:
        """Return the interval, given the nodes that earlier stages derived."""
        held = len(self._holding & derived)
        if not self.counts_open:
            return float(held), math.inf
        return float(held), float(len(self._failing - derived))


@dataclass(frozen=True, slots=True)
class Stage:
    """Rulesets that may refer to the results of earlier stages, by tallies."""

    tallies: tuple[Tally, ...]
    rulesets: tuple[Ruleset, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """All stages for one kind of subject; the last stage holds the responses."""

    kind: str
    stages: tuple[Stage, ...]


def is_verdict(node: str) -> bool:
    """Say whether a node is a result, not a step on the way to one."""
    return node[0] in "pq"


def holds(policy: int) -> str:
    """Return the node which says that a policy has a finding."""
    return f"p{policy}+"


def fails(policy: int) -> str:
    """Return the node which says that a policy certainly has no finding."""
    return f"p{policy}-"


def takes(response: int, rung: int) -> str:
    """Return the node which says that a response applies and that the rung's guard holds."""
    return f"q{response}.{rung}"
