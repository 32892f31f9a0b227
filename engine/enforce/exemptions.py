"""Which exemption, if any, keeps an action from an account."""

from __future__ import annotations

from collections.abc import Sequence

from engine.decide.finding import Answer
from engine.enforce.action import Target
from engine.language.model.pack import Exemption


def fitting(
    exemptions: Sequence[Exemption], target: Target, answer: Answer, as_of_us: int
) -> Exemption | None:
    """Return the first exemption in force that fits the account and covers every finding.

    An exemption limited to some policies or behaviours does not shield an account from a finding
    outside of them: one uncovered finding is enough for the answer to stand.
    """
    return next(
        (
            exemption
            for exemption in exemptions
            if not exemption.expired(as_of_us)
            and _fits(exemption, target)
            and _covers(exemption, answer)
        ),
        None,
    )


def _fits(exemption: Exemption, target: Target) -> bool:
    return (
        target.account_id in exemption.accounts
        or target.org_id in exemption.organisations
        or bool(target.approvals & exemption.approvals)
    )


def _covers(exemption: Exemption, answer: Answer) -> bool:
    if not exemption.policies and not exemption.behaviours:
        return True
    return all(
        finding.policy.name in exemption.policies
        or finding.policy.behaviour.value in exemption.behaviours
        for finding in answer.findings
    )
