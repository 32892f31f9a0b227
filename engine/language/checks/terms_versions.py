"""Versions of terms that took effect at the same time, or a clause twice in one version.

A finding cites the one version in force when the conduct happened.

Accepted:

    terms: usage-policy
    versions:
      - version: a
        effective: 2025-01-01
        clauses: [{id: scraping, section: "3", summary: text, url: "https://example.com"}]
      - version: b
        effective: 2026-01-01
        clauses: [{id: scraping, section: "3", summary: text, url: "https://example.com"}]

Refused:

    terms: usage-policy
    versions:
      - version: a
        effective: 2025-01-01
        clauses: [{id: scraping, section: "3", summary: text, url: "https://example.com"}]
      - version: b
        effective: 2025-01-01
        clauses: [{id: scraping, section: "3", summary: text, url: "https://example.com"}]
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.model.terms import AddendumVersion, Clause, TermsVersion

ID = "EX305"
TITLE = "ambiguous terms"
LEVEL = Level.ERROR

_Version = TermsVersion | AddendumVersion


def check(draft: Draft) -> Iterator[Problem]:
    """Yield versions and clauses that repeat an earlier one, in documents and in addenda."""
    of_terms = (terms.versions for _, terms in sound(draft.terms))
    of_addenda = (addendum.versions for _, addendum in sound(draft.addenda))
    for versions in chain[Sequence[_Version]](of_terms, of_addenda):
        yield from _versions(versions)
        for version in versions:
            yield from _clauses(version)


def _versions(versions: Sequence[_Version]) -> Iterator[Problem]:
    names: dict[str, _Version] = {}
    starts: dict[int, _Version] = {}
    for version in sorted(versions, key=lambda version: version.span):
        first = names.setdefault(version.version, version)
        if first is not version:
            related = (Related(first.span, "first defined here"),)
            message = f"version {quote(version.version)} is defined twice"
            yield Problem(version.span, message, "rename one, or remove it", related)
            continue
        same = starts.setdefault(version.effective_us, version)
        if same is not version:
            related = (Related(same.span, "in effect from the same time"),)
            message = f"version {quote(version.version)} takes effect together with another one"
            hint = "each version has a time of its own, `effective`"
            yield Problem(version.span, message, hint, related)


def _clauses(version: _Version) -> Iterator[Problem]:
    seen: dict[str, Clause] = {}
    for clause in version.clauses:
        first = seen.setdefault(clause.id, clause)
        if first is not clause:
            related = (Related(first.span, "first defined here"),)
            message = f"clause {quote(clause.id)} is defined twice in one version"
            yield Problem(clause.span, message, "keep one of the two", related)
