"""The trees of policies and responses for one subject: every branch, none left out.

The trees come from the tracer that a run checks the rules engine against, so they say what a run
decides. What a branch was decided from stands beside it: the fact, the threshold, the policies
asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.authoring.explain.room import Room, nearness, room, worst
from engine.decide.finding import Outcome
from engine.decide.trace import Tracer
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
from engine.language.model.response import Response, Step
from engine.language.words import Operator
from engine.signals.facts import Fact


@dataclass(frozen=True, slots=True)
class Number:
    """What a comparison looked at."""

    name: str
    """The signal, or `strikes`."""
    fact: Fact
    operator: Operator
    threshold: float

    @property
    def room(self) -> Room:
        """Return how far the end that decides is from the threshold."""
        return room(self.fact.low, self.fact.high, self.operator, self.threshold)

    @property
    def worst(self) -> Room:
        """Return how far the least favourable end is from the threshold."""
        return worst(self.fact.low, self.fact.high, self.operator, self.threshold)

    @property
    def nearness(self) -> float:
        """Return 1 where the comparison holds or may hold, less the farther it is."""
        return nearness(self.fact.low, self.fact.high, self.operator, self.threshold)


@dataclass(frozen=True, slots=True)
class Asked:
    """A policy whose findings a condition asks for, and whether it has one for the subject."""

    policy: str
    holds: bool | None
    telling: bool
    """False in shadow where the condition acts: its finding then decides nothing."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition and how it came out: True, False, or None for undecided."""

    condition: Condition
    holds: bool | None
    number: Number | None = None
    asked: tuple[Asked, ...] = ()
    """Of those that are evaluated, the policies whose findings it asks for."""
    deniable: bool = True
    """Whether findings it asks for can certainly be absent (see `engine.decide.references`)."""
    parts: tuple[Branch, ...] = ()

    @property
    def composed(self) -> bool:
        """Return whether it is made of other conditions, if only of none."""
        return isinstance(self.condition, All | Any | Negation)

    @property
    def leaves(self) -> Iterator[Branch]:
        """Yield the branches that have no parts, in the order written."""
        if not self.composed:
            yield self
        for part in self.parts:
            yield from part.leaves


@dataclass(frozen=True, slots=True)
class Explained:
    """One policy for one subject."""

    policy: Policy
    holds: bool | None
    when: Branch
    unless: tuple[Branch, ...]
    facts: Mapping[str, Fact]
    """By signal; also of signals that no condition compares."""

    @property
    def branches(self) -> tuple[Branch, ...]:
        """Return the roots of all its trees."""
        return (self.when, *self.unless)

    @property
    def asked(self) -> tuple[str, ...]:
        """Return the policies whose findings it asks for, in the order written."""
        names = (one.policy for root in self.branches for leaf in root.leaves for one in leaf.asked)
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder with its guard; without one it is always open."""

    step: Step
    guard: Branch | None
    taken: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """One response for one subject."""

    response: Response
    when: Branch
    rungs: tuple[Rung, ...]


def policies(tracer: Tracer, name: str) -> tuple[Explained, ...]:
    """Return a policy and, after it, every other one that it rests on, each once.

    They come in the order in which they are first asked for.
    """
    numbers = {one.name: number for number, one in enumerate(tracer.compiled.policies)}
    found: dict[str, Explained] = {}
    waiting = [name]
    for one in waiting:
        if one not in found:
            found[one] = explained(tracer, numbers[one])
            waiting += found[one].asked
    return tuple(found.values())


def explained(tracer: Tracer, number: int) -> Explained:
    """Return one policy by its position."""
    compiled = tracer.compiled
    outcome = tracer.policy(number)
    when, *cleared = outcome.parts
    acting = compiled.policies[number].status.acts
    return Explained(
        compiled.policies[number],
        outcome.holds,
        _branch(tracer, when, acting=acting),
        tuple(_branch(tracer, negation.parts[0], acting=acting) for negation in cleared),
        {signal: tracer.fact(key) for signal, key in compiled.keys[number].items()},
    )


def responses(tracer: Tracer) -> tuple[Answered, ...]:
    """Return every response for the subject's kind, by name."""
    return tuple(_response(tracer, one) for one in tracer.compiled.responses)


def _response(tracer: Tracer, response: Response) -> Answered:
    taken = tracer.rung(response.when, response.ladder)
    rungs = []
    for number, step in enumerate(response.ladder):
        guard = None if step.guard is None else tracer.response(step.guard)
        shown = None if guard is None else _branch(tracer, guard, acting=True)
        rungs.append(Rung(step, shown, number == taken))
    when = _branch(tracer, tracer.response(response.when), acting=True)
    return Answered(response, when, tuple(rungs))


def _branch(tracer: Tracer, outcome: Outcome, *, acting: bool) -> Branch:
    condition = outcome.condition
    parts = tuple(_branch(tracer, part, acting=acting) for part in outcome.parts)
    match condition:
        case Compare() if outcome.fact is not None:
            number = Number(condition.signal, outcome.fact, condition.operator, condition.threshold)
            return Branch(condition, outcome.holds, number)
        case Struck() if outcome.fact is not None:
            number = Number("strikes", outcome.fact, condition.operator, float(condition.threshold))
            return Branch(condition, outcome.holds, number)
        case Found() | FoundAny():
            compiled = tracer.compiled
            asked = compiled.references.asked(condition, acting=acting)
            came = tuple(
                Asked(compiled.policies[n].name, tracer.held(n), n in asked.telling)
                for n in asked.everyone
            )
            return Branch(condition, outcome.holds, asked=came, deniable=asked.deniable)
    return Branch(condition, outcome.holds, parts=parts)
