"""Frames that Spark counts over in passing, in place of those that it begins anew at each row.

It passes over rows once only where a frame begins with the first of them. Any other frame costs it
as many steps a row as there are rows in the frame: 20,000 exchanges of a campaign, all of them in
each frame, took four minutes. What is left so are the least and the greatest value in an interval
of limited length, which cannot be told from those of longer ones.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.passes.frames import LONGEST
from engine.signals.sql import Sql, case, coalesce, compare, integer

_NOW = ("CURRENT ROW", None)
_FIRST = "UNBOUNDED"
_End = tuple[Sql | str, str | None]


def in_passing(node: Sql) -> Sql:
    """Return an equal expression over frames that begin with the first row, where there is one."""
    spec = node.args.get("spec") if isinstance(node, exp.Window) else None
    if not isinstance(node, exp.Window) or spec is None or spec.args["start"] == _FIRST:
        return node
    if spec.args["end"] == _FIRST:
        return _from_behind(node, spec)
    span = int(spec.args["start"].this)
    if span >= LONGEST:
        return _since_the_first(node, _NOW)
    return _without_earlier(node, span) if isinstance(node.this, exp.Count | exp.Sum) else node


def _since_the_first(window: exp.Window, end: _End) -> exp.Window:
    found = window.copy()
    spec = found.args["spec"]
    for key, value in (("start", _FIRST), ("start_side", "PRECEDING"), ("end", end[0])):
        spec.set(key, value)
    spec.set("end_side", end[1])
    return found


def _from_behind(window: exp.Window, spec: exp.WindowSpec) -> exp.Window:
    """Turn rows that follow into rows before, in the opposite order.

    Only moments have frames of rows, and no two of them are at the same time.
    """
    start, side = spec.args["start"], spec.args.get("start_side")
    found = _since_the_first(window, (start, None if side is None else "PRECEDING"))
    for key in found.args["order"].expressions:
        key.set("desc", True)
    return found


def _without_earlier(window: exp.Window, span: int) -> Sql:
    """Count or add up all until now, and take away what was before the interval."""
    if isinstance(window.this, exp.Count):
        return exp.Paren(this=_difference(window, span))
    counting = window.copy()
    counting.set("this", exp.Count(this=window.this.this.copy()))
    # The sum of no value is none, not 0.
    some = compare(exp.GT, _difference(counting, span), integer(0))
    return case((some, _difference(window, span)))


def _difference(window: exp.Window, span: int) -> Sql:
    before = _since_the_first(window, (integer(span + 1), "PRECEDING"))
    return compare(exp.Sub, _since_the_first(window, _NOW), coalesce(before, integer(0)))
