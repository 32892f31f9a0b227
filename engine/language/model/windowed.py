"""When the events of a measure happened."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.model.selection import After


@dataclass(frozen=True, slots=True, kw_only=True)
class Windowed:
    """A measure over the events of a window, and of an anchored one if there is any."""

    window_us: int | None = None
    after: After | None = None
