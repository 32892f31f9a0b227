"""Events of subjects as rows, to which columns are added layer by layer.

The innermost query has the subject, the time and the conditions of guards as columns; each layer
above may look back and ahead over the columns below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlglot import exp

from engine.language.words import SubjectKind
from engine.signals.atoms import Guard, Period
from engine.signals.guards import EVENTS, within
from engine.signals.intervals import Values
from engine.signals.passes.scan import scan, subject
from engine.signals.sql import (
    Condition,
    Sql,
    as_sql,
    case,
    count_where,
    every,
    name,
    null,
    select,
    some,
)


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
        self._replaced: Callable[[exp.Select], exp.Query] = lambda rows: rows
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

    def value(self, values: Values) -> Sql:
        """Return the column of a field; NULL where it is known to be recorded nowhere."""
        if values.counted is None and values.unsure is None:
            return null()
        if "v" not in dict(self._own):
            self._own.append(("v", name(values.column, EVENTS)))
        return name("v")

    def replace(self, rows: Callable[[exp.Select], exp.Query]) -> None:
        """Put other rows, with further columns perhaps, in the place of the innermost ones."""
        self._replaced = rows

    def add(self, columns: Iterable[tuple[str, Condition]]) -> None:
        """Add a layer of columns."""
        self._layers.append([(column, as_sql(one)) for column, one in columns])

    def query(self, guards: Iterable[Guard], window_us: int | None) -> exp.Query:
        """Return the rows that satisfy one of the guards inside a window, with all columns."""
        among = some([within(guard, window_us, self._period) for guard in guards])
        found = self._replaced(scan(self._kind, select(self._own), among))
        names = list(found.named_selects)
        for layer in self._layers:
            kept: list[tuple[str, Sql]] = [(column, name(column)) for column in names]
            found = select([*kept, *layer]).from_(found.subquery("p", copy=False), copy=False)
            names += [column for column, _ in layer]
        return found

    def counted(self, condition: Condition, *, among: Condition) -> Sql:
        """Return how many of some events stand in the rows that satisfy a condition."""
        return count_where(every((condition, among)))


class Moments(Rows):
    """Events at one time as one row: in a frame they are together anyway.

    Rows are then as many as times, so that frames are rows before and after, which an engine counts
    over in passing (over 100,000 events a maximum of all earlier ones took 0.05 s, 0.49 s as a
    range of time). What is counted is events all the same.
    """

    def __init__(self, kind: SubjectKind, period: Period) -> None:
        super().__init__(kind, period)
        self._counts: list[tuple[str, Sql]] = []
        self.replace(self._at_once)

    def counted(self, condition: Condition, *, among: Condition) -> Sql:
        """Return how many of some events stand in the rows that satisfy a condition."""
        column = f"k{len(self._counts)}"
        self._counts.append((column, count_where(among)))
        return exp.Sum(this=case((as_sql(condition), name(column))))

    def _at_once(self, events: exp.Select) -> exp.Select:
        keys = [name("subject"), name("ts_us")]
        flags = [(column, exp.LogicalOr(this=name(column))) for column in self._flags.values()]
        columns = [*((key.name, key) for key in keys), *flags, *self._counts]
        found = select(columns).from_(events.subquery("m", copy=False), copy=False)
        return found.group_by(*(key.copy() for key in keys), copy=False)
