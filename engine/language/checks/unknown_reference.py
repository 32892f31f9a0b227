"""A reference to a technique that does not exist.

`atlas:` names a technique or case of MITRE ATLAS, `owasp:` a risk of the OWASP list for LLM
applications; other references are free text.

Accepted:

    policy: harness
    references: [atlas:AML.T0024.002, owasp:LLM10-2025, "internal note 7"]

Refused:

    policy: harness
    references: [atlas:AML.T9999]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.read.mapping import suggestion
from engine.language.taxonomies import KNOWN

ID = "EX436"
TITLE = "an unknown technique"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield references into a known taxonomy that it does not have."""
    for document, read in sound(draft.policies):
        for reference in read.model.references:
            taxonomy, colon, identifier = reference.partition(":")
            if colon and taxonomy in KNOWN and identifier not in KNOWN[taxonomy]:
                message = f"{quote(taxonomy)} has no {quote(identifier)}"
                hint = suggestion(identifier, sorted(KNOWN[taxonomy]))
                yield Problem(document.at_item("references", reference), message, hint)
