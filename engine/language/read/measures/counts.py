"""Counts and shares of events."""

from __future__ import annotations

from engine.language.model import measure as m
from engine.language.read.measures.parameters import Parameters, Readers


def count(p: Parameters) -> m.Count:
    """Read the number of events in a selection."""
    where, window = p.own(), p.window()
    p.keys.finish()
    return m.Count(where=where.value, **window.value)


def _share(p: Parameters) -> m.Measure:
    where, of, min_of, window = p.own(), p.selection("of"), p.least("min_of", 1), p.window()
    p.keys.finish()
    return m.Share(where=where.value, of=of.value, min_of=min_of.value, **window.value)


READERS: Readers[m.Measure] = {
    "count": count,
    "share": _share,
}
