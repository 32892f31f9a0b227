"""Most events in any sliding interval, both ends inclusive: a range frame over time.

The busiest interval can be moved to end at one of its events, so frames that end at events suffice.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.guards import within
from engine.signals.nodes import Pass, Peak
from engine.signals.passes.scan import narrow, scan, subject
from engine.signals.sql import Condition, Sql, boolean, case, integer, name, select

_LONGEST = 2**62
"""Longer than all of recorded time, and short enough to be taken from any time in 64 bits."""


def select_peak(node: Pass, source: Peak, period: Period) -> exp.Select:
    """Return the query of the parts `certain` and `possible`."""
    both = "certain" in node.parts and source.guard != source.possible
    certain: Condition = False if source.guard is None else within(source.guard, None, period)
    inner = [("subject", subject(node.kind)), ("possible", _frame(node, source, True))]
    if both:
        inner.append(("certain", _frame(node, source, certain)))
    events = scan(node.kind, select(inner), within(source.possible, source.window_us, period))
    low = name("certain" if both else "possible")
    columns = [
        ("subject", name("subject")),
        *narrow("certain", exp.Max(this=low)),
        *narrow("possible", exp.Max(this=name("possible"))),
    ]
    return select(columns).from_(events.subquery("w")).group_by(name("subject"))


def _frame(node: Pass, source: Peak, condition: Condition) -> Sql:
    counted: Sql = exp.Star()
    if not isinstance(condition, bool):
        counted = case((condition, integer(1)))
    elif not condition:
        counted = case((boolean(False), integer(1)))
    return exp.Window(
        this=exp.Count(this=counted),
        partition_by=[subject(node.kind)],
        order=exp.Order(expressions=[exp.Ordered(this=name("ts_us", "m"), nulls_first=False)]),
        spec=exp.WindowSpec(
            kind="RANGE",
            start=integer(min(source.span_us, _LONGEST)),
            start_side="PRECEDING",
            end="CURRENT ROW",
        ),
    )
