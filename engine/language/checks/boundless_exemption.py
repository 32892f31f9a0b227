"""An exemption from everything.

An exemption is narrow: it names the policies or the behaviours that its reason is about. A customer
who may train on outputs may not therefore probe for bypasses.

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
    organisations: [org-7]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound

ID = "EX430"
TITLE = "an exemption from everything"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield exemptions that name neither policies nor behaviours."""
    for document, exemption in sound(draft.exemptions):
        if not exemption.policies and not exemption.behaviours:
            message = f"{quote(exemption.name)} shields from every policy there is or will be"
            yield Problem(document.named_at, message, "add `behaviours` or `policies`")
