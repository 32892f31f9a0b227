"""Measures over the events that they are about: those of an anchored window, of `where`."""

from __future__ import annotations

from dataclasses import replace

from engine.language.model.measure import (
    Cohort,
    Inner,
    Kinds,
    Measure,
    MemberCohort,
    Sequence,
    Steps,
    Together,
    Windows,
)
from engine.language.model.selection import EVERYTHING, After, AllOf, Selection


def over_population(measure: Measure) -> Measure:
    """Return the measure with its anchored window as a condition on the events that it is about.

    Those are the events of `of` where it has one: what else it selects is looked for among them.
    """
    if isinstance(measure, Windows):
        return replace(measure, inner=_inner_over(measure.inner, measure.after), after=None)
    if isinstance(measure, Together | Sequence):
        return _steps_over(measure)
    if isinstance(measure, Cohort):
        return _cohort_over(measure)
    if isinstance(measure, MemberCohort):
        return replace(measure, cohort=_cohort_over(measure.cohort))
    after: After | None = getattr(measure, "after", None)
    if after is None:
        return measure
    key = "of" if hasattr(measure, "of") else "where"
    change: dict[str, object] = {key: AllOf((getattr(measure, key), after)), "after": None}
    return replace(measure, **change)  # type: ignore[arg-type] # its own keys


def _inner_over(inner: Inner, after: After | None) -> Inner:
    if isinstance(inner, Kinds | Steps):
        return replace(inner, of=tuple(_among(one, after) for one in inner.of))
    return replace(inner, where=_among(inner.where, after))


def _cohort_over(cohort: Cohort) -> Cohort:
    return replace(cohort, value=over_population(cohort.value))


def _steps_over(measure: Together | Sequence) -> Together | Sequence:
    """Look for every step among the events that the measure is about."""
    where = _among(measure.where, measure.after)
    steps = tuple(replace(step, where=_among(step.where, where)) for step in measure.steps)
    # Where nothing must happen, any event that the measure is about begins an interval.
    left = where if all(step.absent for step in steps) else EVERYTHING
    return replace(measure, steps=steps, where=left, after=None)


def _among(selection: Selection, population: Selection | None) -> Selection:
    """Return the events of a selection that are in another one."""
    parts = [one for one in (selection, population) if one not in (None, EVERYTHING)]
    return AllOf(tuple(parts)) if parts else EVERYTHING
