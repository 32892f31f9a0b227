"""A response to accounts or organisations exculpates members, which only a campaign has.

Accepted:

    response: answer
    subject: campaign
    when: {findings: {axis: content}}
    exculpate: {requests: {gte: 20}, conduct: {lte: 0.05}}

Refused:

    response: answer
    subject: account
    when: {findings: {axis: content}}
    exculpate: {conduct: {lte: 0.05}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, a
from engine.language.draft import Draft, sound
from engine.language.words import SubjectKind

ID = "EX313"
TITLE = "members of what has none exculpated"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield `exculpate` of responses whose subject is no campaign."""
    for _, response in sound(draft.responses):
        if response.exculpate is not None and response.subject is not SubjectKind.CAMPAIGN:
            message = f"{a(response.subject.value)} has no members to exculpate"
            yield Problem(response.exculpate.span, message, "write `subject: campaign`")
