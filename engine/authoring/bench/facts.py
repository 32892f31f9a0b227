"""What has been measured so far, each signal once, whichever pack asked for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.language.model.measure import Measure
from engine.language.words import SubjectKind
from engine.signals.facts import Column, FactTable, signal_key

Shelf = tuple[SubjectKind, str]
"""A kind of subject and, for campaigns, the links that made them."""


@dataclass(slots=True)
class Facts:
    """The columns that were measured, by kind of subject and links."""

    _subjects: dict[Shelf, tuple[str, ...]] = field(default_factory=dict)
    _columns: dict[Shelf, dict[str, Column]] = field(default_factory=dict)

    def missing(self, shelf: Shelf, measures: Sequence[Measure]) -> tuple[Measure, ...]:
        """Return the measures that have no column yet, each once."""
        known = self._columns.get(shelf, {})
        wanted = {signal_key(measure): measure for measure in measures}
        return tuple(measure for key, measure in wanted.items() if key not in known)

    def add(self, shelf: Shelf, table: FactTable) -> None:
        """Keep the columns of a table; its subjects are those of every table of the shelf."""
        self._subjects[shelf] = table.subjects
        self._columns.setdefault(shelf, {}).update(table.columns)

    def table(self, shelf: Shelf, measures: Sequence[Measure]) -> FactTable:
        """Return a table of just these measures, all of which were measured."""
        columns: Mapping[str, Column] = self._columns[shelf]
        keys = dict.fromkeys(map(signal_key, measures))
        return FactTable(shelf[0], self._subjects[shelf], {key: columns[key] for key in keys})
