"""How many events, and what part of others they are."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.model.selection import EVERYTHING, Selection
from engine.language.model.windowed import Windowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Windowed):
    """How many events are in the selection."""

    where: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Windowed):
    """Events in `where` over events in `of`; indeterminate when `of` has fewer than `min_of`."""

    where: Selection
    of: Selection = EVERYTHING
    min_of: int = 1
