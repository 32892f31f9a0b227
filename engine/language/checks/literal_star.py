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
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model.selection import Selection, Test
from engine.language.walk import selections_of, walk_selection
from engine.language.words import Match

ID = "EX407"
TITLE = "a star that is no wildcard"
LEVEL = Level.WARNING

_LITERAL = frozenset({Match.CONTAINS, Match.STARTSWITH, Match.ENDSWITH})
# Two stars are emphasis in Markdown, a star after a blank is a bullet.
_WILDCARD = re.compile(r"(?<![\s*\\])\*(?![\s*])")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the tests that were probably meant as patterns."""
    for _, read in sound(draft.policies):
        policy = read.model
        selections = [named.selection for named in policy.select]
        for signal in policy.signals:
            selections += selections_of(signal.measure)
        for test in dict.fromkeys(_tests(selections)):
            value = _starred(test)
            if value is not None:
                message = f"`*` is an ordinary character in {quote(value)}"
                yield Problem(test.span, message, "write `re` for a pattern")


def _tests(selections: list[Selection]) -> Iterator[Test]:
    for selection in selections:
        for part in walk_selection(selection):
            if isinstance(part, Test) and part.match in _LITERAL and part.list_name is None:
                yield part


def _starred(test: Test) -> str | None:
    return next(
        (value for value in test.values if isinstance(value, str) and _WILDCARD.search(value)), None
    )
