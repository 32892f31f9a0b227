"""A phrase so short that ordinary words contain it.

`contains` looks anywhere in the text, inside words too: `cot` is found in `cottage`.

Accepted:

    policy: harness
    select: {demands: {prompt|contains: chain of thought}}

Refused:

    policy: harness
    select: {demands: {prompt|contains: co}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.checks.tests import written_tests
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft
from engine.language.fields import FieldType
from engine.language.words import Match

ID = "EX426"
TITLE = "a phrase that is too short"
LEVEL = Level.WARNING
ALONE = True

_SHORTEST = 3
_ASCII_WORD = frozenset("abcdefghijklmnopqrstuvwxyz")
"""Two characters of Chinese are a word; two letters are not."""


def check(draft: Draft) -> Iterator[Problem]:
    """Yield phrases of one or two letters that are looked for in text."""
    for test in written_tests(draft):
        if test.match is not Match.CONTAINS or test.field.field.type is not FieldType.TEXT:
            continue
        for phrase in test.values:
            letters = str(phrase).strip().casefold()
            if len(letters) < _SHORTEST and set(letters) <= _ASCII_WORD:
                message = f"{quote(phrase)} is found inside many words"
                yield Problem(test.span, message, "write a longer phrase, or use `re` with spaces")
