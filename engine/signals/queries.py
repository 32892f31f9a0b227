"""From a pass to its query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from engine.signals.atoms import Period
from engine.signals.intervals import Ranks, Sequence, Together, Windows
from engine.signals.nodes import (
    Adoption,
    Age,
    Belonging,
    Carrying,
    Collisions,
    Crowding,
    Day,
    Gaps,
    Grouping,
    Holding,
    Novelty,
    Pass,
    Past,
    Peak,
    Roll,
    Roster,
    Run,
    Sharing,
    Spectrum,
    Totals,
    Week,
)
from engine.signals.passes.adoption import select_adoption
from engine.signals.passes.carrying import select_carrying
from engine.signals.passes.collisions import select_collisions
from engine.signals.passes.crowding import select_crowding
from engine.signals.passes.gaps import select_gaps
from engine.signals.passes.grouping import select_grouping, select_roster
from engine.signals.passes.hours import select_day, select_week
from engine.signals.passes.membership import select_belonging, select_holding, select_roll
from engine.signals.passes.novelty import select_novelty
from engine.signals.passes.order import select_sequence, select_together
from engine.signals.passes.past import select_age, select_past
from engine.signals.passes.peak import select_peak
from engine.signals.passes.ranks import select_ranks
from engine.signals.passes.runs import select_run
from engine.signals.passes.scan import Batch
from engine.signals.passes.sharing import select_sharing
from engine.signals.passes.spectrum import select_spectrum
from engine.signals.passes.totals import select_totals
from engine.signals.passes.windows import select_windows


def query(node: Totals | Pass, period: Period, batch: Batch | None = None) -> exp.Select:
    """Return the query of a pass over a period; a `batch` is of a pass that is `by_batch`."""
    if isinstance(node, Totals):
        return select_totals(node, period)
    if isinstance(node.source, Collisions):
        return select_collisions(node.source, period, batch)
    return _QUERIES[type(node.source)](node, node.source, period)


def by_batch(node: Totals | Pass) -> bool:
    """Return whether a pass may hold a row for nearly every event while it counts."""
    return isinstance(node, Pass) and isinstance(node.source, Collisions)


_QUERIES: dict[type, Callable[[Pass, Any, Period], exp.Select]] = {
    Spectrum: select_spectrum,
    Peak: select_peak,
    Ranks: select_ranks,
    Windows: select_windows,
    Together: select_together,
    Sequence: select_sequence,
    Gaps: select_gaps,
    Carrying: lambda _, source, period: select_carrying(source, period),
    Sharing: lambda _, source, period: select_sharing(source, period),
    Crowding: lambda _, source, period: select_crowding(source, period),
    Roll: lambda *_: select_roll(),
    Belonging: lambda *_: select_belonging(),
    Holding: lambda node, source, _: select_holding(node.kind, source),
    Grouping: lambda node, source, _: select_grouping(node.kind, source),
    Roster: lambda *_: select_roster(),
    Week: select_week,
    Day: select_day,
    Run: select_run,
    Novelty: select_novelty,
    Past: select_past,
    Age: select_age,
    Adoption: select_adoption,
}
