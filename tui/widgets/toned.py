"""A widget that paints toned lines: the one place where a tone becomes a colour."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.palette import tone_styles
from tui.tone import Line, Tone, trim


class Toned(Widget):
    """Base of the widgets that show `Line`s; text goes to the screen as segments, never markup."""

    def paint(self, line: Line, width: int, *, cursor: bool = False) -> Strip:
        """Return a line as a strip of exactly `width` cells."""
        styles = tone_styles(self.app.theme_variables)
        under = self.rich_style + styles[Tone.CURSOR] if cursor else self.rich_style
        segments = [Segment(piece.text, under + styles[piece.tone]) for piece in trim(line, width)]
        return Strip(segments).adjust_cell_length(width, under)
