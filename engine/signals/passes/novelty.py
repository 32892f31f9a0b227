"""Values in a window and in the history before it: a group-by on subject and value."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Guard, Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Novelty, Pass
from engine.signals.passes.scan import narrow, scan, subject
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    case,
    compare,
    count_where,
    every,
    integer,
    name,
    negated,
    select,
)

_FLAGS = ("now", "perhaps_now", "before", "perhaps_before")


def select_novelty(node: Pass, source: Novelty, period: Period) -> exp.Select:
    """Return the query of five numbers of different values.

    `fresh` ones are certainly in the window and not even perhaps in the history, `perhaps_fresh`
    perhaps in the window and not certainly in the history; `kept` certainly are in both and
    `perhaps_kept` perhaps; `values` certainly are in the window.
    """
    flags = _flagged(node, source, period)
    now, perhaps_now, before, perhaps_before = (_is(flag) for flag in _FLAGS)
    columns = [
        ("subject", name("subject")),
        *narrow("fresh", count_where(every((now, negated(perhaps_before))))),
        *narrow("perhaps_fresh", count_where(every((perhaps_now, negated(before))))),
        *narrow("kept", count_where(every((now, before)))),
        *narrow("perhaps_kept", count_where(every((perhaps_now, perhaps_before)))),
        *narrow("values", count_where(now)),
    ]
    return select(columns).from_(flags.subquery("f")).group_by(name("subject"))


def _is(flag: str) -> Sql:
    return compare(exp.EQ, name(flag), integer(1))


def _flagged(node: Pass, source: Novelty, period: Period) -> exp.Select:
    """Return for each subject and value whether it occurs, and how surely, before and after."""
    start = period.start(source.window_us)
    recent = compare(exp.GTE, name("ts_us", EVENTS), integer(start))
    certain = _met(source.certain, period)
    met = (
        every((recent, certain)),
        recent,
        every((negated(recent), certain)),
        negated(recent),
    )
    value: Sql = name(source.column, EVENTS)
    inner = [
        ("subject", subject(node.kind)),
        ("value", exp.Explode(this=value) if source.many else value),
        *((flag, _bit(condition)) for flag, condition in zip(_FLAGS, met, strict=True)),
    ]
    length = source.window_us + source.history_us
    rows = scan(node.kind, select(inner), within(source.possible, length, period))
    marks = [(flag, exp.Max(this=name(flag))) for flag in _FLAGS]
    columns = [("subject", name("subject")), ("value", name("value")), *marks]
    return select(columns).from_(rows.subquery("v")).group_by(name("subject"), name("value"))


def _met(guard: Guard | None, period: Period) -> Condition:
    return False if guard is None else within(guard, None, period)


def _bit(condition: Condition) -> Sql:
    return case((as_sql(condition), integer(1)), default=integer(0))
