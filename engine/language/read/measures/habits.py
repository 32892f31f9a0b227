"""A subject's hours, its own past, and how fast it turns to a new model."""

from __future__ import annotations

from engine.language.fields import FieldRef
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import After
from engine.language.moments import format_duration
from engine.language.read.measures.parameters import MOST, Parameters, Readers
from engine.language.read.scalars import duration, integer, one_of, word
from engine.language.words import Anchor, NoveltyScale

_DAY_US = 86_400_000_000
_HOURS = 24
_FLAT_ENOUGH = 240
"""Ten events an hour, below which chance alone makes a day look uneven."""
_FEWEST_WINDOWS, _USUAL_WINDOWS = 3, 7


def _active_hours(p: Parameters) -> m.Measure:
    where, window = p.own_or_where(), p.window()
    p.keys.finish()
    return h.ActiveHours(where=where.value, **window.value)


def _hour_flatness(p: Parameters) -> m.Measure:
    where, window = p.own_or_where(), p.window()
    least = p.keys.optional("min_events", integer(_HOURS, MOST), _FLAT_ENOUGH)
    p.keys.finish()
    return h.HourFlatness(where=where.value, min_events=least.value, **window.value)


def _novel(p: Parameters) -> m.Measure:
    field, where = p.field(), p.selection("where")
    window, history = (p.keys.required(key, duration) for key in ("window", "history"))
    scale = p.keys.optional("as", word(NoveltyScale), NoveltyScale.COUNT)
    least = p.least("min_history", 1)
    p.keys.finish()
    return h.Novel(
        field=field.value,
        where=where.value,
        window_us=window.value,
        history_us=history.value,
        scale=scale.value,
        min_history=least.value,
    )


def _spike(p: Parameters) -> m.Measure:
    where = p.own()
    window, baseline = (p.keys.required(key, duration) for key in ("window", "baseline"))
    least = p.keys.optional("min_windows", integer(_FEWEST_WINDOWS, MOST), _USUAL_WINDOWS)
    p.keys.finish()
    held = baseline.value // window.value
    if held < least.value:
        length = format_duration(baseline.value)
        message = f"{length} hold {held} windows of {format_duration(window.value)}"
        raise p.too_short("baseline", message, f"there must be {least.value}, or `min_windows`")
    return h.Spike(
        where=where.value,
        window_us=window.value,
        baseline_us=baseline.value,
        min_windows=least.value,
    )


def _release_shift(p: Parameters) -> m.Measure:
    p.keys.required("release_shift", one_of(("model",), "field with a release"))
    where, min_of, window = p.selection("where"), p.least("min_of", 1), p.window()
    within = p.keys.optional("within", duration, _DAY_US)
    p.keys.finish()
    return h.ReleaseShift(
        field=FieldRef("model"),
        where=where.value,
        soon=After(Anchor.RELEASE, within.value),
        min_of=min_of.value,
        **window.value,
    )


READERS: Readers[m.Measure] = {
    "active_hours": _active_hours,
    "hour_flatness": _hour_flatness,
    "novel": _novel,
    "spike": _spike,
    "release_shift": _release_shift,
}
