"""Events that end an interval whose content is within limits, certainly and possibly.

Every event looks back over the interval that it ends. What is in the interval is known up to the
events and values that are not: its content lies between two numbers, and the event counts as
certain when it certainly is one of the measure and all numbers between them are within the limits,
as possible when some are.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.limits import Value, between, within_limits
from engine.signals.nodes import Content, Pass, Period, Presence, Progress, Tally, Windows
from engine.signals.passes import chains, frames
from engine.signals.passes.rows import Rows
from engine.signals.passes.scan import narrow
from engine.signals.sql import (
    Condition,
    Sql,
    boolean,
    case,
    coalesce,
    compare,
    count_where,
    every,
    integer,
    name,
    select,
    some,
)


def select_windows(node: Pass, source: Windows, period: Period) -> exp.Select:
    """Return the query of the parts `certain` and `possible`."""
    rows = Rows(node.kind, period)
    sure = [rows.flag(kind.guard) for kind in source.kinds]
    value = _value(source.content, rows, source)
    certain, possible = within_limits(value, source.limits)
    columns = [
        ("subject", name("subject")),
        *narrow("certain", count_where(every((_sure(source, sure), certain)))),
        *narrow("possible", count_where(possible)),
    ]
    found = rows.query([kind.possible for kind in source.kinds], source.window_us)
    counted = select(columns).from_(found.subquery("w", copy=False), copy=False)
    return counted.group_by(name("subject"), copy=False)


def _sure(source: Windows, sure: list[Condition]) -> Condition:
    """Return whether an event certainly is one of the measure; all are where nothing is open."""
    if all(kind.guard == kind.possible for kind in source.kinds):
        return True
    return some(sure)


def _value(content: Content, rows: Rows, source: Windows) -> Value:
    match content:
        case Tally():
            return _tally(rows, source)
        case Presence():
            return _presence(rows, source, ordered=content.ordered)
        case Progress():
            return _progress(rows, source)


def _tally(rows: Rows, source: Windows) -> Value:
    (kind,) = source.kinds
    settled = kind.guard == kind.possible
    sure: Condition = True if settled else rows.flag(kind.guard)
    most = frames.trailing(count_where(True), source.span_us)
    rows.add([("most", most)])
    if settled:
        return Value(between(name("most"), name("most")))
    rows.add([("fewest", frames.trailing(count_where(sure), source.span_us))])
    return Value(between(name("fewest"), name("most")))


def _presence(rows: Rows, source: Windows, *, ordered: bool) -> Value:
    low, high = _kinds(rows, source)
    fewest, most = _present(rows, low, source, "fewest"), name("fewest")
    if low != high:
        most = _present(rows, high, source, "most")
    if not ordered:
        return Value(between(fewest, most))
    # All that occur come in order when as many do.
    shortest, longest = _longest(rows, low, source, "short"), name("short")
    if low != high:
        longest = _longest(rows, high, source, "long")
    return Value(
        between(fewest, most),
        some=compare(exp.GTE, shortest, most),
        any=compare(exp.GTE, longest, fewest),
    )


def _progress(rows: Rows, source: Windows) -> Value:
    low, high = _kinds(rows, source)
    shortest, longest = _longest(rows, low, source, "short"), name("short")
    if low != high:
        longest = _longest(rows, high, source, "long")
    return Value(between(shortest, longest))


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
