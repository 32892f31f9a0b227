"""A few lines that do not scroll: crumbs, column names, totals, the head of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.strip import Strip

from tui.tone import Line
from tui.widgets.toned import Toned

Build = Callable[[int], Sequence[Line]]
"""Makes lines for a width in cells."""


class Bar(Toned):
    """Shows lines made for its width; made again when the width changes."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; }"

    def __init__(
        self,
        build: Build | None = None,
        *,
        id: str | None = None,  # noqa: A002 -- Textual's word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._build: Build = build or (lambda _: ())
        self._made: Sequence[Line] | None = None

    def show(self, build: Build) -> None:
        """Show other lines."""
        self._build, self._made = build, None
        self.refresh()

    def on_resize(self) -> None:
        """Make the lines again."""
        self._made = None

    def render_line(self, y: int) -> Strip:
        """Return row `y` of the content."""
        if self._made is None:
            self._made = tuple(self._build(self.size.width))
        return self.paint(self._made[y] if y < len(self._made) else (), self.size.width)
