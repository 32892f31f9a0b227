"""The points of a condition that tests should see, and those that one subject shows.

For every comparison, a value below the threshold, at it and above it; for every condition a subject
for which it holds and one for which it does not. What a range of values rules out is not asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.authoring.diff.words import condition_words
from engine.decide.finding import Outcome
from engine.language.checks.impossible_threshold import value_range
from engine.language.model.condition import Compare, Condition, Struck
from engine.language.model.measure import Measure
from engine.language.numerals import exact
from engine.language.span import Span

HOLDS, FAILS = "holds", "fails"
BELOW, AT, ABOVE = "below", "at", "above"
TAKEN = "taken"

Key = tuple[tuple[int | str, ...], str]
"""Where in a document a point is, and its side."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that tests should see of a condition."""

    span: Span
    condition: str
    side: str
    """`holds`, `fails`, `below`, `at` or `above`; of a rung `taken`."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What tests should see of one policy or response, and what they have not seen."""

    name: str
    wanted: tuple[Point, ...]
    unseen: tuple[Point, ...]

    @property
    def seen(self) -> int:
        """How many points the tests have seen."""
        return len(self.wanted) - len(self.unseen)


def share(covered: Sequence[Covered]) -> float:
    """Return the share of all points that were seen; 1 when there are none."""
    wanted = sum(len(one.wanted) for one in covered)
    return sum(one.seen for one in covered) / wanted if wanted else 1.0


def sides(outcome: Outcome, path: tuple[int | str, ...]) -> Iterator[Key]:
    """Yield what one subject shows of a condition and of its parts."""
    if outcome.holds is not None:
        yield path, HOLDS if outcome.holds else FAILS
    condition, fact = outcome.condition, outcome.fact
    if isinstance(condition, Compare | Struck) and fact is not None and fact.known:
        order = (fact.low > condition.threshold) - (fact.low < condition.threshold)
        yield path, (AT, ABOVE, BELOW)[order]
    for at, part in enumerate(outcome.parts):
        yield from sides(part, (*path, at))


def points(
    condition: Condition, path: tuple[int | str, ...], measured: Callable[[str], Measure]
) -> Iterator[tuple[Key, Point]]:
    """Yield the points of a condition; `measured` tells what a signal measures."""
    parts = getattr(condition, "parts", None) or (
        (condition.part,) if hasattr(condition, "part") else ()
    )
    for at, part in enumerate(parts):
        yield from points(part, (*path, at), measured)
    if parts:
        return
    for side in (HOLDS, FAILS, *_around(condition, measured)):
        yield (path, side), Point(condition.span, _words(condition), side)


def _around(condition: Condition, measured: Callable[[str], Measure]) -> Iterator[str]:
    """Yield the sides of a threshold that a value can be on."""
    if not isinstance(condition, Compare | Struck):
        return
    low, high = 0.0, math.inf
    if isinstance(condition, Compare):
        low, high = value_range(measured(condition.signal))
    if low < condition.threshold:
        yield BELOW
    yield AT
    if condition.threshold < high:
        yield ABOVE


def _words(condition: Condition) -> str:
    if isinstance(condition, Compare):
        return f"{condition.signal} {condition.operator.value} {exact(condition.threshold)}"
    return condition_words(condition)
