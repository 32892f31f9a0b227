"""The keys of the verbs, the same on every screen that has them."""

from __future__ import annotations

from textual.binding import Binding, BindingType

DECIDING: list[BindingType] = [
    # One action with an argument each: the footer merges keys of the very same action.
    Binding("a", "decide('approve')", "approve"),
    Binding("x", "decide('reject')", "reject"),
]
"""Gone when the reviewer may only read."""

TRIAGE: list[BindingType] = [
    Binding("s", "skip", "skip"),
    Binding("y", "copy_id", "copy the case's id", show=False),
]
