"""Totals, means and extremes of numeric fields."""

from __future__ import annotations

from collections.abc import Callable

from engine.language.model import measure as m
from engine.language.read.measures.parameters import NUMERIC, Parameters, Readers

_Total = m.Sum | m.Mean | m.Minimum | m.Maximum


def _total(kind: type[_Total]) -> Callable[[Parameters], _Total]:
    def read(p: Parameters) -> _Total:
        field, where, window = p.field(NUMERIC), p.selection("where"), p.window()
        p.keys.finish()
        return kind(field=field.value, where=where.value, **window.value)

    return read


READERS: Readers[m.Measure] = {
    "sum": _total(m.Sum),
    "mean": _total(m.Mean),
    "min": _total(m.Minimum),
    "max": _total(m.Maximum),
}
