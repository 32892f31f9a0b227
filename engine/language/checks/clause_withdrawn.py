"""A policy cites a clause that the latest version of its terms no longer has.

Conduct under the older versions is still covered; conduct of today is not.

Accepted:

    policy: harness
    clauses: [usage-policy/scraping]

Refused:

    policy: harness
    clauses: [usage-policy/scraping]
    ---
    terms: usage-policy
    versions:
      - version: a
        effective: 2025-01-01
        clauses: [{id: scraping, section: "3", summary: text, url: "https://example.com"}]
      - version: b
        effective: 2026-01-01
        clauses: [{id: renamed, section: "3", summary: text, url: "https://example.com"}]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound

ID = "EX410"
TITLE = "a clause that is no longer there"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the clauses that only older versions have."""
    terms = {model.name: model for _, model in sound(draft.terms)}
    for document, read in sound(draft.policies):
        for position, reference in enumerate(read.model.clauses):
            name, _, clause = reference.partition("/")
            if name not in terms:
                continue
            *older, latest = terms[name].versions
            if clause in {each.id for each in latest.clauses}:
                continue
            if any(clause == each.id for version in older for each in version.clauses):
                message = f"{quote(reference)} is not in version {quote(latest.version)}"
                related = (Related(latest.span, "the latest version"),)
                yield Problem(document.at("clauses", position), message, None, related)
