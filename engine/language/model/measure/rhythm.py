"""When events come: how many at once, and how regularly."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.model.selection import EVERYTHING, Selection
from engine.language.model.windowed import Windowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Busiest(Windowed):
    """Most events of the selection in any interval of length `span_us`, both ends inclusive."""

    where: Selection
    span_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapCv(Windowed):
    """Coefficient of variation of the gaps between consecutive events, gaps in whole ms.

    Sample standard deviation over mean; indeterminate below `min_events` events or when every gap
    is zero.
    """

    where: Selection = EVERYTHING
    min_events: int = 3
