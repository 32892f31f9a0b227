"""The window beside the subject's own past: what is new in it, and how far it stands out."""

from __future__ import annotations

import math

import numpy as np

from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.words import NoveltyScale
from engine.signals.arithmetic import Numbers, floats, interval
from engine.signals.atoms import State
from engine.signals.facts import Column, Floats
from engine.signals.guards import chosen, guard, measured
from engine.signals.measures.computation import (
    Computation,
    Counts,
    Family,
    Names,
    Role,
    count,
    outputs,
)
from engine.signals.measures.counts import COUNT_BEHIND, count_needs
from engine.signals.nodes import Age, Novelty, Past, Quantity
from engine.signals.robust import CONSISTENT, distances, padded_medians, quotients

_VALUES = ("fresh", "perhaps_fresh", "kept", "perhaps_kept", "values")


def _novel_needs(measure: h.Novel, names: Names) -> dict[str, Quantity]:
    where, field = names.selection(measure.where), names.field(measure.field)
    window, whole = measure.window_us, measure.window_us + measure.history_us
    perhaps, valued = chosen(where, State.POSSIBLE), measured(field, State.VALUED)
    missing = (perhaps, measured(field, State.MISSING))
    certain, possible = guard(chosen(where, State.IN), valued), guard(perhaps, valued)
    source = None
    if possible is not None:
        many = field.ref.field.type.is_list
        source = Novelty(field.name, many, certain, possible, window, measure.history_us)
    return {
        "events": count(window, chosen(where, State.IN)),
        "events_whole": count(whole, chosen(where, State.IN)),
        "missing": count(window, *missing),
        "missing_whole": count(whole, *missing),
        "unsure": count(whole, chosen(where, State.UNKNOWN), valued),
        **outputs(source, **{part: part for part in _VALUES}),
    }


def _novel_column(measure: h.Novel, parts: Counts, _size: int) -> Column:
    """A value missing in the history may be any one of the window, one in the window a new one.

    A list that is missing may hold any number of either. The share grows with what is new and falls
    with what is not, so the extremes of both bound it.
    """
    events, history = parts["events"], parts["events_whole"] - parts["events"]
    missing, gaps = parts["missing"], parts["missing_whole"] - parts["missing"]
    void = history < max(measure.min_history, 1)
    more, less = (_values_in(measure, lacking) for lacking in (missing, gaps))
    new = np.maximum(floats(parts["fresh"]) - less, 0.0), parts["perhaps_fresh"] + more
    old = floats(parts["kept"]), parts["perhaps_kept"] + less + more
    if measure.scale is NoveltyScale.SHARE:
        void |= parts["values"] == 0
        new = _share(new[0], old[1]), _share(new[1], old[0])
    unknown = missing + gaps + parts["unsure"]
    counts = {"events": events, "history": history, "values": parts["values"], "unknown": unknown}
    return interval(*new, void=void, **counts)


def _values_in(measure: h.Novel, lacking: Numbers) -> Floats:
    """Return how many values events that lack the field may have."""
    many = measure.field.field.type.is_list
    return np.where(lacking > 0, math.inf, 0.0) if many else floats(lacking)


def _share(part: Floats, rest: Floats) -> Floats:
    endless, whole = np.isinf(part), part + rest
    finite = np.where(endless, 0.0, part) / np.where(whole > 0, whole, 1.0)
    return np.where(endless, 1.0, finite)


def _spike_needs(measure: h.Spike, names: Names) -> dict[str, Quantity]:
    where, window = names.selection(measure.where), measure.window_us
    possible, certain = guard(chosen(where, State.POSSIBLE)), guard(chosen(where, State.IN))
    source = None
    if possible is not None:
        source = Past(certain, possible, window, measure.baseline_us // window)
    counted = count_needs(m.Count(where=measure.where, window_us=window), names)
    return {**counted, **outputs(source, rows="rows"), **outputs(Age(window), age="windows")}


def _spike_column(measure: h.Spike, parts: Counts, _size: int) -> Column:
    """Every number of events is an interval, and the bounds enclose what they can make of it."""
    number = np.minimum(parts["age"], measure.baseline_us // measure.window_us)
    rows = parts["rows"] if parts["rows"].ndim > 1 else np.zeros((0, 4), dtype=np.int64)
    subject, _, *counts = rows[rows[:, 1] < number[rows[:, 0]]].T
    past = floats(counts[0]), floats(counts[1])
    empty = np.zeros(len(number))
    medians = [padded_medians(ends, subject, number, empty) for ends in past]
    median = medians[0], medians[1]
    spread = distances(*past, (median[0][subject], median[1][subject]))
    blank = distances(empty, empty, median)
    deviations = [
        padded_medians(ends, subject, number, filling)
        for ends, filling in zip(spread, blank, strict=True)
    ]
    scale = _scale(deviations[0], median[0]), _scale(deviations[1], median[1])
    events, unknown = parts["events"], parts["unknown"]
    low, high = quotients((events - median[1], events + unknown - median[0]), scale)
    return interval(
        low,
        high,
        void=number < measure.min_windows,
        events=events,
        unknown=unknown,
        windows=number,
        median_low=median[0],
        median_high=median[1],
        deviation_low=deviations[0],
        deviation_high=deviations[1],
    )


def _scale(deviation: Floats, median: Floats) -> Floats:
    """Return the deviation of counts, never less than chance alone gives them."""
    return np.maximum(CONSISTENT * deviation, np.sqrt(np.maximum(median, 1.0)))


_NOVEL_BEHIND = {
    "missing_whole": Role.UNKNOWN,
    "unsure": Role.UNKNOWN,
    "events": Role.COUNTED,
    "events_whole": Role.BESIDE,
}
"""Events of the window are counted, those of the history stand beside them."""

FAMILY: Family = {
    h.Novel: Computation(_novel_needs, _novel_column, _NOVEL_BEHIND),
    h.Spike: Computation(_spike_needs, _spike_column, COUNT_BEHIND),
}
