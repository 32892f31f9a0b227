"""The keys that move, the same wherever something can be moved in."""

from __future__ import annotations

from textual.binding import Binding, BindingType

MOTION: list[BindingType] = [
    Binding("j,down", "move(1)", "down", show=False),
    Binding("k,up", "move(-1)", "up", show=False),
    Binding("ctrl+d", "page(0.5)", "half a page down", show=False),
    Binding("ctrl+u", "page(-0.5)", "half a page up", show=False),
    Binding("pagedown,space", "page(1)", "a page down", show=False),
    Binding("pageup", "page(-1)", "a page up", show=False),
    Binding("g,home", "edge(-1)", "to the top", show=False),
    Binding("G,end", "edge(1)", "to the end", show=False),
]
"""Widgets that use these have `action_move(rows)`, `action_page(pages)`, `action_edge(side)`."""
