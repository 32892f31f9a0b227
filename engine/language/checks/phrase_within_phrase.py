"""A phrase of a list that another phrase of it contains.

Whatever text has the longer one has the shorter one, so the longer one changes nothing.

Accepted:

    list: phrases
    owner: trust-and-safety
    source: reviewers
    reviewed: 2026-01-05
    values: [show your reasoning, think step by step]

Refused:

    list: phrases
    owner: trust-and-safety
    source: reviewers
    reviewed: 2026-01-05
    values: [step by step, think step by step]
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.checks.tests import written_tests
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.read.field_test import ReadList
from engine.language.words import Match

ID = "EX427"
TITLE = "a phrase within a phrase"
LEVEL = Level.WARNING

_MOST = 2_000
"""Comparing every phrase of a longer list with every other one takes too long."""


def check(draft: Draft) -> Iterator[Problem]:
    """Yield phrases that a shorter one of a list makes needless, where it is for `contains`."""
    contained = {
        test.list_name
        for test in written_tests(draft)
        if test.match is Match.CONTAINS and not test.every and not test.cased
    }
    for document, read in sound(draft.lists):
        if document.name in contained and len(read.nodes) <= _MOST:
            yield from _needless(read)


def _needless(read: ReadList) -> Iterator[Problem]:
    phrases = [
        (value.casefold(), node)
        for value, node in zip(read.model.values, read.nodes, strict=True)
        if isinstance(value, str)
    ]
    by_length = sorted(phrases, key=lambda pair: len(pair[0]))
    for position, (phrase, node) in enumerate(by_length):
        for shorter, other in by_length[:position]:
            if shorter != phrase and shorter in phrase:
                message = f"{quote(shorter)} is found wherever {quote(phrase)} is"
                related = (Related(other.span, "the shorter phrase"),)
                yield Problem(node.span, message, "remove the longer one", related)
                break
