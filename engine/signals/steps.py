"""The queries of a plan as steps: what each reads, and which signals it serves.

The shared tables come first, then the passes. A pass serves the signals that are computed from its
integers and those that compare such a signal; a table serves whatever the steps that read it serve.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from engine.language.fields import FieldRef
from engine.language.model.selection import Test
from engine.language.walk import walk_selection
from engine.language.words import SubjectKind
from engine.signals.atoms import Period
from engine.signals.guards import known_name
from engine.signals.nodes import Figure, Output, Pass, Quantity, Totals
from engine.signals.queries import query
from engine.signals.stage import statements

if TYPE_CHECKING:
    from engine.signals.plan import Plan, Reading

SignalId = tuple[SubjectKind, str]
"""A signal of a plan: what it is about, and its key."""

_ANY = Period(0, 0)
"""What is read does not depend on the period."""


@dataclass(frozen=True, slots=True)
class Step:
    """A query by the name that is told before it is asked."""

    name: str
    reads: Mapping[str, tuple[str, ...]]
    """By table: its columns."""
    fields: tuple[str, ...]
    """Of exchanges and accounts, as policies name them: what those columns are made from."""
    serves: frozenset[SignalId]
    """Signals that were asked for."""


def steps_of(plan: Plan) -> tuple[Step, ...]:
    """Return every query of a plan, in the order of execution."""
    made = _made_from(plan)
    callers = _callers(plan)
    passes = tuple(
        _step(name, query(node, _ANY), made, _served(plan, node, callers))
        for node, name in plan.names.items()
    )
    later: tuple[Step, ...] = passes
    for name, rows in reversed(statements(plan.stage, _ANY)):
        serves = frozenset(one for step in later if name in step.reads for one in step.serves)
        later = (_step(name, rows, made, serves), *later)
    return later


def _step(
    name: str,
    rows: exp.Select,
    made: Mapping[str, tuple[FieldRef, ...]],
    serves: frozenset[SignalId],
) -> Step:
    reads = _reads(rows)
    fields = {
        str(ref) for columns in reads.values() for one in columns for ref in made.get(one, ())
    }
    return Step(name, reads, tuple(sorted(fields)), serves)


def _reads(rows: exp.Select) -> Mapping[str, tuple[str, ...]]:
    """Return the tables that a query reads, and which columns of each."""
    own = {each.alias for each in rows.find_all(exp.CTE)}
    found: dict[str, set[str]] = {}
    for table in rows.find_all(exp.Table):
        if table.name not in own:
            found.setdefault(table.name, set()).update(_columns(table))
    return {name: tuple(sorted(found[name])) for name in sorted(found)}


def _columns(table: exp.Table) -> Iterator[str]:
    """Yield the columns of a table where it stands; one that names no table is of the first."""
    around = table.find_ancestor(exp.Select)
    if around is None:
        return
    first = isinstance(table.find_ancestor(exp.From, exp.Join, exp.Select), exp.From)
    bound = {each.name for one in around.find_all(exp.Lambda) for each in one.expressions}
    for column in around.find_all(exp.Column):
        if column.name in bound and not column.table:
            continue
        own = column.table == table.alias_or_name or (first and not column.table)
        if own and column.find_ancestor(exp.Select) is around:
            yield column.name


def _made_from(plan: Plan) -> Mapping[str, tuple[FieldRef, ...]]:
    """Return the fields that each column of the shared tables is made from."""
    found: dict[str, tuple[FieldRef, ...]] = {}
    for field in plan.fields:
        found[field.name] = found[known_name(field.name)] = (field.ref,)
    for leaf in plan.leaves:
        found[leaf.name] = leaf.test.fields
    for chosen in plan.chosen:
        tests = (one for one in walk_selection(chosen.selection) if isinstance(one, Test))
        found[chosen.name] = tuple(ref for test in tests for ref in test.fields)
    return found


def _served(
    plan: Plan, node: Totals | Pass, callers: Mapping[SignalId, frozenset[SignalId]]
) -> frozenset[SignalId]:
    read = (
        one
        for one in plan.readings
        if one.kind is node.kind and any(_counts(node, quantity) for _, quantity in one.parts)
    )
    return frozenset(caller for one in read for caller in callers[one.kind, one.key])


def _counts(node: Totals | Pass, quantity: Quantity) -> bool:
    if isinstance(node, Totals):
        return quantity in node.aggregates
    return isinstance(quantity, Output) and quantity.source == node.source


def _callers(plan: Plan) -> Mapping[SignalId, frozenset[SignalId]]:
    """Return, of each signal, those asked for that need it: itself, and what compares it."""
    found: dict[SignalId, set[SignalId]] = {(one.kind, one.key): set() for one in plan.readings}
    by_id = {(one.kind, one.key): one for one in plan.readings}
    for reading in plan.readings:
        if reading.asked:
            for needed in _needed(reading, by_id):
                found[needed].add((reading.kind, reading.key))
    return {key: frozenset(callers) for key, callers in found.items()}


def _needed(reading: Reading, by_id: Mapping[SignalId, Reading]) -> Iterator[SignalId]:
    yield reading.kind, reading.key
    for figure in {one for _, one in reading.parts if isinstance(one, Figure)}:
        kind = SubjectKind.ACCOUNT if figure.of_accounts else reading.kind
        yield from _needed(by_id[kind, figure.key], by_id)
