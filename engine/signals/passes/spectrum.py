"""How often each value occurs: a group-by on subject and value, then one on the subject.

Serves the number of values, the commonest one's count and, as rows (n, values that occur n times),
entropy: the counts say all about it.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Pass, Spectrum
from engine.signals.passes.scan import narrow, scan, subject
from engine.signals.sql import name, select


def select_spectrum(node: Pass, source: Spectrum, period: Period) -> exp.Select:
    """Return the query of the parts `distinct`, `total`, `top`; or of `n` and `values` a row."""
    counted = _values(node, source, period)
    if "rows" not in node.parts:
        columns = [
            ("subject", name("subject")),
            *narrow("distinct", exp.Count(this=exp.Star())),
            *narrow("total", exp.Sum(this=name("n"))),
            *narrow("top", exp.Max(this=name("n"))),
        ]
        return select(columns).from_(counted.subquery("v")).group_by(name("subject"))
    columns = [
        ("subject", name("subject")),
        *narrow("n", name("n")),
        *narrow("many", exp.Count(this=exp.Star())),
    ]
    return select(columns).from_(counted.subquery("v")).group_by(name("subject"), name("n"))


def _values(node: Pass, source: Spectrum, period: Period) -> exp.Select:
    condition = within(source.guard, source.window_us, period)
    value = name(source.column, EVENTS)
    if not source.many:
        columns = [("subject", subject(node.kind)), ("n", exp.Count(this=exp.Star()))]
        return scan(node.kind, select(columns), condition).group_by(subject(node.kind), value)
    elements = scan(
        node.kind,
        select([("subject", subject(node.kind)), ("element", exp.Explode(this=value))]),
        condition,
    )
    columns = [("subject", name("subject")), ("n", exp.Count(this=exp.Star()))]
    query = select(columns).from_(elements.subquery("e"))
    return query.group_by(name("subject"), name("element"))
