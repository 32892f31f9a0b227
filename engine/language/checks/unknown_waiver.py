"""An addendum waives a clause that no version of the document has.

Accepted:

    addendum: acme
    versions: [{version: "1", effective: 2026-01-01, waives: [scraping]}]

Refused:

    addendum: acme
    versions: [{version: "1", effective: 2026-01-01, waives: [scrapping]}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.read.mapping import suggestion

ID = "EX351"
TITLE = "a waiver of an unknown clause"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the waivers that waive nothing; terms that could not be read are passed over."""
    documents = {terms.name: (document, terms) for document, terms in sound(draft.terms)}
    for _, addendum in sound(draft.addenda):
        if addendum.amends not in documents:
            continue
        document, terms = documents[addendum.amends]
        known = {clause.id for version in terms.versions for clause in version.clauses}
        for waiver in (waiver for version in addendum.versions for waiver in version.waives):
            if waiver.clause not in known:
                message = f"no version of {quote(terms.name)} has a clause {quote(waiver.clause)}"
                related = (Related(document.named_at, "the document"),)
                hint = suggestion(waiver.clause, sorted(known))
                yield Problem(waiver.span, message, hint, related)
