"""When events come."""

from __future__ import annotations

from engine.language.model import measure as m
from engine.language.read.measures.parameters import MOST, Parameters, Readers
from engine.language.read.scalars import duration, integer


def _busiest(p: Parameters) -> m.Measure:
    where, span, window = p.own(), p.keys.required("span", duration), p.window()
    p.keys.finish()
    return m.Busiest(where=where.value, span_us=span.value, **window.value)


def _gap_cv(p: Parameters) -> m.Measure:
    where, window = p.own_or_where(), p.window()
    # Two gaps are the fewest that have a deviation.
    min_events = p.keys.optional("min_events", integer(3, MOST), 3)
    p.keys.finish()
    return m.GapCv(where=where.value, min_events=min_events.value, **window.value)


READERS: Readers[m.Measure] = {
    "busiest": _busiest,
    "gap_cv": _gap_cv,
}
