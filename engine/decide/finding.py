"""Findings and how each condition came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language.model.condition import Condition
from engine.language.model.policy import Policy
from engine.language.model.response import Response, Step
from engine.language.subject import Subject
from engine.signals.facts import Fact


@dataclass(frozen=True, slots=True)
class Outcome:
    """A condition with its result for one subject: True, False, or None for undecided.

    `fact` is set on comparisons, `parts` on `All`, `Any` and `Negation`.
    """

    condition: Condition
    holds: bool | None
    fact: Fact | None = None
    parts: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A policy that held for a subject, with its evidence."""

    policy: Policy
    subject: Subject
    facts: Mapping[str, Fact]
    """By signal name of the policy."""
    outcome: Outcome
    rests_on: tuple[Policy, ...] = ()
    """Policies with a finding of their own that its condition, or theirs in turn, asks about."""


@dataclass(frozen=True, slots=True)
class Climb:
    """How a response came out for a subject, every part of it."""

    when: Outcome
    guards: tuple[Outcome | None, ...]
    """Of each step of the ladder; None where a step has no guard."""
    findings: tuple[Finding, ...]
    """All that the response or the guard of any step asks about."""

    @property
    def rung(self) -> int | None:
        """Which rung of the ladder is taken: the last one whose guard certainly holds."""
        if not self.when.holds:
            return None
        open_rungs = (n for n, guard in enumerate(self.guards) if guard is None or guard.holds)
        return max(open_rungs, default=None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that applies to a subject, and the rung of its ladder."""

    response: Response
    step: Step
    subject: Subject
    findings: tuple[Finding, ...]
    """Those that the response, or the guard of that rung, asks about."""
    climb: Climb | None = None
    """From which it can be told what remains when some findings may not act; without it nothing."""
