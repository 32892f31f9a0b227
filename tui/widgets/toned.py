"""A widget that paints toned lines: the one place where a tone becomes a colour."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.tone import Line, Tone


class Toned(Widget):
    """Base of the widgets that show `Line`s; text goes to the screen as segments, never markup."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"tone--{tone.value}" for tone in Tone}

    DEFAULT_CSS = """
    Toned > .tone--dim { color: $foreground 62%; }
    Toned > .tone--strong { text-style: bold; }
    Toned > .tone--heading { text-style: bold; }
    Toned > .tone--accent { color: $text-accent; }
    Toned > .tone--met { color: $text-warning; text-style: bold; }
    Toned > .tone--undecided { color: $text-secondary; text-style: bold; }
    Toned > .tone--critical { color: $text-error; text-style: bold; }
    Toned > .tone--high { color: $text-warning; text-style: bold; }
    Toned > .tone--medium { color: $text-primary; }
    Toned > .tone--low { color: $foreground 62%; }
    Toned > .tone--good { color: $text-success; }
    Toned > .tone--bad { color: $text-error; }
    Toned > .tone--cursor { background: $primary 30%; text-style: bold; }
    """

    def tone_style(self, tone: Tone) -> Style:
        """Return what a tone looks like on this widget, without a background of its own."""
        full = self.get_component_rich_style(f"tone--{tone.value}")
        if tone is Tone.CURSOR:
            return full
        return full.without_color + Style(color=full.color)

    def paint(self, line: Line, width: int, base: Style | None = None) -> Strip:
        """Return a line as a strip of exactly `width` cells."""
        under = base or self.rich_style
        segments = [Segment(piece.text, under + self._over(piece.tone, base)) for piece in line]
        return Strip(segments).adjust_cell_length(width, under)

    def _over(self, tone: Tone, base: Style | None) -> Style:
        if tone is Tone.PLAIN and base is not None:
            return Style.null()
        return self.tone_style(tone)
