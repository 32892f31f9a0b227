"""Totals, means, extremes and quantiles of numeric fields."""

from __future__ import annotations

from collections.abc import Callable

from engine.language.model import measure as m
from engine.language.read.measures.parameters import NUMERIC, Parameters, Readers
from engine.language.read.scalars import decimal, word
from engine.language.words import RankMethod

_Total = m.Sum | m.Mean | m.Minimum | m.Maximum
_PLACES = 9
"""Decimals of a rank: 0.999999999 is the finest."""


def _total(kind: type[_Total]) -> Callable[[Parameters], _Total]:
    def read(p: Parameters) -> _Total:
        field, where, window = p.field(NUMERIC), p.selection("where"), p.window()
        p.keys.finish()
        return kind(field=field.value, where=where.value, **window.value)

    return read


def _quantile(p: Parameters) -> m.Quantile:
    field, where, window = p.field(NUMERIC), p.selection("where"), p.window()
    q = p.keys.required("q", decimal(0, 1, places=_PLACES))
    method = p.keys.optional("method", word(RankMethod), RankMethod.NEAREST)
    min_of = p.least("min_of", 1)
    p.keys.finish()
    return m.Quantile(
        field=field.value,
        q=q.value,
        method=method.value,
        where=where.value,
        min_of=min_of.value,
        **window.value,
    )


NUMBERS: Readers[_Total | m.Quantile] = {
    "sum": _total(m.Sum),
    "mean": _total(m.Mean),
    "min": _total(m.Minimum),
    "max": _total(m.Maximum),
    "quantile": _quantile,
}
"""Measures of numbers, of all events or of those in an interval."""

READERS: Readers[m.Measure] = NUMBERS
