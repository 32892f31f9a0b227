"""The exchanges behind a number: those it counted, and those that may belong to it.

They are looked up with the conditions by which they were counted, in the tables in which they were
counted, so their numbers are the counts of the fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlglot import exp

from engine.activity.workspace import Workspace
from engine.language.fields import FieldType
from engine.language.model.habit import ReleaseShift
from engine.language.model.measure import Count, Measure
from engine.language.model.selection import AllOf
from engine.language.moments import format_instant
from engine.language.numerals import exact
from engine.language.subject import Subject
from engine.language.walk import fields_of, walk_measure
from engine.language.words import SubjectKind
from engine.signals.atoms import Guard, Measured, Period, is_shape
from engine.signals.execute import staged
from engine.signals.guards import EVENTS, within
from engine.signals.intervals import Sequence, Together, Windows
from engine.signals.literals import THOUSANDTHS
from engine.signals.measures import behind
from engine.signals.measures.computation import Role
from engine.signals.narrowing import narrowed
from engine.signals.nodes import (
    Aggregate,
    Carrying,
    Collisions,
    Crowding,
    Gaps,
    Output,
    Pass,
    Peak,
    Quantity,
    Sharing,
    Spectrum,
    Week,
)
from engine.signals.passes.scan import ACCOUNTS, IDENTITY, scan
from engine.signals.plan import Plan, build_plan
from engine.signals.queries import query
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    case,
    compare,
    every,
    integer,
    name,
    null,
    select,
    some,
    text,
    written,
)
from engine.signals.truth import Knowledge
from engine.signals.unfolding import unfolded


@dataclass(frozen=True, slots=True)
class CountedEvent:
    """An exchange and what it is to the number."""

    event_id: str
    account_id: str
    ts_us: int
    part: str
    """The count of the measure that it belongs to."""
    value: str | None
    """The value of the measure's field; None without one, and for what people wrote."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The exchanges behind a number."""

    roles: Mapping[str, Role]
    """What the exchanges of each part are to the number."""
    totals: Mapping[str, int]
    """How many there are of each part."""
    events: tuple[CountedEvent, ...]
    """In order of time, then of id; not more than were asked for."""


def events_behind(
    workspace: Workspace,
    measure: Measure,
    subject: Subject,
    *,
    as_of_us: int,
    since_us: int,
    limit: int,
) -> Behind:
    """Return the exchanges of a subject that a measure counted or may have to count.

    Of a measure that compares, such as a place among peers, they are those of what it compares; of
    a shift to new models, those on a model's first day.
    """
    measure = _looked_at(measure)
    plan = build_plan({subject.kind: [measure]})
    period = Period(since_us, as_of_us)
    stage = replace(plan.whole_stage, identified=True)
    with narrowed(workspace, subject, period), staged(workspace, stage, period):
        return _Lookup(workspace, plan, measure, subject.kind, period).behind(limit)


def _looked_at(measure: Measure) -> Measure:
    """Return the measure whose events stand behind one: what is compared in the end."""
    *_, measure = walk_measure(measure)
    if isinstance(measure, ReleaseShift):
        soon = AllOf((measure.where, measure.soon))
        return Count(where=soon, window_us=measure.window_us, after=measure.after)
    return measure


@dataclass(frozen=True, slots=True)
class _Lookup:
    """A measure over tables that are in place."""

    workspace: Workspace
    plan: Plan
    measure: Measure
    kind: SubjectKind
    period: Period

    def behind(self, limit: int) -> Behind:
        roles = behind(self.measure)
        totals = dict.fromkeys(roles, 0)
        conditions = {part: one for part, one in self._conditions().items() if one is not False}
        if not conditions:
            return Behind(roles, totals, ())
        rows = self._rows(conditions)
        totals |= dict(self.workspace.rows(written(_counted(rows))))
        found = self.workspace.rows(written(_listed(rows, limit)))
        shown = _SHOWN.get(self._field.ref.field.type, str) if self._field else str
        events = (
            CountedEvent(id_, account, ts_us, part, None if value is None else shown(value))
            for id_, account, ts_us, part, value in found
        )
        return Behind(roles, totals, tuple(events))

    def _rows(self, conditions: Mapping[str, Condition]) -> exp.Select:
        value = null() if self._field is None else name(self._field.name, EVENTS)
        columns = [
            (IDENTITY, name(IDENTITY, EVENTS)),
            ("account", name("account", EVENTS)),
            ("ts_us", name("ts_us", EVENTS)),
            ("part", case(*((as_sql(one), text(part)) for part, one in conditions.items()))),
            ("value", value),
        ]
        return scan(self.kind, select(columns), some(conditions.values()))

    def _conditions(self) -> dict[str, Condition]:
        """Return the conditions of the parts, in the order in which an event is looked for."""
        (reading,) = self.plan.readings
        quantities = dict(reading.parts)
        return {part: self._condition(quantities[part]) for part in behind(self.measure)}

    def _condition(self, quantity: Quantity) -> Condition:
        match quantity:
            case Aggregate():
                return self._when(quantity.guard, quantity.window_us)
            case Output(source=Peak() as peak):
                return self._busiest(peak)
            case Output(source=Carrying() | Week() as source, part=part):
                guard = source.certain if part == "certain" else source.possible
                return self._when(guard, source.window_us)
            case Output(source=Crowding() as source, part=part):
                guards = (source.valued,) if part == "certain" else source.missing
                return some(self._when(guard, source.window_us) for guard in guards)
            case Output(source=Sharing(of_account=True)):
                return False
            case Output(source=Sharing() as source, part=part):
                guards = (source.valued,) if part == "sharing" else source.missing
                return some(self._when(guard, source.window_us) for guard in guards)
            case Output(source=Windows() | Together() | Sequence() as source, part=part):
                counting = query(Pass(self.kind, source, (part,)), self.period)
                these = exp.Subquery(this=unfolded(counting, part))
                return exp.In(this=name(IDENTITY, EVENTS), query=these)
            case Output(source=Spectrum() | Gaps() | Collisions() as source):
                return self._when(source.guard, source.window_us)
        return False

    def _when(self, guard: Guard | None, window_us: int | None) -> Condition:
        return False if guard is None else within(guard, window_us, self.period)

    def _busiest(self, peak: Peak) -> Condition:
        """Return the events of the first interval that has most of them."""
        inside = self._when(peak.guard, peak.window_us)
        if inside is False:
            return False
        moments = scan(self.kind, select([("ts_us", name("ts_us", EVENTS))]), inside)
        times = np.sort(self.workspace.arrays(written(moments))["ts_us"])
        if not len(times):
            return False
        first = np.searchsorted(times, times - min(peak.span_us, int(times[-1])), side="left")
        last = np.searchsorted(times, times, side="right")
        end = int(times[np.argmax(last - first)])
        frame = exp.Between(
            this=name("ts_us", EVENTS), low=integer(end - peak.span_us), high=integer(end)
        )
        return every((inside, frame))

    @property
    def _field(self) -> Measured | None:
        """Return the field whose value is shown: what people wrote is not."""
        for ref in fields_of(self.measure):
            private = ref.field.type in (FieldType.TEXT, FieldType.TEXTS) or is_shape(ref.field)
            found = next(one for one in self.plan.fields if one.ref == ref)
            if not private and found.knowledge is not Knowledge.NONE:
                return found
        return None


_SHOWN: Mapping[FieldType, Callable[[Any], str]] = {
    FieldType.DECIMAL: lambda value: exact(value / THOUSANDTHS),
    FieldType.TIMESTAMP: format_instant,
    FieldType.BOOLEAN: lambda value: "true" if value else "false",
    FieldType.IDENTIFIERS: ", ".join,
    FieldType.INTEGERS: lambda value: ", ".join(map(str, value)),
}


def _counted(rows: exp.Select) -> exp.Select:
    columns = [("part", name("part")), ("events", exp.Count(this=exp.Star()))]
    return select(columns).from_(rows.subquery("r")).group_by(name("part"))


def _listed(rows: exp.Select, limit: int) -> exp.Select:
    columns: list[tuple[str, Sql]] = [
        (IDENTITY, name(IDENTITY, "r")),
        ("account_id", name("account_id", "a")),
        *((one, name(one, "r")) for one in ("ts_us", "part", "value")),
    ]
    accounts = exp.alias_(exp.to_table(ACCOUNTS), "a", table=True)
    same = compare(exp.EQ, name("account", "a"), name("account", "r"))
    query = select(columns).from_(rows.subquery("r")).join(accounts, on=same)
    return query.order_by(name("ts_us", "r"), name(IDENTITY, "r")).limit(limit)
