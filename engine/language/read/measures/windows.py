"""Aggregates over intervals that slide along the events."""

from __future__ import annotations

from engine.language.model import measure as m
from engine.language.read.bounds import read_bounds
from engine.language.read.measures import counts, numbers, spread
from engine.language.read.measures.parameters import Parameters, Readers
from engine.language.read.scalars import boolean


def _windows(p: Parameters) -> m.Measure:
    inner, span = p.inner(INNER), p.span("span")
    bounds, window = p.keys.required("with", read_bounds), p.window_alone()
    p.keys.finish()
    return m.Windows(inner=inner.value, span_us=span.value, bounds=bounds.value, **window.value)


def _kinds(p: Parameters) -> m.Inner:
    of, ordered = p.selections(), p.keys.optional("ordered", boolean, default=False)
    p.keys.finish()
    return m.Kinds(of=of.value, ordered=ordered.value)


def _steps(p: Parameters) -> m.Inner:
    of = p.selections()
    p.keys.finish()
    return m.Steps(of=of.value)


INNER: Readers[m.Inner] = {
    "count": counts.count,
    "distinct": spread.distinct,
    **numbers.NUMBERS,
    "kinds": _kinds,
    "steps": _steps,
}
"""What may be measured over an interval."""

READERS: Readers[m.Measure] = {
    "windows": _windows,
}
