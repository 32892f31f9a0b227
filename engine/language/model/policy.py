"""A policy: prohibited behaviour as signals, a condition over them, and the clause it breaks."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.model.condition import All, Condition, Negation
from engine.language.model.measure import Bound, Measure
from engine.language.model.promotion import Promotion
from engine.language.model.response import ActionSpec
from engine.language.model.selection import Selection
from engine.language.span import NOWHERE, Span
from engine.language.words import (
    ActionKind,
    Axis,
    Behaviour,
    Reads,
    Severity,
    Status,
    SubjectKind,
)


@dataclass(frozen=True, slots=True)
class NamedSelection:
    """An entry of `select`."""

    name: str
    selection: Selection
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Signal:
    """An entry of `signals`: a named measure."""

    name: str
    measure: Measure
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as written, with every reference resolved."""

    name: str
    title: str
    version: int
    status: Status
    owner: str
    behaviour: Behaviour
    axis: Axis
    severity: Severity
    subject: SubjectKind
    clauses: tuple[str, ...]
    """Clause references, `<terms>/<clause id>`."""
    references: tuple[str, ...]
    select: tuple[NamedSelection, ...]
    signals: tuple[Signal, ...]
    when: Condition
    unless: tuple[Condition, ...]
    """Each one clears the subject when it holds: the look-alike tests."""
    explain: str
    tests: tuple[PolicyTest, ...]
    text: str
    """The document's own YAML text, for the reviewer."""
    reads: Reads = Reads.CONTENT
    promotion: Promotion | None = None
    span: Span = NOWHERE

    @property
    def condition(self) -> Condition:
        """What must be certainly true for a finding: `when`, and no `unless`."""
        return All((self.when, *(Negation(part, part.span) for part in self.unless)), self.span)

    def signal(self, name: str) -> Signal:
        """Return the signal of that name; the loader has made sure that it exists."""
        return next(signal for signal in self.signals if signal.name == name)


@dataclass(frozen=True, slots=True)
class ExpectedValue:
    """What a signal must come to."""

    signal: str
    bounds: tuple[Bound, ...]
    """All of them must certainly hold; none at all: the value must not be known."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must come of the accounts of a group, or of all accounts of a test."""

    verdict: str  # "finding" | "no finding" | "indeterminate"
    group: str | None = None
    values: tuple[ExpectedValue, ...] = ()
    """Of every subject that came out as expected."""
    actions: tuple[ActionSpec, ...] | None = None
    """What the pack does about it; empty: nothing above `log`. None: whatever."""
    campaign: tuple[str, ...] | None = None
    """The groups whose accounts are one campaign; empty: none is in any. None: whatever."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class PastStrike:
    """An action of the past on all accounts of a group, or on all."""

    at_us: int
    action: ActionKind
    group: str | None = None


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """An entry of `tests`: activity written as a timeline, and what must come of it.

    `accounts`, `exchanges` and `models` stay plain data (dicts of scalars and lists, in the order
    written); `engine.authoring` turns them into activity.
    """

    name: str
    expect: str
    """The verdict on all accounts taken together; empty where groups are told apart."""
    as_of_us: int
    accounts: tuple[dict[str, object], ...]
    exchanges: tuple[dict[str, object], ...]
    models: tuple[dict[str, object], ...] = ()
    """When models were released: `model` and `released_at`."""
    links: str = "rules"
    """`all`: one campaign of all accounts; `groups`: one of each; `rules`: the pack's own links."""
    twin: bool = False
    """True for the benign look-alike of the behaviour."""
    values: tuple[ExpectedValue, ...] = ()
    actions: tuple[ActionSpec, ...] | None = None
    groups: tuple[Expectation, ...] = ()
    strikes: tuple[PastStrike, ...] = ()
    span: Span = NOWHERE
    expect_span: Span = NOWHERE

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """Return what is expected, of each group or of all accounts."""
        if self.groups:
            return self.groups
        return (Expectation(self.expect, None, self.values, self.actions, span=self.expect_span),)

    @property
    def verdicts(self) -> frozenset[str]:
        """Return the verdicts that are expected of some subject."""
        return frozenset(one.verdict for one in self.groups) or frozenset({self.expect})
