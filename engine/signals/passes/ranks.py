"""The values of a field around a rank: one pass over all values in their order.

Events whose value is not known may have had the least of all values, or the greatest. Beside the
quantile that then comes lowest and the one that comes highest there may be its neighbour, for what
is interpolated. Ties need no second key: equal values give the same number in any order.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Guard, Period
from engine.signals.intervals import Ranks
from engine.signals.nodes import Pass
from engine.signals.passes.quantiles import place
from engine.signals.passes.rows import Rows
from engine.signals.passes.scan import narrow
from engine.signals.sql import Sql, as_sql, case, compare, integer, name, select


def select_ranks(node: Pass, source: Ranks, period: Period) -> exp.Select:
    """Return the query of the parts `low`, `low_next`, `high` and `high_next`; 0 where none is."""
    rows = Rows(node.kind, period)
    counted, value = rows.flag(source.values.counted), rows.value(source.values)
    guards: list[Guard | None] = [
        source.values.counted, source.values.unsure, source.values.unrecorded
    ]  # fmt: skip
    rows.add([("x", value if counted is True else case((as_sql(counted), value)))])
    rows.add([
        ("ranked", compare(exp.Sub, _over(exp.RowNumber(), ordered=True), integer(1))),
        ("known", _over(exp.Count(this=name("x")))),
        ("number", _over(exp.Count(this=exp.Star()))),
    ])  # fmt: skip
    at, _ = place(name("number"), source.q, linear=source.linear)
    rows.add([("high", at), ("open", compare(exp.Sub, name("number"), name("known")))])
    found = rows.query([guard for guard in guards if guard is not None], source.window_us)
    low = compare(exp.Sub, name("high"), name("open"))
    columns = [
        ("subject", name("subject")),
        *narrow("low", _value_at(low)),
        *narrow("low_next", _value_at(compare(exp.Add, low.copy(), integer(1)))),
        *narrow("high", _value_at(name("high"))),
        *narrow("high_next", _value_at(compare(exp.Add, name("high"), integer(1)))),
    ]
    counted_ = select(columns).from_(found.subquery("r", copy=False), copy=False)
    return counted_.group_by(name("subject"), copy=False)


def _over(aggregate: Sql, *, ordered: bool = False) -> Sql:
    """Return an aggregate over all events of a subject; those of unknown value come last."""
    order = exp.Order(expressions=[exp.Ordered(this=name("x"), nulls_first=False)])
    return exp.Window(
        this=aggregate, partition_by=[name("subject")], order=order if ordered else None
    )


def _value_at(place_: Sql) -> Sql:
    return exp.Max(this=case((compare(exp.EQ, name("ranked"), place_), name("x"))))
