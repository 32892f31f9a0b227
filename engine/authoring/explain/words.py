"""The parts of a tree in words."""

from __future__ import annotations

import math

from engine.authoring.explain.numbers import factor_shown, observed, shown
from engine.authoring.explain.room import Room
from engine.authoring.explain.tree import Branch, Number
from engine.batch.outcome_json import SYMBOLS, condition_text
from engine.language.model.condition import FoundAny, Struck
from engine.language.moments import format_duration
from engine.language.numerals import exact
from engine.language.words import Operator, Severity

WORD = {True: "yes", False: "no", None: "?"}


def condition_words(branch: Branch) -> str:
    """Return a condition in one line, its threshold with all digits."""
    condition, number = branch.condition, branch.number
    if number is None:
        return (
            _finding_words(condition)
            if isinstance(condition, FoundAny)
            else (condition_text(condition))
        )
    compared = f"{number.name} {SYMBOLS[number.operator]} {exact(number.threshold)}"
    if not isinstance(condition, Struck):
        return compared
    kinds = ", ".join(sorted(kind.value for kind in condition.actions))
    of = f" of {kinds}" if kinds else ""
    return f"{compared}{of} within {format_duration(condition.within_us)}"


def _finding_words(condition: FoundAny) -> str:
    if condition.minimum_severity is Severity.INFO:
        return condition_text(condition)
    return f"{condition_text(condition)} of severity {condition.minimum_severity.value} or above"


def value_words(number: Number) -> str:
    """Return what was observed, in words that a reader can compare with the threshold."""
    return observed(number.fact, number.threshold)


def room_words(number: Number, *, holds: bool | None) -> str:
    """Return how far the value is from the threshold: `x1.84, 42 to spare`, `x0.9, 5 lacking`."""
    if number.fact.void:
        return ""
    room = number.room
    if holds is None:
        return f"{_lacking(number.worst)}, {_spare(room)}"
    if room.amount == 0:
        return "at the threshold"
    factor = "" if room.factor is None else f"{factor_shown(room.factor)}, "
    amount = shown(abs(room.amount))
    return f"{factor}{amount} {'to spare' if holds else _MISSED[number.operator]}"


_MISSED = {
    Operator.GT: "lacking",
    Operator.GTE: "lacking",
    Operator.LT: "too much",
    Operator.LTE: "too much",
    Operator.EQ: "away",
    Operator.NEQ: "away",
}


def _lacking(worst: Room) -> str:
    return f"at worst {_amount(worst)} lacking" if worst.amount < 0 else "at worst at the threshold"


def _spare(best: Room) -> str:
    return f"at best {_amount(best)} to spare"


def _amount(room: Room) -> str:
    return "any amount" if math.isinf(room.amount) else shown(abs(room.amount))


def counts_words(number: Number) -> str:
    """Return the counts behind a value."""
    return ", ".join(f"{name} {count:,}" for name, count in number.fact.counts.items())
