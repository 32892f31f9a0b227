"""Conditions over signals and findings, three-valued: true, false, or undecided.

A signal is an interval [low, high]: the values it could have, given what is missing. A comparison
is true when it holds on the whole interval, false when it holds nowhere on it, and undecided in
between. `All`, `Any` and `Negation` are Kleene's.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.span import NOWHERE, Span
from engine.language.words import ActionKind, Axis, Behaviour, Operator, Severity


@dataclass(frozen=True, slots=True)
class Compare:
    """A signal of the policy against a threshold."""

    signal: str
    operator: Operator
    threshold: float
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Found:
    """Another policy has a finding for the same subject."""

    policy: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class FoundAny:
    """At least one finding of the same subject fits the description; an empty set means any."""

    behaviours: frozenset[Behaviour] = frozenset()
    axes: frozenset[Axis] = frozenset()
    minimum_severity: Severity = Severity.INFO
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Struck:
    """Past actions above `log`, in force or served, on the subject's accounts within a time."""

    operator: Operator
    threshold: int
    within_us: int
    actions: frozenset[ActionKind] = frozenset()
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Condition, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Condition, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Negation:
    """The part does not hold."""

    part: Condition
    span: Span = NOWHERE


Condition = Compare | Found | FoundAny | Struck | All | Any | Negation
