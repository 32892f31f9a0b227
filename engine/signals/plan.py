"""All measures of a pack become one shared plan.

The plan is made by small steps, each from a draft to a fuller draft (`STEPS`); what two measures
both need is named and counted once. `Plan.text()` is its canonical form, `Plan.sql()` what DuckDB
is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.language.fields import FieldRef
from engine.language.model.measure import (
    Approved,
    Measure,
    MemberCohort,
    Organisations,
    PartitionIndex,
)
from engine.language.model.selection import After, Selection, Test
from engine.language.walk import fields_of, selections_of, walk_measure
from engine.language.words import Match, SubjectKind
from engine.signals.anchors import after_knowledge, is_after
from engine.signals.atoms import Chosen, Measured, Period
from engine.signals.facts import signal_key
from engine.signals.lean import lean
from engine.signals.leaves import Coverage, Leaf, knowledge, test_knowledge
from engine.signals.measures import needs
from engine.signals.measures.computation import Names
from engine.signals.nodes import Aggregate, Grouping, Output, Parts, Pass, Source, Totals
from engine.signals.passes.totals import MOST
from engine.signals.plain import plain_measure, tests
from engine.signals.population import over_population
from engine.signals.printed import printed
from engine.signals.queries import query
from engine.signals.sql import name, written
from engine.signals.stage import Stage, statements
from engine.signals.truth import Knowledge, Standing, Truth, leaf, truth


@dataclass(frozen=True, slots=True)
class Reading:
    """A signal with the quantities it is computed from."""

    kind: SubjectKind
    key: str
    measure: Measure
    parts: Parts = ()
    compared: str = ""
    """The key of the signal that it compares."""
    asked: bool = True
    """False for what only another signal compares."""

    @property
    def depth(self) -> int:
        """How many signals are computed before it, each from the last."""
        return len(tuple(walk_measure(self.measure))) - 1


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be counted, and how; also the draft that the steps fill in."""

    coverage: Coverage
    readings: tuple[Reading, ...]
    leaves: tuple[Leaf, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    fields: tuple[Measured, ...] = ()
    totals: tuple[Totals, ...] = ()
    passes: tuple[Pass, ...] = ()

    @property
    def kinds(self) -> tuple[SubjectKind, ...]:
        """Return the kinds of subject that some signal is about."""
        asked = {reading.kind for reading in self.readings}
        return tuple(kind for kind in SubjectKind if kind in asked)

    @property
    def judged(self) -> frozenset[SubjectKind]:
        """Return the kinds of subject of which facts were asked for."""
        return frozenset(reading.kind for reading in self.readings if reading.asked)

    @property
    def nodes(self) -> tuple[Totals | Pass, ...]:
        """Return every query that counts, in the order of execution."""
        return (*self.totals, *self.passes)

    @property
    def names(self) -> Mapping[Totals | Pass, str]:
        """Return what each of them is called, in progress, listings and profiles."""
        titles = [_title(node) for node in self.nodes]
        names = (
            f"{title} {titles[: at + 1].count(title)}" if titles.count(title) > 1 else title
            for at, title in enumerate(titles)
        )
        return dict(zip(self.nodes, names, strict=True))

    @property
    def stage(self) -> Stage:
        """Return what the shared tables must hold for the passes, and no more."""
        return lean(self.whole_stage, self.nodes)

    @property
    def whole_stage(self) -> Stage:
        """Return what the shared tables must hold for whoever looks at what was measured."""
        belonging = any(isinstance(one.measure, Organisations) for one in self.readings)
        return Stage(
            self.leaves,
            self.coverage,
            tuple(one for one in self.chosen if one.standing in (Standing.OPEN, Standing.DECIDED)),
            tuple(one for one in self.fields if one.knowledge is not Knowledge.NONE),
            organisations=belonging or SubjectKind.ORGANISATION in self.kinds,
            campaigns=SubjectKind.CAMPAIGN in self.kinds,
            folds=frozenset(fold for node in self.passes for fold in _folds(node.source)),
        )

    def sql(
        self, *, as_of_us: int, since_us: int, pretty: bool = False
    ) -> tuple[tuple[str, str], ...]:
        """Return every query by name, in the order of execution; tables first, then passes."""
        period = Period(since_us, as_of_us)
        passes = ((name_, query(node, period)) for node, name_ in self.names.items())
        queries = (*statements(self.stage, period), *passes)
        return tuple((name_, written(rows, pretty=pretty)) for name_, rows in queries)

    def text(self) -> str:
        """Return the canonical form, the same for equal plans whatever order policies came in."""
        return printed(self)


def _folds(source: Source) -> tuple[str, ...]:
    return source.folds if isinstance(source, Grouping) else ()


def _title(node: Totals | Pass) -> str:
    shape = "totals" if isinstance(node, Totals) else type(node.source).__name__.lower()
    return f"{node.kind.value} {shape}"


def build_plan(
    measures: Mapping[SubjectKind, Sequence[Measure]],
    *,
    coverage: Mapping[str, str] | None = None,
) -> Plan:
    """Return the plan for the measures of each kind of subject.

    `coverage` tells by field name (`prompt`, `account.payment_id`) that a field is known on "all"
    or "none" of the events; it makes queries cheaper and never changes a fact. Raises ExciseError
    for a test whose values do not fit its field.
    """
    readings = tuple(
        Reading(kind, signal_key(measure), measure)
        for kind in SubjectKind
        for measure in measures.get(kind, ())
    )
    plan = Plan(dict(coverage or {}), readings)
    for step in STEPS:
        plan = step(plan)
    return plan


def count_each_signal_once(plan: Plan) -> Plan:
    """Make one reading of equal measures, in an order that does not depend on the policies."""
    found = {(one.kind.value, one.key): one for one in plan.readings}
    return replace(plan, readings=tuple(found[key] for key in sorted(found)))


def read_what_is_compared(plan: Plan) -> Plan:
    """Add the signals that others compare and that nobody asked for."""
    found = {(one.kind.value, one.key): one for one in plan.readings}
    for reading in plan.readings:
        for inner in _compared(reading):
            found.setdefault((inner.kind.value, inner.key), inner)
    readings = (replace(found[key], compared=_key_of_compared(found[key])) for key in sorted(found))
    return replace(plan, readings=tuple(readings))


def _compared(reading: Reading) -> Iterator[Reading]:
    """Yield what a reading compares, what that compares, and so on."""
    kind = reading.kind
    for measure in walk_measure(reading.measure):
        if measure is not reading.measure:
            yield Reading(kind, signal_key(measure), measure, asked=False)
        if isinstance(measure, MemberCohort):
            kind = SubjectKind.ACCOUNT


def _key_of_compared(reading: Reading) -> str:
    _, *inner = walk_measure(reading.measure)
    return signal_key(inner[0]) if inner else ""


def anchor_windows(plan: Plan) -> Plan:
    """Make anchored windows a part of what is selected."""
    return replace(
        plan,
        readings=tuple(
            replace(reading, measure=over_population(reading.measure)) for reading in plan.readings
        ),
    )


def leave_only_meaning(plan: Plan) -> Plan:
    """Strip selections of spans and needless nesting."""
    return replace(
        plan,
        readings=tuple(
            replace(reading, measure=plain_measure(reading.measure)) for reading in plan.readings
        ),
    )


def name_tests(plan: Plan) -> Plan:
    """Give each different test one column."""
    found: dict[Test, None] = {}
    for reading in plan.readings:
        if isinstance(reading.measure, Approved):
            found[_approval(reading.measure.approval)] = None
        for selection in selections_of(reading.measure):
            found.update(dict.fromkeys(tests(selection)))
    leaves = (
        Leaf(f"t{at}", test, test_knowledge(test, plan.coverage)) for at, test in enumerate(found)
    )
    return replace(plan, leaves=tuple(leaves))


def _approval(approval: str) -> Test:
    return Test(FieldRef("approvals", of_account=True), Match.CONTAINS, (approval,))


def name_selections(plan: Plan) -> Plan:
    """Give each different selection one column."""
    by_test = {one.test: one for one in plan.leaves}

    def outcome(test: Test | After) -> Truth:
        if isinstance(test, After):
            return leaf(is_after(test), after_knowledge(test, plan.coverage))
        return leaf(name(by_test[test].name), by_test[test].knowledge)

    found: dict[Selection, Chosen] = {}
    for reading in plan.readings:
        for selection in selections_of(reading.measure):
            if selection not in found:
                standing = truth(selection, outcome).standing
                found[selection] = Chosen(f"w{len(found)}", selection, standing)
    return replace(plan, chosen=tuple(found.values()))


def name_fields(plan: Plan) -> Plan:
    """Give each field that is summed or compared one column."""
    refs: dict[FieldRef, None] = {}
    for reading in plan.readings:
        refs.update(dict.fromkeys(fields_of(reading.measure)))
        if isinstance(reading.measure, PartitionIndex):
            refs[FieldRef("prompt_hash")] = None
    fields = (
        Measured(f"f{at}", ref, knowledge(ref, plan.coverage))
        for at, ref in enumerate(sorted(refs, key=str))
    )
    return replace(plan, fields=tuple(fields))


def ask_for_quantities(plan: Plan) -> Plan:
    """Tell each reading which integers it is computed from."""
    chosen = {one.selection: one for one in plan.chosen}
    fields = {one.ref: one for one in plan.fields}
    leaves = {one.test: one.name for one in plan.leaves}
    names = Names(
        chosen.__getitem__, fields.__getitem__, lambda approval: leaves[_approval(approval)]
    )

    def asking(reading: Reading) -> Reading:
        own = replace(names, compared=reading.compared)
        return replace(reading, parts=needs(reading.measure, own))

    return replace(plan, readings=tuple(map(asking, plan.readings)))


def share_scans(plan: Plan) -> Plan:
    """Put aggregates of one kind of subject into one scan, as many as are cheap together."""
    totals: list[Totals] = []
    for kind in plan.kinds:
        asked = {one for one in _quantities(plan, kind) if isinstance(one, Aggregate)}
        ordered = sorted(asked, key=_order)
        totals.extend(
            Totals(kind, tuple(ordered[at : at + MOST])) for at in range(0, len(ordered), MOST)
        )
    return replace(plan, totals=tuple(totals))


def share_passes(plan: Plan) -> Plan:
    """Read all that is asked of one source from one pass."""
    passes: list[Pass] = []
    for kind in plan.kinds:
        parts: dict[Source, set[str]] = {}
        for one in _quantities(plan, kind):
            if isinstance(one, Output):
                parts.setdefault(one.source, set()).add(one.part)
        passes.extend(
            Pass(kind, source, tuple(sorted(parts[source]))) for source in sorted(parts, key=repr)
        )
    return replace(plan, passes=tuple(passes))


def _quantities(plan: Plan, kind: SubjectKind) -> Iterator[object]:
    for reading in plan.readings:
        if reading.kind is kind:
            yield from (quantity for _, quantity in reading.parts)


def _order(one: Aggregate) -> tuple[object, ...]:
    window = -1 if one.window_us is None else one.window_us
    return (window, one.operation.value, one.column, tuple(map(str, one.guard)))


STEPS: tuple[Callable[[Plan], Plan], ...] = (
    count_each_signal_once,
    read_what_is_compared,
    anchor_windows,
    leave_only_meaning,
    name_tests,
    name_selections,
    name_fields,
    ask_for_quantities,
    share_scans,
    share_passes,
)
