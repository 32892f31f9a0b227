"""Which columns of the measured events a pass reads, told from its nodes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from engine.signals.atoms import Atom, State
from engine.signals.guards import known_name
from engine.signals.nodes import Grouping, Holding, Pass, Sharing, Totals

_ASKS_IF_KNOWN = (State.MISSING, State.KNOWN, State.CANDIDATE)


def columns_of(node: Totals | Pass) -> frozenset[str]:
    """Return the columns of selections and fields that it reads, among other names."""
    return frozenset(_named(node))


def _named(part: object) -> Iterator[str]:
    match part:
        case Atom():
            if part.blank and part.state in _ASKS_IF_KNOWN:
                yield known_name(part.column)
            if not part.blank or part.state not in (State.MISSING, State.KNOWN):
                yield part.column
        case str():
            yield part
        case tuple():
            for one in part:
                yield from _named(one)
        case Grouping() | Holding() | Sharing(of_account=True):
            return  # these read what accounts say of themselves
        case _ if is_dataclass(part):
            for item in fields(part):
                yield from _named(getattr(part, item.name))
