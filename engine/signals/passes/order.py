"""Events that come together, or one after the other, and what is absent meanwhile.

An event looks back, or ahead, for the nearest time at which something happens: that alone decides
whether it happens in the interval that ends, or begins, at the event.
"""

from __future__ import annotations

from sqlglot import exp

from engine.signals.atoms import Guard, Period
from engine.signals.intervals import Sequence, Together, Wanted
from engine.signals.nodes import Pass
from engine.signals.passes import chains, frames
from engine.signals.passes.chains import Link
from engine.signals.passes.rows import Moments
from engine.signals.passes.scan import narrow
from engine.signals.sql import (
    Condition,
    Sql,
    boolean,
    coalesce,
    compare,
    every,
    integer,
    is_known,
    name,
    select,
    some,
)


def select_together(node: Pass, source: Together, period: Period) -> exp.Select:
    """Return the query of the part `events`."""
    rows = Moments(node.kind, period)
    wanted = [rows.flag(step.guard) for step in source.steps if not step.absent]
    unwanted = some(rows.flag(step.guard) for step in source.steps if step.absent)
    guards = _guards(source.steps)
    if not any(step.absent for step in source.steps):
        near = _named(rows, _back(rows, wanted, ordered=source.ordered))
        found = [_at_most(compare(exp.Sub, name("ts_us"), one), source.within_us) for one in near]
        return _counted(rows, source, guards, some(wanted), found)
    near = _named(rows, _ahead(rows, wanted, ordered=source.ordered))
    found = [_at_most(compare(exp.Sub, one, name("ts_us")), source.within_us) for one in near]
    if unwanted is not False:
        rows.add([("gone", frames.since(frames.earliest(unwanted)))])
        found.append(_later_than(name("gone"), source.within_us))
    begins = some(wanted) if wanted else rows.flag(source.among)
    guards += [] if wanted else [source.among]
    return _counted(rows, source, guards, begins, [*found, _over(source.within_us, period)])


def _back(rows: Moments, wanted: list[Condition], *, ordered: bool) -> list[Sql]:
    """Return when each kind last happened; if ordered, when the last chain of them began."""
    if ordered:
        chain = name(chains.forward(rows, [Link(one) for one in wanted]))
        return [frames.until(frames.latest(True, chain))]
    return [frames.until(frames.latest(one)) for one in wanted]


def _ahead(rows: Moments, wanted: list[Condition], *, ordered: bool) -> list[Sql]:
    """Return when each kind next happens; if ordered, when the next chain of them ends."""
    if ordered and wanted:
        chain = name(chains.backward(rows, [Link(one) for one in wanted]))
        return [frames.since(frames.earliest(True, chain))]
    return [frames.since(frames.earliest(one)) for one in wanted]


def _named(rows: Moments, times: list[Sql]) -> list[Sql]:
    columns = [(f"n{at}", one) for at, one in enumerate(times)]
    rows.add(columns)
    return [name(column) for column, _ in columns]


def select_sequence(node: Pass, source: Sequence, period: Period) -> exp.Select:
    """Return the query of the part `events`."""
    rows = Moments(node.kind, period)
    links, unwanted = _links(rows, source.steps)
    guards = _guards(source.steps)
    if not source.steps[-1].absent:
        chain = name(chains.forward(rows, links))
        elapsed = compare(exp.Sub, name("ts_us"), chain)
        found = [_at_most(elapsed, source.within_us)]
        return _counted(rows, source, guards, links[-1].event, found)
    first, *rest = links
    if rest:
        found = _followed(rows, rest, unwanted, source.within_us)
    else:
        rows.add([("gone", frames.after(frames.earliest(unwanted)))])
        found = [_later_than(name("gone"), source.within_us)]
    found.append(_over(source.within_us, period))
    return _counted(rows, source, guards, first.event, found)


def _followed(
    rows: Moments, links: list[Link], unwanted: Condition, within_us: int
) -> list[Condition]:
    """Return whether a chain follows within the interval, and nothing unwanted after its end.

    Of the chains that end in time the last one is best: it begins last, and has the least after it.
    """
    chain = name(chains.forward(rows, links))
    rows.add([
        ("begun", frames.up_to(frames.latest(True, chain), within_us)),
        ("ended", frames.up_to(frames.latest(is_known(chain)), within_us)),
        ("gone", frames.up_to(frames.latest(unwanted), within_us)),
    ])  # fmt: skip
    return [
        coalesce(compare(exp.GT, name("begun"), name("ts_us")), boolean(False)),
        coalesce(compare(exp.LTE, name("gone"), name("ended")), boolean(True)),
    ]


def _links(rows: Moments, steps: tuple[Wanted, ...]) -> tuple[list[Link], Condition]:
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


def _guards(steps: tuple[Wanted, ...]) -> list[Guard]:
    return [step.guard for step in steps if step.guard is not None]


def _at_most(elapsed: Sql, within_us: int) -> Condition:
    return coalesce(compare(exp.LTE, elapsed, integer(within_us)), boolean(False))


def _later_than(time: Sql, within_us: int) -> Condition:
    """Return whether a time, if there is one, is beyond the interval that begins at an event."""
    ahead = compare(exp.Sub, time, name("ts_us"))
    return coalesce(compare(exp.GT, ahead, integer(within_us)), boolean(True))


def _over(within_us: int, period: Period) -> Condition:
    """Return whether the interval that begins at an event is over."""
    return compare(exp.LTE, name("ts_us"), integer(period.as_of_us - within_us))


def _counted(
    rows: Moments,
    source: Together | Sequence,
    guards: list[Guard],
    events: Condition,
    found: list[Condition],
) -> exp.Select:
    """Count events of a kind at the times at which all is found."""
    columns = [
        ("subject", name("subject")),
        *narrow("events", rows.counted(every(found), among=events)),
    ]
    query = rows.query(guards, source.window_us)
    counted = select(columns).from_(query.subquery("w", copy=False), copy=False)
    return counted.group_by(name("subject"), copy=False)
