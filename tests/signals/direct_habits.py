"""What measures of habits mean, written down event by event, slowly and without a database."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import median
from typing import Any

import direct
from direct_peers import VOID, z_over

from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import Selection
from engine.language.words import NoveltyScale

Interval = tuple[float, float]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fact(
    measure: h.Habit, mine: list[direct.Event], world: direct.World, since: int, as_of: int
) -> Interval:
    """Return a measure over a subject's events of the period."""
    start = since if measure.window_us is None else max(since, as_of - measure.window_us)
    now = [event for event in mine if event.ts_us >= start]
    match measure:
        case h.ActiveHours():
            inside, unknown = direct.split(measure.where, now)
            hours = [{week_hour(one) for one in some} for some in (inside, inside + unknown)]
            return len(hours[0]), len(hours[1])
        case h.HourFlatness():
            return flatness(measure, now)
        case h.Novel():
            begin = max(since, as_of - measure.window_us - measure.history_us)
            before = [event for event in mine if begin <= event.ts_us < start]
            return novel(measure, now, before)
        case h.Spike():
            return spike(measure, now, mine, start)
        case h.ReleaseShift():
            return release_shift(measure, now, world)


def moment(event: direct.Event) -> datetime:
    return EPOCH + timedelta(microseconds=event.ts_us)


def week_hour(event: direct.Event) -> int:
    return moment(event).weekday() * 24 + moment(event).hour


def flatness(measure: h.HourFlatness, events: list[direct.Event]) -> Interval:
    """Return one less the share of events that must move for the day to be even, as a fraction."""
    inside, unknown = direct.split(measure.where, events)
    n, u = len(inside), len(unknown)
    if n < max(measure.min_events, 1):
        return VOID
    profile = Counter(moment(event).hour for event in inside)
    must_move = sum(max(Fraction(profile[hour], n) - Fraction(1, 24), 0) for hour in range(24))
    value = float(1 - must_move / Fraction(23, 24))
    moved = float(Fraction(24 * u, 23 * (n + u)))
    return max(value - moved, 0.0), min(value + moved, 1.0)


def novel(measure: h.Novel, now: list[direct.Event], before: list[direct.Event]) -> Interval:
    """Return how many values of the window the history has not, or which share of them."""
    sure, perhaps, lacking = values(measure, now)
    old, perhaps_old, gaps = values(measure, before)
    if len(direct.split(measure.where, before)[0]) < max(measure.min_history, 1):
        return VOID
    endless = measure.field.field.type.is_list
    more, less = (math.inf if endless and some else some for some in (lacking, gaps))
    least_new, most_new = max(len(sure - perhaps_old) - less, 0), len(perhaps - old) + more
    if measure.scale is NoveltyScale.COUNT:
        return least_new, most_new
    if not sure:
        return VOID
    least_old, most_old = len(sure & old), len(perhaps & perhaps_old) + less + more
    low = 0.0 if math.isinf(most_old) or not least_new else least_new / (least_new + most_old)
    high = 1.0 if math.isinf(most_new) else most_new / max(most_new + least_old, 1)
    return low, high


def values(measure: h.Novel, events: list[direct.Event]) -> tuple[set[Any], set[Any], int]:
    """Return the values that events certainly carry, and perhaps, and how many events lack one."""
    inside, unknown = direct.split(measure.where, events)
    certain = [direct.values_of(measure.field, event) for event in inside]
    possible = [direct.values_of(measure.field, event) for event in unknown]
    sure = {one for found in certain if found is not None for one in found}
    perhaps = {one for found in possible if found is not None for one in found}
    return sure, sure | perhaps, sum(found is None for found in certain + possible)


def spike(
    measure: h.Spike, now: list[direct.Event], mine: list[direct.Event], start: int
) -> Interval:
    """Return how far this window's count is from those of the windows before."""
    window = measure.window_us
    first = min((event.ts_us for event in mine), default=start)
    past = []
    for back in range(measure.baseline_us // window):
        end = start - back * window
        if end - window >= first:
            inside = [event for event in mine if end - window <= event.ts_us < end]
            past.append(counted(measure.where, inside))
    if len(past) < measure.min_windows:
        return VOID
    floors = [math.sqrt(max(median(one[end] for one in past), 1.0)) for end in (0, 1)]
    return z_over(counted(measure.where, now), past, (floors[0], floors[1]))


def counted(where: Selection, events: list[direct.Event]) -> tuple[int, int]:
    inside, unknown = direct.split(where, events)
    return len(inside), len(inside) + len(unknown)


def release_shift(
    measure: h.ReleaseShift, now: list[direct.Event], world: direct.World
) -> Interval:
    """Return the largest share of a model among the events on its first day."""
    judged: list[float] = []
    possible: list[float] = []
    candidates = 0
    for model, released in world.releases.items():
        day = [one for one in now if released <= one.ts_us <= released + measure.soon.for_us]
        inside, unknown = direct.split(measure.where, day)
        on, off = tally(model, inside)
        maybe_on, maybe_off = tally(model, unknown)
        candidates += on + maybe_on > 0
        if on + maybe_on == 0 or on + off + maybe_on + maybe_off < max(measure.min_of, 1):
            continue
        possible.append((on + maybe_on) / (on + maybe_on + off))
        if on + off >= max(measure.min_of, 1):
            judged.append(on / (on + off + maybe_off))
    if candidates and not judged:
        return VOID
    new = [
        event
        for event in now
        if event.released_us is None and direct.standing(measure.where, event) is not False
    ]
    return max(judged, default=0.0), 1.0 if new else max(possible, default=0.0)


def tally(model: str, events: Sequence[direct.Event]) -> tuple[int, int]:
    on = sum(event.values["model"] == model for event in events)
    return on, len(events) - on


def longest_run(measure: m.LongestRun, events: list[direct.Event]) -> Interval:
    """Return the most consecutive whole numbers among the values."""
    inside, unknown = direct.split(measure.where, events)
    found = [direct.values_of(measure.field, event) for event in inside]
    perhaps = [direct.values_of(measure.field, event) for event in unknown]
    sure = {one for some in found if some is not None for one in some}
    more = {one for some in perhaps if some is not None for one in some}
    missing = sum(some is None for some in found + perhaps)
    high: float = run(sure | more)
    if missing:
        many = measure.field.field.type.is_list
        high = math.inf if many else (missing + 1) * high + missing
    return run(sure), high


def run(ids: set[int]) -> int:
    def length(first: int) -> int:
        return 1 + length(first + 1) if first in ids else 0

    return max(map(length, ids), default=0)
