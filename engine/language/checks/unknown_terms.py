"""An addendum amends a document of terms that the pack does not have.

Accepted:

    addendum: acme
    amends: usage-policy

Refused:

    addendum: acme
    amends: usage-polcy
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.read.mapping import suggestion

ID = "EX350"
TITLE = "unknown terms"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield every name of a document that there is not, sound or not."""
    known = {document.name: None for document in draft.terms if document.name is not None}
    addenda = {document.name for document in draft.addenda}
    for document, addendum in sound(draft.addenda):
        if addendum.amends in known:
            continue
        hint = suggestion(addendum.amends, sorted(known))
        if addendum.amends in addenda:
            hint = "an addendum amends a document of terms, not another addendum"
        message = f"there are no terms {quote(addendum.amends)}"
        yield Problem(document.at("amends"), message, hint)
