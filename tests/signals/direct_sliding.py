"""What `windows`, `together` and `sequence` mean, event by event, by trying every combination.

Nothing here knows of frames or chains: an interval is a list of events, a sequence any choice of
one event a step.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

import direct

from engine.language.fields import FieldType
from engine.language.model import measure as m
from engine.language.model.selection import AllOf
from engine.language.words import Operator, RankMethod

Number = Fraction | float
COMPARED: dict[Operator, Callable[[Number, Fraction], bool]] = {
    Operator.GT: operator.gt, Operator.GTE: operator.ge, Operator.LT: operator.lt,
    Operator.LTE: operator.le, Operator.EQ: operator.eq, Operator.NEQ: operator.ne,
}  # fmt: skip


@dataclass
class Content:
    """The least and the greatest value of an interval, and whether it has one."""

    low: Number
    high: Number
    some: bool = True
    any: bool = True

    def certainly(self, bound: m.Bound) -> bool:
        """Return whether every value between the two satisfies a comparison."""
        at = Fraction(str(bound.threshold))
        if bound.operator is Operator.NEQ:
            return at < self.low or at > self.high
        return all(COMPARED[bound.operator](one, at) for one in (self.low, self.high))

    def possibly(self, bound: m.Bound) -> bool:
        """Return whether some value between the two satisfies a comparison."""
        at = Fraction(str(bound.threshold))
        if bound.operator is Operator.EQ:
            return self.low <= at <= self.high
        return any(COMPARED[bound.operator](one, at) for one in (self.low, self.high))


def fact(
    measure: m.Windows | m.Together | m.Sequence, events: list[direct.Event], as_of: int
) -> direct.Interval:
    """Return a measure over the events inside its window."""
    measure = among_all(measure)
    match measure:
        case m.Windows():
            return windows(measure, events)
        case m.Together():
            return together(measure, events, as_of)
        case m.Sequence():
            return sequence(measure, events, as_of)


def among_all(
    measure: m.Windows | m.Together | m.Sequence,
) -> m.Windows | m.Together | m.Sequence:
    """Return the measure with its anchored window, and its `where`, in each of its selections."""
    after = () if measure.after is None else (measure.after,)
    if isinstance(measure, m.Together | m.Sequence):
        where = AllOf((measure.where, *after))
        steps = [m.Step(AllOf((where, step.where)), step.absent) for step in measure.steps]
        return replace(measure, steps=tuple(steps), where=where)
    inner = measure.inner
    if isinstance(inner, m.Kinds | m.Steps):
        of = tuple(AllOf((one, *after)) for one in inner.of)
        return replace(measure, inner=replace(inner, of=of))
    return replace(measure, inner=replace(inner, where=AllOf((inner.where, *after))))


def windows(measure: m.Windows, events: list[direct.Event]) -> direct.Interval:
    """Return how many events certainly, and possibly, end an interval within the bounds."""
    inner = measure.inner
    selections = inner.of if isinstance(inner, m.Kinds | m.Steps) else (inner.where,)
    low = high = 0
    for last in events:
        states = [direct.standing(selection, last) for selection in selections]
        if all(state is False for state in states):
            continue
        inside = [event for event in events if 0 <= last.ts_us - event.ts_us <= measure.span_us]
        found = content(inner, inside)
        certain = found.some and all(map(found.certainly, measure.bounds))
        low += True in states and certain
        high += found.any and all(map(found.possibly, measure.bounds))
    return low, high


def content(inner: m.Inner, events: list[direct.Event]) -> Content:
    """Return what is in an interval, given its events."""
    match inner:
        case m.Count():
            inside, unknown = direct.split(inner.where, events)
            return Content(len(inside), len(inside) + len(unknown))
        case m.Kinds() | m.Steps():
            parts = [direct.split(selection, events) for selection in inner.of]
            sure = [[event.ts_us for event in inside] for inside, _ in parts]
            maybe = [[event.ts_us for event in inside + unknown] for inside, unknown in parts]
            steps = Content(longest(sure), longest(maybe))
            if isinstance(inner, m.Steps):
                return steps
            kinds = Content(sum(map(bool, sure)), sum(map(bool, maybe)))
            if inner.ordered:
                kinds.some, kinds.any = steps.low >= kinds.high, steps.high >= kinds.low
            return kinds
    return of_field(inner, events)


def of_field(
    inner: m.Sum | m.Mean | m.Minimum | m.Maximum | m.Quantile | m.Distinct,
    events: list[direct.Event],
) -> Content:
    """Return what is in an interval of a field's values."""
    inside, unknown = direct.split(inner.where, events)
    found = [direct.values_of(inner.field, event) for event in inside]
    perhaps = [direct.values_of(inner.field, event) for event in unknown]
    sure = [one for values in found if values is not None for one in values]
    maybe = [one for values in perhaps if values is not None for one in values]
    missing = sum(values is None for values in found + perhaps)
    if isinstance(inner, m.Distinct):
        different = len(set(sure))
        many = inner.field.field.type.is_list
        return Content(
            different, math.inf if many and missing else different + missing + len(maybe)
        )
    unit = 1000 if inner.field.field.type is FieldType.DECIMAL else 1
    numbers = [Fraction(one, unit) for one in sure]
    open_ = missing + len(maybe)
    least = max(inner.min_of, 1) if isinstance(inner, m.Quantile) else 1
    bounds: tuple[Number, Number] = (-math.inf, math.inf)
    match inner:
        case m.Sum() if inner.field.field.minimum == 0:
            more = math.inf if missing else sum(Fraction(one, unit) for one in maybe)
            bounds = sum(numbers), sum(numbers) + more
        case m.Quantile() if numbers or open_:
            below, above = [-math.inf] * open_, [math.inf] * open_
            bounds = quantile([*below, *numbers], inner), quantile([*numbers, *above], inner)
        case m.Minimum() if numbers:
            bounds = (-math.inf if open_ else min(numbers)), min(numbers)
        case m.Maximum() if numbers:
            bounds = max(numbers), (math.inf if open_ else max(numbers))
        case m.Sum() | m.Mean() if numbers and not open_:
            total = sum(numbers)
            bounds = (total / (len(numbers) if isinstance(inner, m.Mean) else 1),) * 2
    return Content(*bounds, some=len(numbers) >= least, any=len(numbers) + open_ >= least)


def over_all(measure: m.Quantile, events: list[direct.Event]) -> direct.Interval:
    """Return a quantile of all events in its window."""
    found = of_field(measure, events)
    return (float(found.low), float(found.high)) if found.some else direct.VOID


def quantile(numbers: Sequence[Number], inner: m.Quantile) -> Number:
    """Return a quantile of some numbers, of which some may be infinite."""
    ordered, q = sorted(numbers), Fraction(str(inner.q))
    if inner.method is RankMethod.NEAREST:
        return ordered[max(math.ceil(q * len(ordered)), 1) - 1]
    rank = (len(ordered) - 1) * q
    low, rest = ordered[math.floor(rank)], rank - math.floor(rank)
    if not rest:
        return low
    high = ordered[math.floor(rank) + 1]
    if low == high or math.isinf(low):
        return low
    return high if math.isinf(high) else low + (high - low) * rest


def longest(kinds: Sequence[Sequence[int]]) -> int:
    """Return the most kinds of which events can be picked in order."""
    for size in range(len(kinds), 0, -1):
        for some in itertools.combinations(kinds, size):
            if any(rising(times) for times in itertools.product(*some)):
                return size
    return 0


def rising(times: Sequence[int]) -> bool:
    """Return whether each time is later than the one before."""
    return all(one < other for one, other in itertools.pairwise(times))


State = Literal["certain", "possible"]
Steps: TypeAlias = "list[tuple[list[direct.Event], bool]]"
"""The events of each step, and whether none of them may be there."""


def both(
    steps: Iterable[m.Step],
    events: list[direct.Event],
    count: Callable[[Steps, State], int],
) -> direct.Interval:
    """Count with the least that happens and the most that must not, and the other way round."""
    hard: Steps = []
    easy: Steps = []
    for step in steps:
        inside, unknown = direct.split(step.where, events)
        hard.append((inside + unknown if step.absent else inside, step.absent))
        easy.append((inside if step.absent else inside + unknown, step.absent))
    return count(hard, "certain"), count(easy, "possible")


def together(measure: m.Together, events: list[direct.Event], as_of: int) -> direct.Interval:
    """Return how often the steps come together."""
    span = measure.within_us

    def holds(start: int, steps: Steps) -> bool:
        inside = [
            ([e.ts_us for e in found if start <= e.ts_us <= start + span], absent)
            for found, absent in steps
        ]
        wanted = [times for times, absent in inside if not absent]
        if any(times for times, absent in inside if absent):
            return False
        if measure.ordered:
            return any(rising(times) for times in itertools.product(*wanted))
        return all(wanted)

    def count(steps: Steps, state: State) -> int:
        of_step = [event for found, absent in steps if not absent for event in found]
        anchors = {id(event): event.ts_us for event in of_step}
        if all(absent for _, absent in steps):
            inside, unknown = direct.split(measure.where, events)
            begins = inside if state == "certain" else inside + unknown
            anchors = {id(event): event.ts_us for event in begins}
        if any(absent for _, absent in steps):
            return sum(holds(ts, steps) for ts in anchors.values() if ts + span <= as_of)
        return sum(holds(ts - span, steps) for ts in anchors.values())

    return both(measure.steps, events, count)


def sequence(measure: m.Sequence, events: list[direct.Event], as_of: int) -> direct.Interval:
    """Return how often the steps come one after the other."""
    span = measure.within_us

    def holds(chosen: Sequence[direct.Event], steps: Steps) -> bool:
        """Whether events chosen for the steps that must happen make the sequence."""
        times = [event.ts_us for event in chosen]
        end = times[0] + span
        if not rising(times) or times[-1] > end:
            return False
        at = -1
        for found, absent in steps:
            at += not absent
            last = at == len(times) - 1
            for event in found if absent else ():
                if times[at] < event.ts_us and (
                    event.ts_us <= end if last else event.ts_us < times[at + 1]
                ):
                    return False
        return not steps[-1][1] or end <= as_of

    def count(steps: Steps, _: State) -> int:
        wanted = [found for found, absent in steps if not absent]
        counted = 0 if steps[-1][1] else -1
        chosen = (one for one in itertools.product(*wanted) if holds(one, steps))
        return len({id(one[counted]) for one in chosen})

    return both(measure.steps, events, count)
