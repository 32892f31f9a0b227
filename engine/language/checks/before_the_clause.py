"""A test of conduct from before the clause was in force.

A finding cites the version of the terms in force when the conduct happened. Conduct from before the
first one broke no clause.

Accepted:

    policy: harness
    tests:
      - {name: a, as_of: 2026-06-05, accounts: {}, exchanges: {}, expect: finding}
      - {name: b, as_of: 2026-06-05, accounts: {}, expect: no finding, twin: true}

Refused:

    policy: harness
    tests:
      - {name: a, as_of: 2024-06-05, accounts: {}, exchanges: {}, expect: finding}
      - {name: b, as_of: 2026-06-05, accounts: {}, expect: no finding, twin: true}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.moments import format_instant

ID = "EX437"
TITLE = "a test from before the clause"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield tests that expect a finding at a time when no clause of the policy was in force."""
    begin = {
        terms.name: min(version.effective_us for version in terms.versions)
        for _, terms in sound(draft.terms)
        if terms.versions
    }
    for document, read in sound(draft.policies):
        starts = [begin.get(clause.partition("/")[0], 0) for clause in read.model.clauses]
        first = min(starts, default=0)
        for position, test in enumerate(read.model.tests):
            if test.as_of_us < first and "finding" in test.verdicts:
                message = (
                    f"no clause was in force: the terms begin at {quote(format_instant(first))}"
                )
                yield Problem(document.at("tests", position, "as_of"), message)
