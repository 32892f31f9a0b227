"""A comparison that can never hold, or always holds, because of what its measure can be.

A share lies between 0 and 1, a number of events is never negative, and an interval of `windows`
holds at least the event that it ends with.

Accepted:

    policy: harness
    signals: {part: {share: {turn: 1}, min_of: 100}}
    when: {part: {gte: 0.3}}
    explain: "{part:percent}"

Refused:

    policy: harness
    signals: {part: {share: {turn: 1}, min_of: 100}}
    when: {part: {gte: 30}}
    explain: "{part:percent}"
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from engine.language.checks.conditions import conditions_by_policy
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.condition import Compare
from engine.language.model.measure import Measure
from engine.language.model.policy import PolicyTest
from engine.language.model.response import MEMBER_SHARES
from engine.language.numerals import exact
from engine.language.walk import walk_condition
from engine.language.words import CohortScale, NoveltyScale, Operator

ID = "EX311"
TITLE = "a threshold outside of what is measured"
LEVEL = Level.ERROR
ALONE = True

_SHARES = (
    m.Share, m.TopShare, m.Entropy, m.Shared, m.Tenants, m.Portion, m.Approved, h.HourFlatness,
    h.ReleaseShift,
)  # fmt: skip
_COUNTS = (
    m.Count, m.Distinct, m.Busiest, m.GapCv, m.Windows, m.Together, m.Sequence, m.Members, m.Payers,
    m.Organisations, m.Carriers, m.LongestRun, h.Novel,
)  # fmt: skip
_HOUR_US = 3_600_000_000
_FRACTIONS = (m.GapCv,)
"""Of the counts, those that may lie between two whole numbers."""
_NUMBERS = (m.Sum, m.Mean, m.Minimum, m.Maximum, m.Quantile)


def check(draft: Draft) -> Iterator[Problem]:
    """Yield comparisons whose result does not depend on the activity."""
    for read, parts in conditions_by_policy(draft):
        measures = {signal.name: signal.measure for signal in read.model.signals}
        for part in parts:
            if not isinstance(part, Compare) or part.signal not in measures:
                continue
            yield from _judged(part, part.signal, measures[part.signal])
        for measure in measures.values():
            if isinstance(measure, m.Windows):
                yield from _intervals(measure)
        for test in read.model.tests:
            yield from _expected(test, measures)
    yield from _members(draft)


def _judged(part: Compare | m.Bound, signal: str, measure: Measure) -> Iterator[Problem]:
    low, high = value_range(measure)
    certain = verdict(part, low, high)
    if certain is not None:
        yield _problem(part, certain, quote(signal), low, high)
    elif _between(part, measure):
        yield _no_fraction(part, quote(signal))


def _between(part: Compare | m.Bound, measure: Measure | m.Inner) -> bool:
    """Whether a whole number would have to be a fraction."""
    return part.operator is Operator.EQ and part.threshold % 1 != 0 and _is_whole(measure)


def _no_fraction(part: Compare | m.Bound, what: str) -> Problem:
    message = f"the comparison never holds: {what} is a whole number"
    return Problem(part.span, message, "use `gte` or `lte`")


def _expected(test: PolicyTest, measures: Mapping[str, Measure]) -> Iterator[Problem]:
    """Yield values that a test expects and no signal can have."""
    for value in (value for one in test.expectations for value in one.values):
        for bound in value.bounds:
            for problem in _judged(bound, value.signal, measures[value.signal]):
                if "never" in problem.message:
                    yield problem


def _is_whole(measure: Measure | m.Inner) -> bool:
    if isinstance(measure, _FRACTIONS) or _is_share(measure):
        return False
    return isinstance(measure, (*_COUNTS, m.Kinds, m.Steps))


def _members(draft: Draft) -> Iterator[Problem]:
    """Yield comparisons of the numbers of a campaign's members."""
    for _, response in sound(draft.responses):
        for part in walk_condition(response.exculpate) if response.exculpate else ():
            if isinstance(part, Compare):
                high = 1.0 if part.signal in MEMBER_SHARES else math.inf
                certain = verdict(part, 0.0, high)
                if certain is not None:
                    yield _problem(part, certain, quote(part.signal), 0.0, high)


def _intervals(windows: m.Windows) -> Iterator[Problem]:
    """Yield comparisons that no interval satisfies; that all do is what an author may want."""
    low, high = _inner_range(windows.inner)
    for bound in windows.bounds:
        what = "the value of an interval"
        if verdict(bound, low, high) == "never":
            yield _problem(bound, "never", what, low, high)
        elif _between(bound, windows.inner):
            yield _no_fraction(bound, what)


def _problem(part: Compare | m.Bound, certain: str, what: str, low: float, high: float) -> Problem:
    between = f"at least {exact(low)}"
    if math.isfinite(high):
        between = f"between {exact(low)} and {exact(high)}"
        between = between if math.isfinite(low) else f"at most {exact(high)}"
    message = f"the comparison {certain} holds: {what} is {between}"
    return Problem(part.span, message, _hint(part, high))


def value_range(measure: Measure | m.Inner) -> tuple[float, float]:
    """Return the least and the greatest value that a measure can have."""
    cohort = measure.cohort if isinstance(measure, m.MemberCohort) else measure
    if isinstance(cohort, m.Cohort):
        percentile = cohort.scale is CohortScale.PERCENTILE
        return (0.0, 1.0) if percentile else (-math.inf, math.inf)
    if isinstance(measure, h.ActiveHours):
        return 0.0, _hours(measure.window_us)
    if isinstance(measure, _SHARES) or _is_share(measure):
        return 0.0, 1.0
    if isinstance(measure, _COUNTS):
        return 0.0, math.inf
    if isinstance(measure, _NUMBERS):
        least = measure.field.field.minimum
        return -math.inf if least is None else float(least), math.inf
    return -math.inf, (1.0 if isinstance(measure, m.PartitionIndex) else math.inf)


def _hours(window_us: int | None) -> float:
    """Return how many hours of the week a window can hold a moment of."""
    week = 168.0
    return week if window_us is None else min(week, math.ceil(window_us / _HOUR_US) + 1.0)


def _is_share(measure: Measure | m.Inner) -> bool:
    return isinstance(measure, h.Novel) and measure.scale is NoveltyScale.SHARE


def _inner_range(inner: m.Inner) -> tuple[float, float]:
    match inner:
        case m.Count():
            return 1.0, math.inf
        case m.Kinds() | m.Steps():
            return 1.0, float(len(inner.of))
    return value_range(inner)


def verdict(part: Compare | m.Bound, low: float, high: float) -> str | None:
    """Return "never" or "always" where that is certain."""
    at = part.threshold
    match part.operator:
        case Operator.GT:
            never, always = at >= high, at < low
        case Operator.GTE:
            never, always = at > high, at <= low
        case Operator.LT:
            never, always = at <= low, at > high
        case Operator.LTE:
            never, always = at < low, at >= high
        case Operator.EQ:
            never, always = not low <= at <= high, False
        case Operator.NEQ:
            never, always = False, not low <= at <= high
    if never:
        return "never"
    return "always" if always else None


_PERCENT = 100


def _hint(part: Compare | m.Bound, high: float) -> str | None:
    if high == 1.0 and 1 < part.threshold <= _PERCENT:
        return f"write {part.threshold / _PERCENT:g}"
    return "mend the number, or leave the comparison out"
