"""A version of an addendum both waives a clause and gives it other words.

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
        clauses: [{id: scraping, section: "3", summary: text, url: "https://example.com"}]
        waives: [scraping]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.model.terms import AddendumVersion

ID = "EX354"
TITLE = "a clause waived and written"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield waivers that contradict their version, or say what another one of it says."""
    for _, addendum in sound(draft.addenda):
        for version in addendum.versions:
            yield from _contradictions(version)


def _contradictions(version: AddendumVersion) -> Iterator[Problem]:
    for waiver in version.waives:
        clause, first = version.clause(waiver.clause), version.waiver(waiver.clause)
        if clause is not None:
            related = (Related(clause.span, "written here"),)
            message = f"{quote(waiver.clause)} is waived, and has words of its own"
            yield Problem(waiver.span, message, "keep one of the two", related)
        elif first is not None and first.span != waiver.span:
            related = (Related(first.span, "first waived here"),)
            yield Problem(waiver.span, f"{quote(waiver.clause)} is waived twice", None, related)
