"""Help: the keys of the screen it was called from, and the filter language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from tui.lines.help import help_lines
from tui.widgets.line_pane import LinePane


class HelpScreen(ModalScreen[None]):
    """Generated from the bindings in force."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "close", "close"),
    ]

    def __init__(self, keys: Mapping[tuple[str, str], list[str]]) -> None:
        super().__init__()
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(id="dialog"):
            yield LinePane("Help", id="help")

    def on_mount(self) -> None:
        """Show the keys."""
        pane = self.query_one("#help", LinePane)
        pane.show(lambda width: help_lines(self._keys, width))
        pane.focus()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
