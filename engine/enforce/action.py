"""An action as planned for one account, before it enters the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.decide.finding import Answer
from engine.language.model.response import ActionSpec
from engine.language.words import ActionKind

APART = "bystander"
"""How the reason of an action begins that is decided about apart."""


class Disposition(Enum):
    """What becomes of a planned action."""

    RECORD = "record"  # `log`: there is nothing to send
    PROPOSE = "propose"  # waits for one or two reviewers
    AUTOMATIC = "automatic"  # goes out by itself
    HOLD = "hold"  # over a cap
    APART = "apart"  # on a bystander: a reviewer decides about it by itself
    EXEMPT = "exempt"  # an exemption fits the account


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One step on one account, with what the guardrails made of it."""

    answer: Answer
    spec: ActionSpec
    account_id: str
    approvals: int
    disposition: Disposition
    reason: str = ""
    detail: str = ""
    """What is so of this account, where `reason` says what is so of several."""

    @property
    def kind(self) -> ActionKind:
        return self.spec.kind

    @property
    def may_touch(self) -> bool:
        """Whether the action touches the account, by itself or once a reviewer agrees."""
        return self.disposition not in (Disposition.RECORD, Disposition.EXEMPT)

    @property
    def counts_against_caps(self) -> bool:
        """Whether the action would touch the account if nothing stopped it."""
        return self.disposition in (Disposition.PROPOSE, Disposition.AUTOMATIC)


@dataclass(frozen=True, slots=True)
class Target:
    """What the guardrails need to know of an account."""

    account_id: str
    org_id: str | None
    approvals: frozenset[str]
