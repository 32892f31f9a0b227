"""A regular expression that matches the empty text, and so every text.

Accepted:

    policy: harness
    select: {demands: {prompt|re: "think(ing)? tags"}}

Refused:

    policy: harness
    select: {demands: {prompt|re: "(think)?"}}
"""

from __future__ import annotations

from collections.abc import Iterator

import re2

from engine.language.checks.problem import Problem
from engine.language.checks.tests import written_tests
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft
from engine.language.words import Match

ID = "EX425"
TITLE = "a pattern that matches every text"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield patterns that are found in the empty text."""
    for test in written_tests(draft):
        if test.match is not Match.RE:
            continue
        for pattern in test.values:
            if isinstance(pattern, str) and re2.search(pattern, "") and re2.search(pattern, "x"):
                message = f"{quote(pattern)} matches every text"
                yield Problem(test.span, message, "use `exists` to ask whether there is any")
