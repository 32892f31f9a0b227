"""How many of several kinds of event an interval holds, in any order or in theirs."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.intervals import Windows
from engine.signals.limits import Value, between
from engine.signals.passes import chains, frames
from engine.signals.passes.rows import Rows
from engine.signals.sql import (
    Condition,
    Sql,
    boolean,
    case,
    coalesce,
    compare,
    integer,
    name,
)


def presence(rows: Rows, source: Windows, *, ordered: bool) -> Value:
    """Add how many kinds occur; if `ordered`, there is a number only where they do in order."""
    low, high = _kinds(rows, source)
    fewest = most = _present(rows, low, source, "fewest")
    if low != high:
        most = _present(rows, high, source, "most")
    if not ordered:
        return Value(between(fewest, most))
    shortest, longest = _longest_two(rows, source)
    # All that occur come in order when as many do.
    return Value(
        between(fewest, most),
        some=compare(exp.GTE, shortest, most),
        any=compare(exp.GTE, longest, fewest),
    )


def progress(rows: Rows, source: Windows) -> Value:
    """Add the most kinds that come in order."""
    return Value(between(*_longest_two(rows, source)))


def _kinds(rows: Rows, source: Windows) -> tuple[list[Condition], list[Condition]]:
    """Return for each kind whether an event certainly, and whether it possibly, is one of it."""
    low = [rows.flag(kind.guard) for kind in source.kinds]
    high = [rows.flag(kind.possible) for kind in source.kinds]
    return low, high


def _present(rows: Rows, kinds: list[Condition], source: Windows, column: str) -> exp.Column:
    """Add how many kinds occur in the interval."""
    seen = [frames.until(frames.latest(kind)) for kind in kinds if kind is not False]
    rows.add([(column, _total([_recent(one, source.span_us) for one in seen]))])
    return name(column)


def _longest_two(rows: Rows, source: Windows) -> tuple[exp.Column, exp.Column]:
    """Add the most kinds that certainly, and that possibly, come in order."""
    low, high = _kinds(rows, source)
    shortest = _longest(rows, low, source, "short")
    return shortest, (shortest if low == high else _longest(rows, high, source, "long"))


def _longest(rows: Rows, kinds: list[Condition], source: Windows, column: str) -> exp.Column:
    """Add the most kinds that come in order in the interval: of a chain, all shorter ones do."""
    by_length = chains.latest_starts(rows, kinds, f"{column}_")
    begun = [frames.until(frames.latest(True, chains.greatest(one))) for one in by_length]
    rows.add([(column, _total([_recent(one, source.span_us) for one in begun]))])
    return name(column)


def _recent(time: Sql, span_us: int) -> Sql:
    """Return 1 when a time is in the interval that ends now, else 0."""
    elapsed = compare(exp.Sub, name("ts_us"), time)
    inside = compare(exp.LTE, elapsed, integer(span_us))
    return case((coalesce(inside, boolean(False)), integer(1)), default=integer(0))


def _total(parts: list[Sql]) -> Sql:
    total: Sql = integer(0) if not parts else parts[0]
    for part in parts[1:]:
        total = compare(exp.Add, total, part)
    return total
