"""Correlations as signals over sliding intervals.

Sigma's interval is the time span that ends at an event, both ends included, which is what `windows`
measures; with `not` in the condition it is the span that begins at one, as `together` has it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from sigma.correlations import (
    SigmaCorrelationRule,
    SigmaCorrelationType,
    SigmaExtendedCorrelationCondition,
)

from engine.authoring.sigma import codes
from engine.authoring.sigma.alternatives import Alternative, alternatives
from engine.authoring.sigma.refusal import RefusalError
from engine.authoring.sigma.writing import Data, Inline
from engine.language.diagnostic import quote
from engine.language.read.mapping import suggestion
from engine.language.words import OPERATORS

Signals = dict[str, Data]
KEYS = ("type", "rules", "group-by", "timespan", "condition", "aliases", "generate")
OCCURRENCES = "occurrences"
_UNITS = ("M", "y")
"""Sigma's months and years, for which durations here have no unit."""
_TOTALS = {SigmaCorrelationType.VALUE_SUM: "sum", SigmaCorrelationType.VALUE_AVG: "mean"}
_TEMPORAL = (SigmaCorrelationType.TEMPORAL, SigmaCorrelationType.TEMPORAL_ORDERED)
_HUNDRED = 100


def asks_for_events(rule: SigmaCorrelationRule) -> bool:
    """Whether the correlation is about the events of its rules taken together."""
    return rule.type not in _TEMPORAL


class Measured:
    """One correlation over the selections that stand for its rules, by their references."""

    def __init__(
        self,
        rule: SigmaCorrelationRule,
        written: Mapping[str, Any],
        parts: Mapping[str, str],
        field_named: Callable[[str], str],
    ) -> None:
        condition = written.get("condition")
        self._rule = rule
        self._condition: Mapping[str, Any] = condition if isinstance(condition, dict) else {}
        self._parts = parts
        self._field_named = field_named

    def signals(self, events: str) -> Signals:
        """Return the signals, of which one must be at least 1; RefusalError when none says it.

        `events` is the selection of what any of the rules matches.
        """
        condition = self._rule.condition
        if isinstance(condition, SigmaExtendedCorrelationCondition):
            found = [self._together(each) for each in alternatives(condition.parsed)]
            return {_numbered(place): signal for place, signal in enumerate(found)}
        inner = Inline(self._inner(events))
        bounds = Inline(self._bounds())
        return {OCCURRENCES: Inline({"windows": inner, "span": self._span(), "with": bounds})}

    def _inner(self, events: str) -> Mapping[str, Data]:
        match self._rule.type:
            case SigmaCorrelationType.EVENT_COUNT:
                return {"count": events}
            case SigmaCorrelationType.TEMPORAL:
                return {"kinds": list(self._parts.values())}
            case SigmaCorrelationType.TEMPORAL_ORDERED:
                return self._ordered()
            case SigmaCorrelationType.VALUE_COUNT:
                return {"distinct": self._field(), "where": events}
            case SigmaCorrelationType.VALUE_SUM | SigmaCorrelationType.VALUE_AVG as total:
                return {_TOTALS[total]: self._field(), "where": events}
        field, q = self._field(), self._rank()
        return {"quantile": field, "q": q, "method": "linear", "where": events}

    def _ordered(self) -> Mapping[str, Data]:
        """Return how many rules come in order, or, if all that come are in order, how many.

        Asked for at least so many, an event out of order does no harm; asked for a number, or for
        fewer, all that occur must be in order.
        """
        of: list[Data] = list(self._parts.values())
        least = [operator in ("gt", "gte") for operator in self._bounds()]
        if all(least):
            return {"steps": of}
        if any(least):
            message = "a range of `temporal_ordered` has no agreed meaning"
            raise RefusalError(codes.BAD_CONDITION, message, hint="use one comparison")
        return {"kinds": of, "ordered": True}

    def _together(self, wanted: Alternative) -> Data:
        present: list[Data] = [each for name, each in self._parts.items() if name in wanted.present]
        absent: list[Data] = [
            f"not {each}" for name, each in self._parts.items() if name in wanted.absent
        ]
        signal = Inline(together=[*present, *absent], within=self._span())
        if self._rule.type is SigmaCorrelationType.TEMPORAL_ORDERED and len(present) > 1:
            signal["ordered"] = True
        return signal

    def _span(self) -> str:
        span = self._rule.timespan
        return f"{span.seconds}s" if span.unit in _UNITS else f"{span.count}{span.unit}"

    def _bounds(self) -> dict[str, Data]:
        """Return the comparisons; by default, at least as many as there are rules."""
        known = (*OPERATORS, "field", "percentile")
        for key in self._condition:
            if key not in known:
                message = f"conditions of correlations have no key {quote(key)}"
                raise RefusalError(codes.UNKNOWN_KEY, message, hint=suggestion(str(key), known))
        given = {key: value for key, value in self._condition.items() if key in OPERATORS}
        bounds: dict[str, Data] = {key: _finite(value) for key, value in given.items()}
        return bounds or {"gte": len(self._parts)}

    def _field(self) -> str:
        field = self._condition.get("field")
        if isinstance(field, str):
            return self._field_named(field)
        message = "the condition names several fields" if field else "the condition has no field"
        raise RefusalError(codes.BAD_MEASURE, message, hint="a measure is about one field")

    def _rank(self) -> float:
        """Return the percentile as a share; pySigma would cut its decimals off."""
        if self._rule.type is SigmaCorrelationType.VALUE_MEDIAN:
            return 0.5
        if "percentile" not in self._condition:
            message = "the condition does not say which percentile"
            raise RefusalError(codes.BAD_MEASURE, message, hint="add `percentile: 95`")
        percentile = _finite(self._condition["percentile"])
        if not 0 <= percentile <= _HUNDRED:
            message = f"{percentile:g} is no percentile"
            raise RefusalError(codes.BAD_MEASURE, message, hint="write a number from 0 to 100")
        return round(percentile / _HUNDRED, 9)


def _numbered(place: int) -> str:
    return f"{OCCURRENCES}_{place + 1}" if place else OCCURRENCES


def _finite(value: object) -> float:
    """Return a number of a condition; digits in quotes are one, as they are to pySigma."""
    try:
        number = float(value)  # type: ignore[arg-type] # what is no number raises
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise RefusalError(codes.BAD_CONDITION, f"{quote(value)} is not a number")
    return int(number) if number.is_integer() else number
