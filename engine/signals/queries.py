"""From a pass to its query."""

from __future__ import annotations

from sqlglot import exp

from engine.signals.nodes import (
    Belonging,
    Carrying,
    Collisions,
    Gaps,
    Holding,
    Pass,
    Peak,
    Period,
    Roll,
    Sharing,
    Spectrum,
    Totals,
)
from engine.signals.passes.carrying import select_carrying
from engine.signals.passes.collisions import select_collisions
from engine.signals.passes.gaps import select_gaps
from engine.signals.passes.membership import select_belonging, select_holding, select_roll
from engine.signals.passes.peak import select_peak
from engine.signals.passes.sharing import select_sharing
from engine.signals.passes.spectrum import select_spectrum
from engine.signals.passes.totals import select_totals


def query(node: Totals | Pass, period: Period) -> exp.Select:
    """Return the query of a pass over a period."""
    if isinstance(node, Totals):
        return select_totals(node, period)
    match node.source:
        case Spectrum() as source:
            return select_spectrum(node, source, period)
        case Peak() as source:
            return select_peak(node, source, period)
        case Gaps() as source:
            return select_gaps(node, source, period)
        case Carrying() as source:
            return select_carrying(source, period)
        case Collisions() as source:
            return select_collisions(source, period)
        case Sharing() as source:
            return select_sharing(source, period)
        case Roll():
            return select_roll()
        case Belonging():
            return select_belonging()
        case Holding() as source:
            return select_holding(node.kind, source)
