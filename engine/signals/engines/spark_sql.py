"""The query of a pass as Spark writes it: the one place that knows where the two engines differ.

Everything else of a pass means the same to both. Spark's ANSI mode is taken for granted: what does
not fit its type is an error there, as in DuckDB.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.engines.spark_frames import in_passing
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
    rewritten = query.transform(_in_other_words).transform(in_passing, copy=False)
    return rewritten.sql(dialect=DIALECT, identify=True, pretty=pretty)


def _in_other_words(node: Sql) -> Sql:
    match node:
        case exp.Cast() if node.to.this is exp.DataType.Type.INT128:
            _sum_wide(node.this)
            node.set("to", _WIDEST.copy())
        case exp.Anonymous() if node.name in _FUNCTIONS:
            node.set("this", _FUNCTIONS[node.name])
    return node


def _sum_wide(read: Sql) -> None:
    """Have a sum that is read as 128 bits added up in as many; a sum here has 64 of its own."""
    total = read.this if isinstance(read, exp.Window) else read
    if isinstance(total, exp.Sum):
        total.set("this", exp.Cast(this=total.this, to=_WIDEST.copy()))
