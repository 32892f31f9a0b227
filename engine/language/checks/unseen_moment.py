"""A moment in a test that lies after the moment judged from.

What happens after `as_of` is never seen, so what the test shows does not depend on it.

Accepted:

    policy: harness
    tests:
      - name: a pool
        as_of: 2026-06-05
        accounts: {count: 30}
        exchanges: {at: 2026-06-04, prompt: think step by step}
        expect: finding
      - name: a class
        as_of: 2026-06-05
        accounts: {count: 30}
        expect: no finding
        twin: true

Refused:

    policy: harness
    tests:
      - name: a pool
        as_of: 2026-06-05
        accounts: {count: 30}
        exchanges: {at: 2026-07-04, prompt: think step by step}
        expect: finding
      - name: a class
        as_of: 2026-06-05
        accounts: {count: 30}
        expect: no finding
        twin: true
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model.policy import PolicyTest
from engine.language.moments import format_instant
from engine.language.read.times import time_us

ID = "EX438"
TITLE = "a moment of a test that is never seen"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield tests with a series that begins, or a strike that falls, after what is judged from."""
    for written, read in sound(draft.policies):
        for number, test in enumerate(read.model.tests):
            for path, moment in _moments(test):
                if moment > test.as_of_us:
                    message = f"{quote(format_instant(moment))} is after `as_of`, and never seen"
                    hint = "write an earlier moment, or a later `as_of`"
                    yield Problem(written.at("tests", number, *path), message, hint)


def _moments(test: PolicyTest) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Yield the moments that a test names, each with its place in the test."""
    for number, series in enumerate(test.exchanges):
        for key in ("start", "at"):
            named = series.get(key)
            several = named if isinstance(named, list) else [named]
            for position, text in enumerate(several):
                moment = time_us(str(text)) if text is not None else None
                if moment is not None:
                    inner = (position,) if isinstance(named, list) else ()
                    yield ("exchanges", number, key, *inner), moment
    for number, strike in enumerate(test.strikes):
        yield ("strikes", number, "at"), strike.at_us
