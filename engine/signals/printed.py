"""The canonical text of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from engine.signals.layers import Lookup, lookups
from engine.signals.nodes import Pass, Totals
from engine.signals.passes.totals import MOST
from engine.signals.spelled import quantity_text, selection_text, source_text, test_text
from engine.signals.steps import SignalId, Step, steps_of
from engine.signals.truth import Knowledge

if TYPE_CHECKING:
    from engine.signals.plan import Plan

Naming = Callable[[SignalId], Iterable[tuple[str, str]]]
"""In whose name a signal was asked for: policies, each with what it calls the signal."""


def by_key(signal: SignalId) -> Iterable[tuple[str, str]]:
    """Name a signal by its key, where nobody knows who asked."""
    kind, key = signal
    return ((kind.value, key),)


def printed(plan: Plan, naming: Naming = by_key, seconds: Mapping[str, float] | None = None) -> str:
    """Return the plan as text: columns, tables, passes, and what each signal is read from.

    `seconds` tells what a run took, by the name of the step.
    """
    steps = {step.name: step for step in steps_of(plan)}
    passes = set(plan.names.values())
    shown = {
        name: _step(step, naming, seconds or {}, table=name not in passes)
        for name, step in steps.items()
    }
    lines = (*_columns(plan), *_prefilters(plan), *_tables(plan, shown), *_passes(plan, shown))
    return "\n".join([*lines, *_readings(plan, naming)]) + "\n"


def _columns(plan: Plan) -> Iterator[str]:
    names = {one.test: one.name for one in plan.leaves}
    yield "tests"
    for one in plan.leaves:
        yield f"  {one.name}  {test_text(one.test)}  [{one.knowledge.value}]"
    yield "selections"
    for chosen in plan.chosen:
        wanted = selection_text(chosen.selection, names)
        yield f"  {chosen.name}  {wanted}  [{chosen.standing.value}]"
    yield "fields"
    for field in plan.fields:
        yield f"  {field.name}  {field.ref}  [{field.knowledge.value}]"


def _prefilters(plan: Plan) -> Iterator[str]:
    """Yield what several tests look for in one text or list, and how it is looked for at once."""
    yield "prefilters"
    for of_account in (False, True):
        own = (one for one in plan.leaves if one.test.field.of_account is of_account)
        live = [one for one in own if one.knowledge is not Knowledge.NONE]
        yield from (f"  {_lookup(one)}" for one in lookups(live))


def _lookup(lookup: Lookup) -> str:
    tests = ", ".join(leaf.name for leaf in lookup.leaves)
    then = "; each by itself only where it holds" if lookup.prefilters else ""
    size = len(lookup.wanted)
    values = "1 value" if size == 1 else f"{size} values"
    return f"{lookup.leaves[0].test.field}  one condition for {values} of {tests}{then}"


def _tables(plan: Plan, shown: Mapping[str, list[str]]) -> Iterator[str]:
    yield "tables"
    passes = set(plan.names.values())
    yield from (line for name, lines in shown.items() if name not in passes for line in lines)


def _passes(plan: Plan, shown: Mapping[str, list[str]]) -> Iterator[str]:
    names = plan.names
    for kind in plan.kinds:
        own = [node for node in plan.nodes if node.kind is kind]
        signals = sum(reading.kind is kind for reading in plan.readings)
        yield f"{kind.value}: {signals} signals from {len(own)} passes"
        for node in own:
            yield from shown[names[node]]
            yield from (f"    {line}" for line in _node(node))


def _node(node: Totals | Pass) -> Iterator[str]:
    if isinstance(node, Pass):
        yield f"{source_text(node.source)} -> {', '.join(node.parts)}"
        return
    yield f"one scan for {len(node.aggregates)} aggregates; more than {MOST} are scanned apart"
    yield from (f"  {quantity_text(one)}" for one in node.aggregates)


def _step(step: Step, naming: Naming, seconds: Mapping[str, float], *, table: bool) -> list[str]:
    took = seconds.get(step.name)
    lines = [f"  {step.name}" + ("" if took is None else f"  {took:.3f} s")]
    lines += [f"    reads {one}: {', '.join(columns)}" for one, columns in step.reads.items()]
    lines += [f"    from {', '.join(step.fields)}"] if step.fields else []
    served: dict[str, set[str]] = {}
    for signal in step.serves:
        for policy, name in naming(signal):
            served.setdefault(policy, set()).add(name)
    if table:  # nearly all of them serve nearly all
        return [*lines, f"    serves {', '.join(sorted(served))}"]
    for policy in sorted(served):
        lines.append(f"    serves {policy}: {', '.join(sorted(served[policy]))}")
    return lines


def _readings(plan: Plan, naming: Naming) -> Iterator[str]:
    yield "signals"
    for one in plan.readings:
        yield f"  {one.kind.value} {one.key} {type(one.measure).__name__}"
        if naming is not by_key and one.asked:
            asked = sorted(f"{policy}: {name}" for policy, name in naming((one.kind, one.key)))
            yield f"    asked for by {', '.join(asked)}"
        for name, quantity in one.parts:
            yield f"    {name}: {quantity_text(quantity)}"
