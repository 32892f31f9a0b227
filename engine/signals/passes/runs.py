"""The longest run of consecutive integers: an id less its rank is the same all along a run."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Pass, Run
from engine.signals.passes.scan import narrow, scan, subject
from engine.signals.sql import Sql, compare, hugeint, name, select


def select_run(node: Pass, source: Run, period: Period) -> exp.Select:
    """Return the query of the part `longest`."""
    value: Sql = name(source.column, EVENTS)
    columns = [
        ("subject", subject(node.kind)),
        ("id", exp.Explode(this=value) if source.many else value),
    ]
    ids = scan(
        node.kind, select(columns).distinct(), within(source.guard, source.window_us, period)
    )
    rank = exp.Window(
        this=exp.RowNumber(),
        partition_by=[name("subject")],
        order=exp.Order(expressions=[exp.Ordered(this=name("id"), nulls_first=False)]),
    )
    ranked = [
        ("subject", name("subject")),
        ("run", compare(exp.Sub, hugeint(name("id")), rank)),
    ]
    runs = select(ranked).from_(ids.subquery("i"))
    lengths = (
        select([("subject", name("subject")), ("length", exp.Count(this=exp.Star()))])
        .from_(runs.subquery("r"))
        .group_by(name("subject"), name("run"))
    )
    longest = [("subject", name("subject")), *narrow("longest", exp.Max(this=name("length")))]
    return select(longest).from_(lengths.subquery("l")).group_by(name("subject"))
