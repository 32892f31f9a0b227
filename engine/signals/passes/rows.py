"""Events of subjects as rows, to which columns are added layer by layer.

The innermost query has the subject, the time and the conditions of guards as columns; each layer
above may look back and ahead over the columns below it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from engine.language.words import SubjectKind
from engine.signals.guards import EVENTS, within
from engine.signals.nodes import Guard, Period
from engine.signals.passes.scan import scan, subject
from engine.signals.sql import Condition, Sql, as_sql, name, select, some


class Rows:
    """Rows that grow wider; first `flag` and `value`, then `add`, then `query`."""

    def __init__(self, kind: SubjectKind, period: Period) -> None:
        self._kind = kind
        self._period = period
        self._flags: dict[Guard, str] = {}
        self._own: list[tuple[str, Sql]] = [
            ("subject", subject(kind)),
            ("ts_us", name("ts_us", EVENTS)),
        ]
        self._layers: list[list[tuple[str, Sql]]] = []

    def flag(self, guard: Guard | None) -> Condition:
        """Return the condition that a row satisfies a guard."""
        condition = False if guard is None else within(guard, None, self._period)
        if guard is None or isinstance(condition, bool):
            return condition
        if guard not in self._flags:
            self._flags[guard] = f"e{len(self._flags)}"
            self._own.append((self._flags[guard], condition))
        return name(self._flags[guard])

    def add(self, columns: Iterable[tuple[str, Condition]]) -> None:
        """Add a layer of columns."""
        self._layers.append([(column, as_sql(one)) for column, one in columns])

    def query(self, guards: Iterable[Guard], window_us: int | None) -> exp.Select:
        """Return the rows that satisfy one of the guards inside a window, with all columns."""
        among = some([within(guard, window_us, self._period) for guard in guards])
        found = scan(self._kind, select(self._own), among)
        names = [column for column, _ in self._own]
        for layer in self._layers:
            kept: list[tuple[str, Sql]] = [(column, name(column)) for column in names]
            found = select([*kept, *layer]).from_(found.subquery("p", copy=False), copy=False)
            names += [column for column, _ in layer]
        return found
