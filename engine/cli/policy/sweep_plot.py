"""A sweep drawn on a terminal: bars for one threshold, shaded squares for two."""

from __future__ import annotations

from rich.console import Console

from engine.authoring.sweep.sweeping import Sweep
from engine.cli.policy.sweep_bars import bars
from engine.cli.policy.sweep_grid import grids


def draw(found: Sweep, console: Console | None = None) -> None:
    """Draw it, as wide as the terminal is."""
    console = console or Console(highlight=False, markup=False, emoji=False)
    parts = bars(found, console.width) if len(found.dials) == 1 else grids(found, console.width)
    for part in parts:
        console.print(part, soft_wrap=True)
