"""Events that come together, or one after the other, and what is absent meanwhile.

An event looks back, or ahead, for the nearest time at which something happens: that alone decides
whether it happens in the interval that ends, or begins, at the event.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.nodes import Guard, Pass, Period, Sequence, Together, Wanted
from engine.signals.passes import chains, frames
from engine.signals.passes.chains import Link
from engine.signals.passes.rows import Rows
from engine.signals.passes.scan import narrow
from engine.signals.sql import (
    Condition,
    Sql,
    boolean,
    coalesce,
    compare,
    count_where,
    every,
    integer,
    is_known,
    name,
    select,
    some,
)


def select_together(node: Pass, source: Together, period: Period) -> exp.Select:
    """Return the query of the part `events`."""
    rows = Rows(node.kind, period)
    wanted = [rows.flag(step.guard) for step in source.steps if not step.absent]
    begins = some(wanted) if wanted else rows.flag(source.among)
    unwanted = some(rows.flag(step.guard) for step in source.steps if step.absent)
    if any(step.absent for step in source.steps):
        near = _ahead(rows, wanted, ordered=source.ordered)
        found = [
            begins,
            *(_at_most(compare(exp.Sub, one, name("ts_us")), source.within_us) for one in near),
            _clear(rows, unwanted, source.within_us),
            _over(source.within_us, period),
        ]
    else:
        near = _back(rows, wanted, ordered=source.ordered)
        found = [_at_most(compare(exp.Sub, name("ts_us"), one), source.within_us) for one in near]
    return _counted(rows, source, found)


def _back(rows: Rows, wanted: list[Condition], *, ordered: bool) -> list[Sql]:
    """Add when each kind last happened; if ordered, when the last chain of them began."""
    if ordered:
        chain = name(chains.forward(rows, [Link(one) for one in wanted]))
        return _named(rows, [frames.until(frames.latest(True, chain))])
    return _named(rows, [frames.until(frames.latest(one)) for one in wanted])


def _ahead(rows: Rows, wanted: list[Condition], *, ordered: bool) -> list[Sql]:
    """Add when each kind next happens; if ordered, when the next chain of them ends."""
    if ordered and wanted:
        chain = name(chains.backward(rows, [Link(one) for one in wanted]))
        return _named(rows, [frames.since(frames.earliest(True, chain))])
    return _named(rows, [frames.since(frames.earliest(one)) for one in wanted])


def _named(rows: Rows, times: list[Sql]) -> list[Sql]:
    columns = [(f"n{at}", one) for at, one in enumerate(times)]
    rows.add(columns)
    return [name(column) for column, _ in columns]


def _clear(rows: Rows, unwanted: Condition, within_us: int) -> Condition:
    """Return whether nothing unwanted happens in the interval that begins at an event."""
    if unwanted is False:
        return True
    rows.add([("gone", frames.since(frames.earliest(unwanted)))])
    apart = compare(exp.GT, compare(exp.Sub, name("gone"), name("ts_us")), integer(within_us))
    return coalesce(apart, boolean(True))


def select_sequence(node: Pass, source: Sequence, period: Period) -> exp.Select:
    """Return the query of the part `events`."""
    rows = Rows(node.kind, period)
    links, unwanted = _links(rows, source.steps)
    if not source.steps[-1].absent:
        chain = name(chains.forward(rows, links))
        elapsed = compare(exp.Sub, name("ts_us"), chain)
        return _counted(rows, source, [_at_most(elapsed, source.within_us)])
    first, *rest = links
    found = [first.event, _over(source.within_us, period)]
    last: Sql = name("ts_us")
    if rest:
        chain = name(chains.forward(rows, rest))
        rows.add([
            ("begun", frames.until(frames.latest(True, chain), source.within_us)),
            ("last", frames.until(frames.latest(is_known(chain)), source.within_us)),
        ])  # fmt: skip
        found.append(coalesce(compare(exp.GT, name("begun"), name("ts_us")), boolean(False)))
        last = name("last")
    if unwanted is not False:
        rows.add([("gone", frames.until(frames.latest(unwanted), source.within_us))])
        found.append(coalesce(compare(exp.LTE, name("gone"), last), boolean(True)))
    return _counted(rows, source, found)


def _links(rows: Rows, steps: tuple[Wanted, ...]) -> tuple[list[Link], Condition]:
    """Return the links of the chain, and what must be absent after it."""
    links: list[Link] = []
    unless: Condition = False
    for step in steps:
        event = rows.flag(step.guard)
        if step.absent:
            unless = some((unless, event))
        else:
            links.append(Link(event, unless))
            unless = False
    return links, unless


def _at_most(elapsed: Sql, within_us: int) -> Condition:
    return coalesce(compare(exp.LTE, elapsed, integer(within_us)), boolean(False))


def _over(within_us: int, period: Period) -> Condition:
    """Return whether the interval that begins at an event is over."""
    return compare(exp.LTE, name("ts_us"), integer(period.as_of_us - within_us))


def _counted(rows: Rows, source: Together | Sequence, found: list[Condition]) -> exp.Select:
    guards: list[Guard] = [step.guard for step in source.steps if step.guard is not None]
    if isinstance(source, Together) and all(step.absent for step in source.steps):
        guards.append(source.among)
    columns = [("subject", name("subject")), *narrow("events", count_where(every(found)))]
    query = rows.query(guards, source.window_us)
    counted = select(columns).from_(query.subquery("w", copy=False), copy=False)
    return counted.group_by(name("subject"), copy=False)
