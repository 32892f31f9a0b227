"""Events that end an interval whose content is within limits, certainly and possibly.

Every event looks back over the interval that it ends. What is in the interval is known up to the
events and values that are not: its content lies between two numbers, and the event counts as
certain when it certainly is one of the measure and all numbers between them are within the limits,
as possible when some are.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.intervals import (
    Amount,
    Content,
    Presence,
    Progress,
    Quantile,
    Tally,
    Variety,
    Windows,
)
from engine.signals.limits import Value, between, within_limits
from engine.signals.nodes import Pass
from engine.signals.passes import frames
from engine.signals.passes.amounts import amount
from engine.signals.passes.kinds import presence, progress
from engine.signals.passes.quantiles import quantile
from engine.signals.passes.rows import Moments, Rows
from engine.signals.passes.scan import narrow
from engine.signals.passes.variety import variety
from engine.signals.sql import Condition, count_where, name, select, some


def select_windows(node: Pass, source: Windows, period: Period) -> exp.Select:
    """Return the query of the parts `certain` and `possible`."""
    at_once = isinstance(source.content, Presence | Progress)
    rows = (Moments if at_once else Rows)(node.kind, period)
    sure = _sure(rows, source)
    certain, possible = within_limits(_value(source.content, rows, source), source.limits)
    columns = [
        ("subject", name("subject")),
        *narrow("certain", rows.counted(certain, among=sure)),
        *narrow("possible", rows.counted(possible, among=True)),
    ]
    found = rows.query([kind.possible for kind in source.kinds], source.window_us)
    counted = select(columns).from_(found.subquery("w", copy=False), copy=False)
    return counted.group_by(name("subject"), copy=False)


def _sure(rows: Rows, source: Windows) -> Condition:
    """Return whether an event certainly is one of the measure; where nothing is open, all are."""
    if all(kind.guard == kind.possible for kind in source.kinds):
        return True
    return some(rows.flag(kind.guard) for kind in source.kinds)


def _value(content: Content, rows: Rows, source: Windows) -> Value:
    match content:
        case Tally():
            return _tally(rows, source)
        case Presence():
            return presence(rows, source, ordered=content.ordered)
        case Progress():
            return progress(rows, source)
        case Amount():
            return amount(rows, content, source.span_us)
        case Quantile():
            return quantile(rows, content, source.span_us)
        case Variety():
            return variety(rows, content, source.span_us)


def _tally(rows: Rows, source: Windows) -> Value:
    (kind,) = source.kinds
    rows.add([("most", frames.trailing(count_where(True), source.span_us))])
    if kind.guard == kind.possible:
        return Value(between(name("most"), name("most")))
    fewest = count_where(rows.flag(kind.guard))
    rows.add([("fewest", frames.trailing(fewest, source.span_us))])
    return Value(between(name("fewest"), name("most")))
