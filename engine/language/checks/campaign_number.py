"""A response to accounts or organisations compares a number that only a campaign has.

Accepted:

    response: answer
    subject: campaign
    when: {all: [{finding: harness}, {members: {gte: 20}}]}

Refused:

    response: answer
    subject: account
    when: {all: [{findings: {axis: content}}, {members: {gte: 20}}]}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.conditions import response_conditions
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, a, quote
from engine.language.draft import Draft, sound
from engine.language.model.condition import Compare
from engine.language.words import SubjectKind

ID = "EX308"
TITLE = "a number of campaigns for another subject"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the comparisons in responses whose subject is no campaign."""
    for _, response in sound(draft.responses):
        if response.subject is SubjectKind.CAMPAIGN:
            continue
        for condition in response_conditions(response):
            if isinstance(condition, Compare):
                message = f"{a(response.subject.value)} has no {quote(condition.signal)}"
                yield Problem(condition.span, message, "write `subject: campaign`")
