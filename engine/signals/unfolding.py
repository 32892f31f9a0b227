"""A query that counts events with windows over them, made to list the events it counts.

Such a query is layers over the measured events, perhaps one that puts the events of one time into
one row, with a count of those that satisfy a condition on top. All of that stays as it is; only
the event's id is handed up through the layers, and in the place of a count comes a list of ids.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.guards import EVENTS
from engine.signals.passes.scan import IDENTITY
from engine.signals.sql import Sql, call, name, null, select


def unfolded(counting: exp.Select, part: str) -> exp.Select:
    """Return the ids of the events that one part of a query counts, as `event_id`."""
    layers = _source(counting).copy()
    _hand_up(layers)
    column = next(one for one in counting.selects if one.alias == part)
    counted = column.find(exp.Count, exp.Sum)
    if counted is None:
        return select([(IDENTITY, null())]).from_(layers.subquery("w")).where("FALSE")
    # A sum adds what was counted of each time: there the lists are put together.
    found = _listed(counted)
    ids = call("flatten", found) if isinstance(counted, exp.Sum) else found
    return select([(IDENTITY, call("unnest", ids))]).from_(layers.subquery("w"))


def _listed(counted: Sql) -> Sql:
    """Return a count, or a sum of counts, as the list of what it counts."""
    case = counted.this
    if not isinstance(case, exp.Case):
        return call("list", name(IDENTITY))
    (branch,) = case.args["ifs"]
    value = branch.args["true"].copy() if isinstance(counted, exp.Sum) else name(IDENTITY)
    return exp.Filter(this=call("list", value), expression=exp.Where(this=branch.this.copy()))


def _source(query: exp.Query) -> exp.Query:
    source: exp.Query = query.args["from_"].this.this
    return source


def _hand_up(layer: exp.Query) -> bool:
    """Add the id to a layer and to all below it; return whether it has it now."""
    if isinstance(layer, exp.Union):
        _hand_up(layer.left)
        _add(layer.right, null())  # what stands between them is none
        return True
    if not isinstance(layer.args["from_"].this, exp.Subquery):
        _add(layer, name(IDENTITY, EVENTS))
        return True
    handed = _hand_up(_source(layer))
    if layer.args.get("group"):
        for column in layer.selects:
            if isinstance(column.unalias(), exp.Count):
                column.set("this", _listed(column.unalias()))
        return False
    if handed:
        _add(layer, name(IDENTITY))
    return handed


def _add(layer: Sql, value: Sql) -> None:
    layer.append("expressions", exp.Alias(this=value, alias=exp.to_identifier(IDENTITY)))
