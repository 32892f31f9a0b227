"""A policy in enforce without a test of its benign twin.

Every behaviour has a look-alike: a class on one assignment, a benchmark, a reseller. A test with
`twin: true` that expects no finding shows that the policy tells them apart.

Accepted:

    policy: harness
    status: enforce
    tests:
      - {name: class, as_of: 2026-01-01, accounts: {count: 2}, expect: no finding, twin: true}

Refused:

    policy: harness
    status: enforce
    tests:
      - {name: hit, as_of: 2026-01-01, accounts: {count: 2}, expect: finding}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.words import Status

ID = "EX408"
TITLE = "enforcement without a benign twin"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield policies in enforce that no benign twin was tried on."""
    for document, read in sound(draft.policies):
        policy = read.model
        if policy.status is not Status.ENFORCE:
            continue
        if not any(test.twin and "no finding" in test.verdicts for test in policy.tests):
            message = f"{quote(policy.name)} acts on people without a test of its benign twin"
            yield Problem(
                document.at("status"),
                message,
                "add a test with `twin: true` and `expect: no finding`",
            )
