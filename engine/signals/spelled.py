"""Tests, selections, guards and quantities as plans print them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from enum import Enum
from fractions import Fraction

from engine.language.model.selection import After, AllOf, AnyOf, Not, Selection, Test
from engine.signals.atoms import Guard
from engine.signals.intervals import Limit, Part
from engine.signals.nodes import Aggregate, Figure, Output, Quantity, Source, Zero

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


def test_text(test: Test) -> str:
    """Return a test: its field, how it compares, and with what."""
    words = [*([test.time_part.value] if test.time_part else []), test.match.value]
    words += ["all"] if test.every else []
    words += ["cased"] if test.cased else []
    wanted = json.dumps(test.values) if test.other is None else str(test.other)
    return f"{test.field}|{'|'.join(words)} {wanted}"


def selection_text(selection: Selection, names: Mapping[Test, str]) -> str:
    """Return a selection over the names of its tests."""
    match selection:
        case Test():
            return names[selection]
        case Not(part=part):
            return f"not({selection_text(part, names)})"
        case AllOf(parts=parts):
            return f"all({', '.join(selection_text(part, names) for part in parts)})"
        case AnyOf(parts=parts):
            return f"any({', '.join(selection_text(part, names) for part in parts)})"
        case After():
            return f"within({_duration(selection.for_us)} after {selection.anchor.value})"


def source_text(node: Source | Part) -> str:
    """Return what a pass groups, filters and looks back on."""
    shown = (f"{item.name}={_value(item.name, getattr(node, item.name))}" for item in fields(node))
    return " ".join([type(node).__name__.lower(), *shown])


def _value(name: str, value: object) -> str:
    if isinstance(value, Part):
        return f"[{source_text(value)}]"
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


def quantity_text(quantity: Quantity) -> str:
    """Return an integer that is counted, or where it is read from."""
    match quantity:
        case Zero():
            return "0"
        case Aggregate():
            column = f" {quantity.column}" if quantity.column else ""
            window = _duration(quantity.window_us)
            return f"{quantity.operation.value}{column} {_guard(quantity.guard)} {window}"
        case Output():
            return f"{quantity.part} of {source_text(quantity.source)}"
        case Figure():
            whose = "account " if quantity.of_accounts else ""
            return f"{quantity.part} of {whose}{quantity.key}"
