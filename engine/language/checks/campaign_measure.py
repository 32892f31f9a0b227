"""A measure of campaigns in a policy on accounts or organisations.

Accepted:

    policy: harness
    subject: campaign
    signals: {size: members}
    when: {size: {gte: 20}}
    explain: "{size}"

Refused:

    policy: harness
    subject: account
    signals: {size: members}
    when: {size: {gte: 20}}
    explain: "{size}"
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, a, quote
from engine.language.draft import Draft, sound
from engine.language.model.measure import CampaignMeasure
from engine.language.words import SubjectKind

ID = "EX307"
TITLE = "a measure of campaigns for another subject"
LEVEL = Level.ERROR
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the signals that only a campaign has."""
    for _, read in sound(draft.policies):
        policy = read.model
        if policy.subject is SubjectKind.CAMPAIGN:
            continue
        for signal in policy.signals:
            if isinstance(signal.measure, get_args(CampaignMeasure)):
                message = (
                    f"{quote(signal.name)} measures a campaign, and the policy judges "
                    f"{a(policy.subject.value)}"
                )
                yield Problem(signal.span, message, "write `subject: campaign`")
