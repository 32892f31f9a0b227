"""An exemption that its owner approved.

Accepted:

    exemption: study
    reason: an agreed study
    owner: safety
    approved_by: counsel
    until: 2027-01-01
    organisations: [org-7]
    behaviours: [distillation]

Refused:

    exemption: study
    reason: an agreed study
    owner: safety
    approved_by: Safety
    until: 2027-01-01
    organisations: [org-7]
    behaviours: [distillation]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound

ID = "EX431"
TITLE = "an exemption approved by its owner"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield exemptions whose owner and approver are the same."""
    for document, exemption in sound(draft.exemptions):
        if exemption.owner.casefold() == exemption.approved_by.casefold():
            message = f"{quote(exemption.owner)} owns and approves the exemption"
            yield Problem(document.at("approved_by"), message, "somebody else must approve it")
