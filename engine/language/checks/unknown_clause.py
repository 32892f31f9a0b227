"""A policy cites a clause that no terms document has.

Accepted:

    policy: harness
    clauses: [usage-policy/scraping]

Refused:

    policy: harness
    clauses: [usage-policy/scrapping]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.read.mapping import suggestion

ID = "EX304"
TITLE = "an unknown clause"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield every clause that is in no version of its terms; terms that failed are passed over."""
    failed = {document.name for document in draft.terms if document.reading.failed}
    known = {
        f"{terms.name}/{clause.id}"
        for _, terms in sound(draft.terms)
        for version in terms.versions
        for clause in version.clauses
    }
    for document, read in sound(draft.policies):
        for position, clause in enumerate(read.model.clauses):
            if clause in known or clause.partition("/")[0] in failed:
                continue
            hint = suggestion(clause, sorted(known))
            message = f"unknown clause {quote(clause)}"
            yield Problem(document.at("clauses", position), message, hint)
