"""A phrase that the benign tests of other policies contain.

Those tests are written to look like ordinary use. A list that matches them matches ordinary use.

Accepted:

    policy: other
    select: {late: {turn|gt: 1}}
    signals: {events: {count: late, window: 7d}}
    tests:
      - name: class
        as_of: 2026-06-05
        accounts: {}
        exchanges: {prompt: what is the capital of France}
        expect: no finding
        twin: true

Refused:

    policy: other
    select: {late: {turn|gt: 1}}
    signals: {events: {count: late, window: 7d}}
    tests:
      - name: class
        as_of: 2026-06-05
        accounts: {}
        exchanges: {prompt: please think step by step about the capital of France}
        expect: no finding
        twin: true
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.language.checks.problem import Problem
from engine.language.checks.tests import tests_by_policy
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, sound
from engine.language.model.policy import PolicyTest
from engine.language.model.selection import Test
from engine.language.read.field_test import ReadList
from engine.language.words import Match

ID = "EX433"
TITLE = "a phrase of ordinary use"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield phrases of lists that a benign test of a policy without the list contains."""
    users = {policy.name: set(_lists_of(tests)) for policy, tests in tests_by_policy(draft)}
    texts = [
        (policy.name, test, text)
        for policy, _ in tests_by_policy(draft)
        for test in policy.tests
        if test.twin
        for text in _texts(test)
    ]
    for document, read in sound(draft.lists):
        if document.name is not None and any(document.name in used for used in users.values()):
            mine = [one for one in texts if document.name not in users[one[0]]]
            yield from _ordinary(read, mine)


def _lists_of(tests: Iterable[Test]) -> Iterator[str]:
    for test in tests:
        if test.list_name is not None and test.match is Match.CONTAINS:
            yield test.list_name


def _texts(test: PolicyTest) -> Iterator[str]:
    for series in test.exchanges:
        for key in ("prompt", "system_prompt"):
            written = series.get(key)
            for text in written if isinstance(written, list | tuple) else (written,):
                if isinstance(text, str):
                    yield text.casefold()


def _ordinary(read: ReadList, texts: list[tuple[str, PolicyTest, str]]) -> Iterator[Problem]:
    for value, node in zip(read.model.values, read.nodes, strict=True):
        phrase = str(value).casefold()
        for policy, test, text in texts:
            if phrase in text:
                message = f"a benign test of {quote(policy)} contains {quote(phrase)}"
                related = (Related(test.span, "this test"),)
                yield Problem(node.span, message, "choose words that ordinary use has not", related)
                break
