"""A reference to a list where names are expected.

Lists hold values for selections. An exemption names accounts and organisations one by one, so that
whoever approves it sees whom it shields.

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
    approved_by: counsel
    until: 2027-01-01
    organisations: [list:phrases]
    behaviours: [distillation]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound

ID = "EX322"
TITLE = "a list in place of a name"
LEVEL = Level.ERROR

_KEYS = ("accounts", "organisations", "approvals")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield names of exemptions that are written as references to lists."""
    for document, exemption in sound(draft.exemptions):
        for key in _KEYS:
            for value in sorted(getattr(exemption, key)):
                if value.startswith("list:"):
                    message = f"{quote(value)} is not resolved here: no account has this id"
                    hint = "write the ids themselves"
                    yield Problem(document.at_item(key, value), message, hint)
