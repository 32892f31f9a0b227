"""A `*` in a value where it is an ordinary character.

`*` and `?` are wildcards in plain values; `contains`, `startswith` and `endswith` take their values
word for word, because prompts are full of question marks.

Accepted:

    policy: harness
    signals: {events: {count: {prompt|re: "ignore.*instructions"}, window: 7d}}

Refused:

    policy: harness
    signals: {events: {count: {prompt|contains: "ignore*instructions"}, window: 7d}}
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.checks.tests import written_tests
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft
from engine.language.model.selection import Test
from engine.language.words import Match

ID = "EX407"
TITLE = "a star that is no wildcard"
LEVEL = Level.WARNING
ALONE = True

_LITERAL = frozenset({Match.CONTAINS, Match.STARTSWITH, Match.ENDSWITH})
# Two stars are emphasis in Markdown, a star after a blank is a bullet.
_WILDCARD = re.compile(r"(?<![\s*\\])\*(?![\s*])")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the tests that were probably meant as patterns."""
    for test in written_tests(draft):
        value = _starred(test)
        if value is not None:
            message = f"`*` is an ordinary character in {quote(value)}"
            yield Problem(test.span, message, "write `re` for a pattern")


def _starred(test: Test) -> str | None:
    if test.match not in _LITERAL or test.list_name is not None:
        return None
    return next(
        (
            value
            for value in test.values
            if isinstance(value, str) and "*" in value and _WILDCARD.search(value)
        ),
        None,
    )
