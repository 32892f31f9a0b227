"""Parts of the model in words, short enough to stand on both sides of an arrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from enum import Enum

from engine.batch.outcome_json import SYMBOLS
from engine.language.canonical import meaning
from engine.language.fields import FieldRef
from engine.language.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.response import ActionSpec, Step
from engine.language.model.selection import After, AllOf, AnyOf, Not, Selection, Test
from engine.language.moments import format_duration, format_instant
from engine.language.numerals import exact
from engine.language.words import Match, Operator, Severity

_MOMENTS = frozenset({"until_us", "effective_us", "as_of_us"})
_LABELS = {
    "window_us": "window",
    "where": "selection",
    "of": "selection counted over",
    "connectors": "connect",
    "members_min": "members gte",
    "members_max": "members lte",
    "guard": "if",
    "for_us": "for",
}
_ABSENT = {"window_us": "the whole period", "until_us": "without an end"}
_LONGEST = 60


def label(name: str) -> str:
    """Return a field of the model as an author knows it."""
    return _LABELS.get(name, name.removesuffix("_us").replace("_", " "))


def value_words(name: str, value: object) -> str:
    """Return the value of a field of the model."""
    match value:
        case None:
            return _ABSENT.get(name, "none")
        case bool():
            return "yes" if value else "no"
        case int() if name in _MOMENTS:
            return format_instant(value)
        case int() if name.endswith("_us"):
            return format_duration(value)
        case int() | float():
            return exact(value)
        case str():
            return quoted(value)
        case Enum():
            return str(value.value)
    return node_words(value)


def node_words(node: object) -> str:
    """Return any part of the model."""
    match node:
        case FieldRef():
            return str(node)
        case Compare() | Found() | FoundAny() | Struck() | All() | Any() | Negation():
            return condition_words(node)
        case Test() | AllOf() | AnyOf() | Not() | After():
            return selection_words(node)
        case ActionSpec():
            return action_words(node)
        case Step():
            return ", ".join(map(action_words, node.do))
        case frozenset() | set():
            return listed(sorted(value_words("", item) for item in node)) or "none"
        case tuple() | list():
            return listed(value_words("", item) for item in node) or "none"
        case Mapping():
            pairs = (f"{plain(key)} {value_words('', value)}" for key, value in node.items())
            return listed(pairs) or "none"
    if is_dataclass(node) and not isinstance(node, type):
        given = ((name, getattr(node, name)) for name in meaning(node))
        told = (f"{label(name)} {value_words(name, value)}" for name, value in given if value)
        return f"{spelled(type(node).__name__)} ({', '.join(told)})"
    return value_words("", node)


def plain(value: object) -> str:
    """Return a key or a name."""
    return str(value.value if isinstance(value, Enum) else value)


def quoted(text: str) -> str:
    """Return text on one line in quotation marks, shortened where it is long."""
    line = " ".join(text.split())
    return f'"{line}"' if len(line) <= _LONGEST else f'"{line[: _LONGEST - 1]}…"'


def listed(items: Iterable[str]) -> str:
    """Return items with commas between them."""
    return ", ".join(items)


def spelled(name: str) -> str:
    """Return the name of a class in words: `TopShare` is `top share`."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def condition_words(condition: Condition) -> str:
    """Return a condition with all that it is made of, on one line."""
    match condition:
        case Compare():
            return f"{condition.signal} {against(condition.operator, condition.threshold)}"
        case Found():
            return f"finding {condition.policy}"
        case FoundAny():
            return _findings(condition)
        case Struck():
            kinds = listed(sorted(kind.value for kind in condition.actions))
            of = f" of {kinds}" if kinds else ""
            within = format_duration(condition.within_us)
            return f"strikes {against(condition.operator, condition.threshold)}{of} within {within}"
        case All(parts) | Any(parts):
            word = "all" if isinstance(condition, All) else "any"
            return f"{word} of ({'; '.join(map(condition_words, parts))})"
        case Negation(part):
            return f"not ({condition_words(part)})"


def against(operator: Operator, threshold: float) -> str:
    """Return a comparison without what is compared: `≥ 2,000`."""
    return f"{SYMBOLS[operator]} {exact(threshold)}"


def _findings(condition: FoundAny) -> str:
    words = sorted(one.value for one in condition.behaviours)
    words += sorted(one.value for one in condition.axes)
    if condition.minimum_severity is not Severity.INFO:
        words.append(f"of severity {condition.minimum_severity.value} or above")
    return " ".join(["findings", *words])


def selection_words(selection: Selection) -> str:
    """Return a selection with all that it is made of, on one line."""
    match selection:
        case Test():
            return f"{test_key(selection)}: {right_side(selection)}"
        case After():
            return f"within {format_duration(selection.for_us)} after {selection.anchor.value}"
        case AllOf(parts=()):
            return "every request"
        case AllOf(parts=parts) | AnyOf(parts=parts):
            word = "all" if isinstance(selection, AllOf) else "any"
            return f"{word} of ({'; '.join(map(selection_words, parts))})"
        case Not(part=part):
            return f"not ({selection_words(part)})"
    return node_words(selection)


def test_key(test: Test) -> str:
    """Return the left side of a test: `prompt|contains|all`."""
    words = [str(test.field), *([test.time_part.value] if test.time_part else [])]
    words += [] if test.match is Match.EQUALS else [test.match.value]
    words += ["all"] if test.every else []
    words += ["cased"] if test.cased else []
    return "|".join(words)


def right_side(test: Test) -> str:
    """Return what a test compares with: its list, another field, or its values."""
    if test.list_name is not None:
        return f"list:{test.list_name}"
    if test.other is not None:
        return str(test.other)
    return listed(value_words("", value) for value in test.values)


def action_words(spec: ActionSpec) -> str:
    """Return an action with its parameters: `throttle for 7d`, `restrict logprobs`."""
    words = [spec.kind.value]
    words += [] if spec.feature is None else [spec.feature]
    words += [] if spec.for_us is None else [f"for {format_duration(spec.for_us)}"]
    return " ".join(words)
