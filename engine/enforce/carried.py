"""What of an answer the terms carry, for the accounts of one organisation or another."""

from __future__ import annotations

from dataclasses import dataclass

from engine.decide.finding import Answer
from engine.decide.remainder import without
from engine.enforce.grounds import Basis, Grounds


@dataclass(frozen=True, slots=True)
class Carried:
    """An answer as far as its findings have grounds."""

    answer: Answer | None
    """What remains; None when nothing does."""
    why: str = ""
    """Why some findings, if any, have no ground."""
    approvals: int = 0
    """1 where a person must see that a clause did not stand all the time."""


def carried(answer: Answer, grounds: Grounds, organisation: str | None) -> Carried:
    """Return what remains of an answer for the accounts of an organisation."""
    asked = answer.climb.findings if answer.climb else answer.findings
    bases = {finding.policy.name: grounds.basis(finding, organisation) for finding in asked}
    lost = [finding for finding in asked if bases[finding.policy.name] is Basis.NONE]
    rest = without(answer, {finding.policy.name for finding in lost}) if lost else answer
    why = "; ".join(grounds.lacking(finding, organisation) for finding in lost)
    if rest is None:
        return Carried(None, why)
    unsettled = any(bases[each.policy.name] is not Basis.SETTLED for each in rest.findings)
    return Carried(rest, why, int(unsettled))
