"""A response: which findings lead to which step of the ladder."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.model.condition import Condition
from engine.language.span import NOWHERE, Span
from engine.language.words import ActionKind, Approval, SubjectKind

MEMBER_NUMBERS = {
    "requests": "exchanges of the member",
    "conduct": "share of its exchanges in which it does what the campaign does",
    "days_before": "days from its first exchange to that of the middle member",
    "same_hours": "how far its hours of the day are those of the other members, 0 to 1",
    "same_models": "how far its models are those of the other members, 0 to 1",
}
"""What `exculpate` compares, and what it is; `engine.campaigns.participation` has the formulas."""


MEMBER_SHARES = frozenset({"conduct", "same_hours", "same_models"})
"""Those of them that lie between 0 and 1."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing to do: `throttle: {for: 7d}`, `restrict: {feature: logprobs}`."""

    kind: ActionKind
    for_us: int | None = None
    """How long a temporary action lasts, in microseconds."""
    feature: str | None = None
    """What `restrict` takes away: logprobs, logit_bias, reasoning, batch."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder; the last rung whose `guard` holds is the one taken."""

    do: tuple[ActionSpec, ...]
    guard: Condition | None = None
    approval: Approval = Approval.ONE
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Cap:
    """How many accounts may be acted on; over it everything is held, never the first few."""

    accounts: int | None = None
    share: float | None = None
    """Of the accounts active in the run's period."""


@dataclass(frozen=True, slots=True)
class Response:
    """What is done when findings accumulate on a subject.

    Conditions may compare the built-in campaign numbers `members`, `payers`, `organisations` and
    `portion` as if they were signals; `exculpate` compares the numbers of a member,
    `MEMBER_NUMBERS`.
    """

    name: str
    title: str
    subject: SubjectKind
    when: Condition
    ladder: tuple[Step, ...]
    cap: Cap = Cap()
    exculpate: Condition | None = None
    """Which members of the campaign do not themselves do what it does: nothing is done to them
    before a reviewer has decided about them apart."""
    text: str = ""
    span: Span = NOWHERE
