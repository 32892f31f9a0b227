"""Totals, means and extremes of numeric fields."""

from __future__ import annotations

from collections.abc import Callable

from engine.language.model import measure as m
from engine.language.read.measures.parameters import NUMBERS, Parameters, Readers


def _total(
    kind: type[m.Sum | m.Mean | m.Minimum | m.Maximum],
) -> Callable[[Parameters], m.Measure]:
    def read(p: Parameters) -> m.Measure:
        field, where, window = p.field(NUMBERS), p.selection("where"), p.window()
        p.keys.finish()
        return kind(field=field.value, where=where.value, **window.value)

    return read


READERS: Readers = {
    "sum": _total(m.Sum),
    "mean": _total(m.Mean),
    "min": _total(m.Minimum),
    "max": _total(m.Maximum),
}
