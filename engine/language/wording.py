"""A signal's measure in a few words, as reviewers and reports read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.policy import NamedSelection, Policy
from engine.language.model.selection import EVERYTHING, After, Selection
from engine.language.moments import format_duration
from engine.language.numerals import exact
from engine.language.words import Anchor, NoveltyScale, Operator


def signal_words(policy: Policy, signal: str) -> str:
    """Return what a signal counts: `share of demands_reasoning in 7d`."""
    measure = policy.signal(signal).measure
    return _said(policy, measure)


def _said(policy: Policy, measure: m.Measure) -> str:
    match measure:
        case m.Cohort():
            return f"{_standing(policy, measure)} among {policy.subject.value}s{_alike(measure)}"
        case m.MemberCohort(cohort=cohort):
            return f"members' median {_standing(policy, cohort)} among accounts{_alike(cohort)}"
    return _counted(measure, policy.select) + _anchored(measure) + _within(measure)


def _standing(policy: Policy, cohort: m.Cohort) -> str:
    named = (signal.name for signal in policy.signals if signal.measure == cohort.value)
    value = next(named, None) or _said(policy, cohort.value)
    return f"{cohort.scale.value.replace('_', ' ')} of {value}"


def _alike(cohort: m.Cohort) -> str:
    return f" of the same {' and '.join(field.name for field in cohort.by)}" if cohort.by else ""


def _anchored(measure: m.Measure) -> str:
    after: After | None = getattr(measure, "after", None)
    if after is None:
        return ""
    return f" within {format_duration(after.for_us)} after {_ANCHORS[after.anchor]}"


_ANCHORS = {Anchor.RELEASE: "the model's release", Anchor.SIGNUP: "the sign-up"}


def _within(measure: m.Measure) -> str:
    window = getattr(measure, "window_us", None)
    return "" if window is None else f" in {format_duration(window)}"


_COMPARED = {
    Operator.GT: "above",
    Operator.GTE: "at least",
    Operator.LT: "below",
    Operator.LTE: "at most",
    Operator.EQ: "exactly",
    Operator.NEQ: "other than",
}

_Counting = m.ActivityMeasure | m.MemberMeasure | m.Approved | m.Inner


def _counted(measure: _Counting, select: Sequence[NamedSelection]) -> str:  # noqa: C901 - a phrase a measure
    def events(selection: Selection) -> str:
        if selection == EVERYTHING:
            return "requests"
        return next((s.name for s in select if s.selection == selection), "chosen requests")

    def among(selection: Selection) -> str:
        return "" if selection == EVERYTHING else f" over {events(selection)}"

    def step(one: m.Step) -> str:
        return f"no {events(one.where)}" if one.absent else events(one.where)

    match measure:
        case m.Count():
            return f"count of {events(measure.where)}"
        case m.Share():
            return f"share of {events(measure.where)}{among(measure.of)}"
        case m.Sum() | m.Mean() | m.Minimum() | m.Maximum():
            return f"{type(measure).__name__.lower()} of {measure.field}{among(measure.where)}"
        case m.Quantile():
            return f"quantile {exact(measure.q)} of {measure.field}{among(measure.where)}"
        case m.Distinct():
            return f"different {measure.field}{among(measure.where)}"
        case m.LongestRun():
            return f"longest run of {measure.field}{among(measure.where)}"
        case m.TopShare():
            return f"share of the commonest {measure.field}{among(measure.where)}"
        case m.Entropy():
            return f"evenness of {measure.field}{among(measure.where)}"
        case m.Busiest():
            return f"most {events(measure.where)} within {format_duration(measure.span_us)}"
        case m.GapCv():
            return f"variation of intervals{among(measure.where)}"
        case m.Kinds():
            return f"kinds among {', '.join(map(events, measure.of))}{_in_order(measure)}"
        case m.Steps():
            return f"steps of {' then '.join(map(events, measure.of))}"
        case m.Windows():
            span, bounds = format_duration(measure.span_us), map(_bound, measure.bounds)
            inner = _counted(measure.inner, select)
            return f"intervals of {span} with {inner} {' and '.join(bounds)}"
        case m.Together():
            within = format_duration(measure.within_us)
            joined = " with ".join(map(step, measure.steps))
            return f"{joined} within {within}{_in_order(measure)}"
        case m.Sequence():
            within = format_duration(measure.within_us)
            return f"{' then '.join(map(step, measure.steps))} within {within}"
        case h.ActiveHours():
            return f"hours of the week with {events(measure.where)}"
        case h.HourFlatness():
            return f"evenness over the day{among(measure.where)}"
        case h.Novel():
            share = "share of " if measure.scale is NoveltyScale.SHARE else ""
            before = f"not in the {format_duration(measure.history_us)} before"
            return f"{share}{measure.field} {before}{among(measure.where)}"
        case h.Spike():
            past = format_duration(measure.baseline_us)
            return f"rise of {events(measure.where)} over the {past} before"
        case h.ReleaseShift():
            within = format_duration(measure.soon.for_us)
            return f"share moved to a model within {within} of its release{among(measure.where)}"
        case m.Members() | m.Payers() | m.Organisations():
            return f"{type(measure).__name__.lower()} of the campaign"
        case m.Portion():
            return "part of the campaign's exchanges"
        case m.Carriers():
            share = (
                f"accounts with at least {exact(measure.at_least_share)} {events(measure.where)}"
            )
            return share + among(measure.of)
        case m.PartitionIndex():
            return f"partition index of {measure.field}{among(measure.where)}"
        case m.Shared():
            part = exact(measure.at_least_share)
            much = f" in at least {part} of their exchanges" if measure.at_least_share else ""
            return f"share of members with {measure.field} in common{much}{among(measure.where)}"
        case m.Tenants():
            many = f"at least {measure.at_least} different {measure.field}"
            return f"share of members with {many}{among(measure.where)}"
        case m.Approved():
            return f"holds approval {measure.approval}"
    assert_never(measure)


def _in_order(measure: m.Kinds | m.Together) -> str:
    return " in this order" if measure.ordered else ""


def _bound(bound: m.Bound) -> str:
    return f"{_COMPARED[bound.operator]} {exact(bound.threshold)}"
