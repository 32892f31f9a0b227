"""How a field's values are spread."""

from __future__ import annotations

from collections.abc import Callable

from engine.language.fields import FieldRef, FieldType
from engine.language.model import measure as m
from engine.language.read.measures.parameters import Parameters, Readers
from engine.language.read.scalars import one_of

_SHAPES = {"prompt": "prompt_shape", "system_prompt": "system_shape"}


def distinct(p: Parameters) -> m.Distinct:
    """Read the number of different values of a field."""
    field, where, window = p.field(), p.selection("where"), p.window()
    p.keys.finish()
    return m.Distinct(field=field.value, where=where.value, **window.value)


def _spread(kind: type[m.TopShare | m.Entropy]) -> Callable[[Parameters], m.Measure]:
    def read(p: Parameters) -> m.Measure:
        field, where, window = p.field(), p.selection("where"), p.window()
        min_of = p.least("min_of", 1)
        p.keys.finish()
        return kind(field=field.value, where=where.value, min_of=min_of.value, **window.value)

    return read


def _same_shape(p: Parameters) -> m.Measure:
    shaped = p.keys.required("same_shape", one_of(_SHAPES, "templated field"))
    where, window, min_of = p.selection("where"), p.window(), p.least("min_of", 1)
    p.keys.finish()
    return m.TopShare(
        field=FieldRef(_SHAPES[shaped.value]),
        where=where.value,
        min_of=min_of.value,
        **window.value,
    )


def _id_coverage(p: Parameters) -> m.Measure:
    field, where, window = p.field(_WHOLE_NUMBERS), p.selection("where"), p.window()
    scale = p.keys.optional("as", one_of(_COVERAGE, "way of counting ids"), "distinct")
    p.keys.finish()
    return _COVERAGE[scale.value](field=field.value, where=where.value, **window.value)


_WHOLE_NUMBERS = frozenset({FieldType.INTEGER, FieldType.INTEGERS})
_COVERAGE: dict[str, type[m.Distinct | m.LongestRun]] = {
    "distinct": m.Distinct,
    "longest_run": m.LongestRun,
}


READERS: Readers[m.Measure] = {
    "distinct": distinct,
    "top_share": _spread(m.TopShare),
    "entropy": _spread(m.Entropy),
    "same_shape": _same_shape,
    "id_coverage": _id_coverage,
}
