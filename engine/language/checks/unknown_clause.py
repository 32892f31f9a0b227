"""A policy cites a clause that no terms document has, and no addendum adds to it.

A policy cites the document; where an addendum gives an organisation other words, a finding cites
those by itself.

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
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield every clause that is in no version of its terms; terms that failed are passed over.

    Says nothing while an addendum could not be read: it might add the clause.
    """
    if any(document.reading.failed for document in draft.addenda):
        return
    failed = {document.name for document in draft.terms if document.reading.failed}
    known = {f"{name}/{clause}" for name, clause in _clauses(draft)}
    amended = {addendum.name: addendum.amends for _, addendum in sound(draft.addenda)}
    for document, read in sound(draft.policies):
        for position, clause in enumerate(read.model.clauses):
            if clause in known or clause.partition("/")[0] in failed:
                continue
            name, _, identity = clause.partition("/")
            hint = suggestion(clause, sorted(known))
            if f"{amended.get(name)}/{identity}" in known:
                hint = f"cite the document that the addendum amends: `{amended[name]}/{identity}`"
            message = f"unknown clause {quote(clause)}"
            yield Problem(document.at("clauses", position), message, hint)


def _clauses(draft: Draft) -> Iterator[tuple[str, str]]:
    for _, terms in sound(draft.terms):
        yield from ((terms.name, each.id) for version in terms.versions for each in version.clauses)
    for _, addendum in sound(draft.addenda):
        for version in addendum.versions:
            yield from ((addendum.amends, clause.id) for clause in version.clauses)
