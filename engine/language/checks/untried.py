"""A policy that proposes or acts, with no test that it fires, or none that it does not.

Accepted:

    policy: harness
    tests:
      - {name: hit, as_of: 2026-06-05, accounts: {}, exchanges: {per_account: 200}, expect: finding}
      - {name: class, as_of: 2026-06-05, accounts: {}, expect: no finding, twin: true}

Refused:

    policy: harness
    tests:
      - {name: class, as_of: 2026-06-05, accounts: {}, expect: no finding, twin: true}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound

ID = "EX432"
TITLE = "a policy that was not tried"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield policies in review or enforce without a test of each outcome.

    Whether the tests come close to each threshold is for `excise policy coverage`, which runs them.
    """
    for document, read in sound(draft.policies):
        policy = read.model
        if not policy.status.acts:
            continue
        tried = {verdict for test in policy.tests for verdict in test.verdicts}
        for outcome, word in (("finding", "fires"), ("no finding", "does not fire")):
            if outcome not in tried:
                message = f"no test of {quote(policy.name)} shows that it {word}"
                yield Problem(document.at("tests"), message, f"add one with `expect: {outcome}`")
