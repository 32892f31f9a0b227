"""Two tests of a policy with one name.

Reports name a test by its policy and its name; of two alike nobody knows which one failed.

Accepted:

    policy: harness
    tests:
      - {name: one, as_of: 2026-01-01, accounts: {}, expect: no finding, twin: true}
      - {name: two, as_of: 2026-01-01, accounts: {}, expect: no finding}

Refused:

    policy: harness
    tests:
      - {name: one, as_of: 2026-01-01, accounts: {}, expect: no finding, twin: true}
      - {name: one, as_of: 2026-01-01, accounts: {}, expect: no finding}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound

ID = "EX320"
TITLE = "two tests with one name"
LEVEL = Level.ERROR
ALONE = True
_FIRST = "first named here"


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the tests whose name another test of the policy has already."""
    for document, read in sound(draft.policies):
        first: dict[str, int] = {}
        for position, test in enumerate(read.model.tests):
            if first.setdefault(test.name, position) != position:
                named = document.at("tests", first[test.name], "name")
                message = f"a second test is called {quote(test.name)}"
                place, related = document.at("tests", position, "name"), (Related(named, _FIRST),)
                yield Problem(place, message, "name what is different", related)
