"""How much is known of a field's values in an interval."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from engine.signals.intervals import Values
from engine.signals.passes import frames
from engine.signals.passes.rows import Rows
from engine.signals.sql import Condition, Sql, compare, count_where, integer, name, some


@dataclass(frozen=True, slots=True)
class Known:
    """Values that certainly count, and events that could have added one, in each interval."""

    counted: Sql
    open: Sql
    """Events that may or may not count, and events that count but whose value is not recorded."""
    settled: Condition
    """There is none of those."""

    def some(self, least: int) -> Condition:
        """Return whether there certainly are so many values."""
        return compare(exp.GTE, self.counted, integer(least))

    def any(self, least: int) -> Condition:
        """Return whether there may be so many values."""
        if self.settled is True:
            return self.some(least)
        return compare(exp.GTE, compare(exp.Add, self.counted, self.open), integer(least))


def known_values(rows: Rows, values: Values, span_us: int) -> Known:
    """Add how many values there are in the interval that an event ends, and how many may be."""
    open_ = some((rows.flag(values.unsure), rows.flag(values.unrecorded)))
    counted = rows.flag(values.counted)
    rows.add([("known", frames.trailing(count_where(counted), span_us))])
    if open_ is False:
        return Known(name("known"), integer(0), settled=True)
    rows.add([("open", frames.trailing(count_where(open_), span_us))])
    settled = compare(exp.EQ, name("open"), integer(0))
    return Known(name("known"), name("open"), settled)
