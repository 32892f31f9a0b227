"""Events one after the other: for each event, the best chain of kinds that ends, or begins, there.

Equal timestamps are in no order, so that frames end just before an event, or begin just after it.
Of the chains that end at an event the one that begins last lasts shortest; whether an interval
holds a chain is told by that one alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from engine.signals.passes import frames
from engine.signals.passes.rows import Rows
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    boolean,
    call,
    case,
    coalesce,
    compare,
    every,
    is_known,
    name,
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain: its events, and what must not come between the link before and it."""

    event: Condition
    unless: Condition = False


def latest_starts(rows: Rows, kinds: Sequence[Condition], prefix: str) -> list[list[str]]:
    """Add, for chains of each length that end at an event, the time at which the last one begins.

    Returns the columns by length, from 1; within one, by the kind of the chain's last event. They
    are NULL on events that end no such chain.
    """
    columns = [[f"{prefix}1_{at}" for at in range(len(kinds))]]
    rows.add(
        (column, case((as_sql(kind), name("ts_us"))))
        for column, kind in zip(columns[0], kinds, strict=True)
    )
    for length in range(2, len(kinds) + 1):
        shorter, layer = columns[-1], []
        for at in range(length - 1, len(kinds)):
            # Column i of the shorter chains ends with kind length - 2 + i.
            begun = frames.before(frames.latest(True, greatest(shorter[: at - length + 2])))
            layer.append((f"{prefix}{length}_{at}", case((as_sql(kinds[at]), begun))))
        rows.add(layer)
        columns.append([column for column, _ in layer])
    return columns


def greatest(columns: Sequence[str]) -> Sql:
    """Return the greatest of some columns, those that are NULL left out."""
    found = [name(column) for column in columns]
    return found[0] if len(found) == 1 else call("greatest", *found)


def forward(rows: Rows, links: Sequence[Link]) -> str:
    """Add the time at which the last chain of all links that ends at an event begins.

    Where something is absent in between, the last event of the link before is the best one to go on
    from: it has the least between, and the last chain that ends there begins last of all.
    """
    rows.add([("c0", case((as_sql(links[0].event), name("ts_us"))))])
    for at, link in enumerate(links[1:], start=1):
        shorter = name(f"c{at - 1}")
        begun = frames.before(frames.latest(True, shorter))
        reached = link.event
        if link.unless is not False:
            gone = frames.before(frames.latest(link.unless))
            last = frames.before(frames.latest(is_known(shorter)))
            clear = coalesce(compare(exp.LTE, gone, last), boolean(True))
            reached = every((link.event, clear))
        rows.add([(f"c{at}", case((as_sql(reached), begun)))])
    return f"c{len(links) - 1}"


def backward(rows: Rows, links: Sequence[Link]) -> str:
    """Add the time at which the first chain of all links that begins at an event ends."""
    last = len(links) - 1
    rows.add([(f"c{last}", case((as_sql(links[last].event), name("ts_us"))))])
    for at in reversed(range(last)):
        ended = frames.after(frames.earliest(True, name(f"c{at + 1}")))
        rows.add([(f"c{at}", case((as_sql(links[at].event), ended)))])
    return "c0"
