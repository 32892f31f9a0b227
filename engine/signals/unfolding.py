"""A query that counts events with windows over them, made to tell which events it counts.

Such a query is layers over the measured events with a count of those that satisfy a condition on
top. The layers stay as they are, but for the event's id, which is handed up through them.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.guards import EVENTS
from engine.signals.passes.scan import IDENTITY
from engine.signals.sql import Sql, name, select


def unfolded(counting: exp.Select, part: str) -> exp.Select:
    """Return the ids of the events that one part of a query counts."""
    condition = _condition(counting, part)
    layers = _source(counting)
    _hand_up(layers)
    found = select([(IDENTITY, name(IDENTITY))]).from_(layers.subquery("w"))
    return found if condition is None else found.where(condition)


def _condition(counting: exp.Select, part: str) -> Sql | None:
    """Return what the events of a part satisfy, None where it counts all of them."""
    column = next(one for one in counting.selects if one.alias == part)
    counted = column.find(exp.Count)
    case = None if counted is None else counted.find(exp.Case)
    return None if case is None else case.args["ifs"][0].this.copy()


def _source(query: exp.Select) -> exp.Select:
    source: exp.Select = query.args["from_"].this.this.copy()
    return source


def _hand_up(layer: exp.Select) -> None:
    """Add the id to a layer and to all below it."""
    below = layer.args["from_"].this
    lowest = not isinstance(below, exp.Subquery)
    if not lowest:
        _hand_up(below.this)
    column = name(IDENTITY, EVENTS if lowest else None)
    layer.append("expressions", exp.Alias(this=column, alias=exp.to_identifier(IDENTITY)))
