"""A widget that paints toned lines and scrolls over them; only the rows in view are painted."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.scroll_view import ScrollView

from tui.widgets.motion import MOTION
from tui.widgets.toned import Toned


class Scrolled(Toned, ScrollView, can_focus=True, inherit_bindings=False):
    """Base of the widgets that show more lines than there is room for."""

    BINDINGS: ClassVar[list[BindingType]] = MOTION

    DEFAULT_CSS = """
    Scrolled {
        overflow-x: hidden; overflow-y: auto;
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
    }
    """

    def watch_show_vertical_scrollbar(self) -> None:
        """Tell a scrollbar that comes where the rows stand: it hears of nothing before."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = self.scroll_y
