"""An addendum brings a clause that its document does not have and no policy cites.

More likely than a clause that nothing enforces is an id that was misspelt: then the document's own
words would still be cited.

Accepted:

    addendum: acme
    versions:
      - version: "1"
        effective: 2026-01-01
        clauses: [{id: scraping, section: "3", summary: text, url: "https://example.com"}]

Refused:

    addendum: acme
    versions:
      - version: "1"
        effective: 2026-01-01
        clauses: [{id: scrapping, section: "3", summary: text, url: "https://example.com"}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.read.mapping import suggestion

ID = "EX451"
TITLE = "an added clause that nobody cites"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the additions; says nothing of terms that failed, or while a policy could not be read.

    It might be the one that cites the clause.
    """
    if any(document.reading.failed for document in draft.policies):
        return
    cited = {clause for _, read in sound(draft.policies) for clause in read.model.clauses}
    documents = {terms.name: terms for _, terms in sound(draft.terms)}
    for _, addendum in sound(draft.addenda):
        if addendum.amends not in documents:
            continue
        versions = documents[addendum.amends].versions
        known = {clause.id for version in versions for clause in version.clauses}
        for clause in (clause for version in addendum.versions for clause in version.clauses):
            if clause.id not in known and f"{addendum.amends}/{clause.id}" not in cited:
                message = f"{quote(clause.id)} replaces no clause of {quote(addendum.amends)}"
                message += ", and no policy cites it"
                yield Problem(clause.span, message, suggestion(clause.id, sorted(known)))
