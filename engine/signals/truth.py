"""Selections become three conditions over the columns of their tests: true, false, decided.

The three are not redundant: an `AnyOf` of something false and something unknown is decided (what is
known decides) without being false, so that its negation stays unknown.

==========  ============  ============  ====================
            true          false         decided
==========  ============  ============  ====================
test        holds         fails         field known
`After`     soon after    not so        anchor known
`AllOf`     all true      any false     all decided, or false
`AnyOf`     any true      all false     any decided
`Not`       part false    part true     part true or false
==========  ============  ============  ====================

An event is *in* a selection when it is true, *unknown* to it when undecided, else *out*. Constants
are folded while the conditions are built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from engine.language.model.selection import After, AllOf, AnyOf, Not, Selection, Test
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    boolean,
    case,
    coalesce,
    every,
    is_known,
    negated,
    null,
    some,
)


class Knowledge(Enum):
    """On which events a field is known, as far as the plan can tell beforehand."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


class Standing(Enum):
    """What the plan can tell beforehand of the events of a selection."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"
    DECIDED = "decided"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Truth:
    """A selection on one event."""

    true: Condition
    false: Condition
    decided: Condition

    @property
    def standing(self) -> Standing:
        """Return what holds for every event whatever it records."""
        if self.true is True:
            return Standing.IN
        if self.decided is True:
            return Standing.OUT if self.true is False else Standing.DECIDED
        return Standing.UNKNOWN if self.decided is False else Standing.OPEN

    def column(self) -> Sql:
        """Return the value that is TRUE in, FALSE out of, and NULL unknown to the selection."""
        if self.decided is True:
            return as_sql(self.true)
        if self.decided is False:
            return null()
        return case((as_sql(self.true), boolean(True)), (as_sql(self.decided), boolean(False)))


def leaf(column: Sql, knowledge: Knowledge) -> Truth:
    """Return the truth of a test from its column: TRUE, FALSE, or NULL where nothing is known."""
    match knowledge:
        case Knowledge.ALL:
            return Truth(column, negated(column), True)
        case Knowledge.NONE:
            return Truth(False, False, False)
    return Truth(
        coalesce(column, boolean(False)),
        negated(coalesce(column, boolean(True))),
        is_known(column),
    )


def truth(selection: Selection, of_test: Callable[[Test | After], Truth]) -> Truth:
    """Return the truth of a selection from that of its tests and anchors."""
    match selection:
        case Test() | After():
            return of_test(selection)
        case Not(part=part):
            inner = truth(part, of_test)
            return Truth(inner.false, inner.true, some((inner.true, inner.false)))
        case AllOf(parts=parts):
            inners = [truth(part, of_test) for part in parts]
            false = some(inner.false for inner in inners)
            return Truth(
                every(inner.true for inner in inners),
                false,
                some((every(inner.decided for inner in inners), false)),
            )
        case AnyOf(parts=parts):
            inners = [truth(part, of_test) for part in parts]
            # An empty one is false of every event, hence decided.
            return Truth(
                some(inner.true for inner in inners),
                every(inner.false for inner in inners),
                some(inner.decided for inner in inners) if inners else True,
            )
