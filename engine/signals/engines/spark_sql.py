"""The query of a pass as Spark writes it: the one place that knows where the two engines differ.

Everything else of a pass means the same to both. Spark's ANSI mode is taken for granted: what does
not fit its type is an error there, as in DuckDB.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.sql import Sql

DIALECT = "spark"

_WIDEST = exp.DataType.build("DECIMAL(38, 0)", dialect=DIALECT)
"""Spark has no 128-bit integer; this is a little less (10^38 instead of 1.7 x 10^38)."""
_FUNCTIONS = {"len": "size"}
"""Functions that pass through sqlglot untouched and are called otherwise."""


def written_for_spark(query: exp.Select, *, pretty: bool = False) -> str:
    """Return the query's text in Spark's dialect.

    Names are quoted: Spark reserves words that DuckDB does not, `on` among them.
    """
    rewritten = query.transform(_rewritten)
    return rewritten.sql(dialect=DIALECT, identify=True, pretty=pretty)


def _rewritten(node: Sql) -> Sql:
    match node:
        case exp.Cast() if node.to.this is exp.DataType.Type.INT128:
            _sum_wide(node.this)
            node.set("to", _WIDEST.copy())
        case exp.Window():
            _look_back(node)
        case exp.Anonymous() if node.name in _FUNCTIONS:
            node.set("this", _FUNCTIONS[node.name])
    return node


def _sum_wide(read: Sql) -> None:
    """Have a sum that is read as 128 bits added up in as many; a sum here has 64 of its own."""
    total = read.this if isinstance(read, exp.Window) else read
    if isinstance(total, exp.Sum):
        total.set("this", exp.Cast(this=total.this, to=_WIDEST.copy()))


def _look_back(window: exp.Window) -> None:
    """Turn a frame of rows that follow into one of rows that come before, in the opposite order.

    Spark counts over rows before in passing, but over rows that follow anew for each row. Only
    moments have frames of rows, and no two are at the same time.
    """
    spec, order = window.args.get("spec"), window.args.get("order")
    if spec is None or order is None or spec.args.get("end_side") != "FOLLOWING":
        return
    if spec.args["kind"] != "ROWS" or spec.args["end"] != "UNBOUNDED":
        return
    start, side = spec.args["start"], spec.args.get("start_side")
    spec.set("start", "UNBOUNDED")
    spec.set("start_side", "PRECEDING")
    spec.set("end", start)
    spec.set("end_side", None if side is None else "PRECEDING")
    for key in order.expressions:
        key.set("desc", True)
