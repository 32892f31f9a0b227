"""The canonical text of a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.language.model.selection import After, AllOf, AnyOf, Not, Selection, Test
from engine.signals.atoms import Guard
from engine.signals.intervals import Limit, Part
from engine.signals.nodes import Aggregate, Figure, Output, Pass, Quantity, Source, Totals, Zero

if TYPE_CHECKING:
    from engine.signals.plan import Plan, Reading

_SECOND = 1_000_000
_GUARDS = frozenset(
    {
        "guard",
        "certain",
        "possible",
        "valued",
        "surely_out",
        "among",
        "counted",
        "unsure",
        "unrecorded",
    }
)
_SEVERAL_GUARDS = frozenset({"out", "missing"})
_LISTS = frozenset({"kinds", "steps", "limits"})


def printed(plan: Plan) -> str:
    """Return the plan as text: columns, passes, and what each signal is read from."""
    return "\n".join([*_columns(plan), *_passes(plan), *_readings(plan)]) + "\n"


def _columns(plan: Plan) -> Iterator[str]:
    names = {one.test: one.name for one in plan.leaves}
    yield "tests"
    for one in plan.leaves:
        yield f"  {one.name}  {_test(one.test)}  [{one.knowledge.value}]"
    yield "selections"
    for chosen in plan.chosen:
        yield f"  {chosen.name}  {_selection(chosen.selection, names)}  [{chosen.standing.value}]"
    yield "fields"
    for field in plan.fields:
        yield f"  {field.name}  {field.ref}  [{field.knowledge.value}]"


def _test(test: Test) -> str:
    words = [*([test.time_part.value] if test.time_part else []), test.match.value]
    words += ["all"] if test.every else []
    words += ["cased"] if test.cased else []
    wanted = json.dumps(test.values) if test.other is None else str(test.other)
    return f"{test.field}|{'|'.join(words)} {wanted}"


def _selection(selection: Selection, names: dict[Test, str]) -> str:
    match selection:
        case Test():
            return names[selection]
        case Not(part=part):
            return f"not({_selection(part, names)})"
        case AllOf(parts=parts):
            return f"all({', '.join(_selection(part, names) for part in parts)})"
        case AnyOf(parts=parts):
            return f"any({', '.join(_selection(part, names) for part in parts)})"
        case After():
            return f"within({_duration(selection.for_us)} after {selection.anchor.value})"


def _passes(plan: Plan) -> Iterator[str]:
    for kind in plan.kinds:
        yield kind.value
        for totals in plan.totals:
            if totals.kind is kind:
                yield from _totals(totals)
        for node in plan.passes:
            if node.kind is kind:
                yield f"  {_source(node)}"


def _totals(node: Totals) -> Iterator[str]:
    yield "  totals"
    for aggregate in node.aggregates:
        yield f"    {_quantity(aggregate)}"


def _source(node: Pass) -> str:
    return f"{_body(node.source)} -> {', '.join(node.parts)}"


def _body(node: Source | Part) -> str:
    shown = (f"{item.name}={_value(item.name, getattr(node, item.name))}" for item in fields(node))
    return " ".join([type(node).__name__.lower(), *shown])


def _value(name: str, value: object) -> str:
    if isinstance(value, Part):
        return f"[{_body(value)}]"
    if isinstance(value, Limit | Fraction):
        return str(value)
    if isinstance(value, Enum):
        return str(value.value)
    if name in _LISTS:
        return f"[{', '.join(_value('', one) for one in value)}]"  # type: ignore[attr-defined]
    if name in _GUARDS:
        return "never" if value is None else _guard(value)  # type: ignore[arg-type]
    if name in _SEVERAL_GUARDS:
        return f"[{' '.join(map(_guard, value))}]"  # type: ignore[call-overload]
    if name.endswith("_us"):
        return _duration(value)  # type: ignore[arg-type]
    return json.dumps(value)


def _guard(guard: Guard) -> str:
    return f"({' and '.join(map(str, guard))})"


def _duration(time_us: int | None) -> str:
    if time_us is None:
        return "period"
    return f"{time_us // _SECOND}s" if time_us % _SECOND == 0 else f"{time_us}us"


def _quantity(quantity: Quantity) -> str:
    match quantity:
        case Zero():
            return "0"
        case Aggregate():
            column = f" {quantity.column}" if quantity.column else ""
            window = _duration(quantity.window_us)
            return f"{quantity.operation.value}{column} {_guard(quantity.guard)} {window}"
        case Output():
            return f"{quantity.part} of {_body(quantity.source)}"
        case Figure():
            whose = "account " if quantity.of_accounts else ""
            return f"{quantity.part} of {whose}{quantity.key}"


def _readings(plan: Plan) -> Iterator[str]:
    yield "signals"
    for reading in plan.readings:
        yield from _reading(reading)


def _reading(reading: Reading) -> Iterator[str]:
    yield f"  {reading.kind.value} {reading.key} {type(reading.measure).__name__}"
    for name, quantity in reading.parts:
        yield f"    {name}: {_quantity(quantity)}"
