"""Why a value is not known: which fields are missing, on how many exchanges; too few to measure.

What is missing is itself measured, by the plan that measured the value: each test of a selection
is counted by itself, and what it leaves unknown is where its field is not recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.authoring.explain.tree import Explained
from engine.authoring.judging import Judged
from engine.batch.evaluate import BEGINNING_US
from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, After, AllOf, AnyOf, Not, Selection, Test
from engine.language.subject import Subject
from engine.language.walk import fields_of, selections_of, walk_selection
from engine.language.words import Anchor, CohortScale
from engine.signals.atoms import Period
from engine.signals.execute import measure as measured
from engine.signals.facts import Fact, signal_key
from engine.signals.narrowing import narrowed
from engine.signals.plan import build_plan
from engine.signals.population import over_population


@dataclass(frozen=True, slots=True)
class Missing:
    """A field, or the beginning of an anchored window, that is not recorded everywhere."""

    what: str
    missing: int
    of: int | None
    """None where it is accounts that lack it."""

    def __str__(self) -> str:
        if self.of is None:
            return f"{self.what} is not recorded for {_counted(self.missing, 'account')}"
        return f"{self.what} is not recorded on {self.missing:,} of {_counted(self.of, 'exchange')}"


@dataclass(frozen=True, slots=True)
class TooFew:
    """Less than the measure wants before it says anything."""

    needed: int
    there: int
    noun: str

    def __str__(self) -> str:
        return f"{self.there:,} of the {_counted(self.needed, self.noun)} that it needs"


@dataclass(frozen=True, slots=True)
class Nothing:
    """There was nothing to measure, though nothing is missing."""

    def __str__(self) -> str:
        return "there is nothing to measure it from"


@dataclass(frozen=True, slots=True)
class Alike:
    """The peers have one value, and the subject another: there is no scale to put it on."""

    def __str__(self) -> str:
        return "its peers are all alike, so that no deviation from them has a size"


Reason = Missing | TooFew | Nothing | Alike
Reasons = Mapping[tuple[str, str], Sequence[Reason]]
"""By policy and signal."""


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def reasons_of(judged: Judged, subject: Subject, policies: Iterable[Explained]) -> Reasons:
    """Return why values of some policies are not known for a subject; known ones have no entry."""
    open_signals = {
        (one.policy.name, name): (over_population(one.policy.signal(name).measure), fact)
        for one in policies
        for name, fact in one.facts.items()
        if not fact.known
    }
    if not open_signals:
        return {}
    asked = dict.fromkeys(
        probe for measure, _ in open_signals.values() for _, probe in _probes(measure)
    )
    facts = _measured(judged, subject, list(asked))
    return {
        key: tuple(_reasons(measure, fact, facts)) for key, (measure, fact) in open_signals.items()
    }


def _measured(
    judged: Judged, subject: Subject, measures: Sequence[m.Measure]
) -> Mapping[m.Measure, Fact]:
    plan = build_plan({subject.kind: measures})
    since_us = BEGINNING_US if judged.since_us is None else judged.since_us
    with narrowed(judged.workspace, subject, Period(since_us, judged.as_of_us)):
        tables = measured(judged.workspace, plan, as_of_us=judged.as_of_us, since_us=since_us)
    table = tables[subject.kind]
    row = table.subjects.index(subject.id)
    keys = tuple(signal_key(one) for one in measures)
    facts = table.facts(row, keys)
    return {one: facts[key] for one, key in zip(measures, keys, strict=True)}


def _probes(measure: m.Measure) -> Iterator[tuple[str, m.Measure]]:
    """Yield what is measured to see what a measure lacks, each with what it is about."""
    window = getattr(measure, "window_us", None)
    yield "", m.Count(where=EVERYTHING, window_us=window)
    for selection in selections_of(measure):
        for part in walk_selection(selection):
            if not isinstance(part, AllOf | AnyOf | Not):
                yield _what(part), m.Count(where=part, window_us=window)
    fields = fields_of(measure)
    if isinstance(measure, m.PartitionIndex):
        fields = (*fields, FieldRef("prompt_hash"))
    for ref in fields:
        if not (isinstance(measure, m.Shared) and ref.of_account):
            yield f"`{ref}`", m.Distinct(field=ref, window_us=window)


def _what(leaf: Selection) -> str:
    match leaf:
        case Test():
            return " or ".join(f"`{ref}`" for ref in leaf.fields)
        case After(anchor=Anchor.RELEASE):
            return "the release of the model"
    return "`account.created_at`"


def _reasons(measure: m.Measure, fact: Fact, facts: Mapping[m.Measure, Fact]) -> Iterator[Reason]:
    (_, everything), *probes = _probes(measure)
    exchanges = int(facts[everything].counts["events"])
    missing: dict[str, int] = {}
    for what, probe in probes:
        missing[what] = max(missing.get(what, 0), int(facts[probe].counts["unknown"]))
    found = [Missing(what, number, exchanges) for what, number in missing.items() if number]
    found += _of_accounts(measure, fact)
    few = _support(measure, fact)
    yield from found
    yield from few
    if not found and not few:
        yield Alike() if _alike(measure, fact) else Nothing()


def _alike(measure: m.Measure, fact: Fact) -> bool:
    """Whether it is the peers that leave a deviation without a size."""
    robust = isinstance(measure, m.Cohort) and measure.scale is CohortScale.ROBUST_Z
    return robust and fact.counts.get("deviation_high") == 0


def _of_accounts(measure: m.Measure, fact: Fact) -> list[Missing]:
    lacking = int(fact.counts.get("unknown", 0))
    match measure:
        case m.Payers():
            what = "account.payment_id"
        case m.Organisations():
            what = "org_id"
        case m.Approved():
            what = "account.approvals"
        case m.Shared(field=ref) if ref.of_account:
            what = str(ref)
        case _:
            return []
    return [Missing(f"`{what}`", lacking, None)] if lacking else []


def _support(measure: m.Measure, fact: Fact) -> list[TooFew]:
    """Return that there is less than the measure needs, if so."""
    counts = fact.counts
    if isinstance(measure, m.Cohort):
        needed, there, noun = measure.min_peers, counts.get("peers", 0), "peer"
    else:
        needed = getattr(measure, "min_of", None) or getattr(measure, "min_events", None) or 0
        there, noun = counts.get("of", counts.get("events", 0)), "exchange"
    return [TooFew(needed, int(there), noun)] if fact.void and there < needed else []
