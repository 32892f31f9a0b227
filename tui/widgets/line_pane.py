"""A pane of lines that scrolls; only the rows in view are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Size
from textual.strip import Strip

from tui.tone import Line
from tui.widgets.bar import Build
from tui.widgets.scrolled import Scrolled


class LinePane(Scrolled):
    """Shows lines made for its width, however many; made again when the width changes."""

    def __init__(self, title: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.border_title = title
        self._build: Build = lambda _: ()
        self._made: Sequence[Line] = ()
        self._made_for = 0
        self._settled = False
        self._start: Callable[[int], int] = lambda _: 0

    def show(self, build: Build, start: Callable[[int], int] = lambda _: 0) -> None:
        """Show other lines, from the row that `start` returns for the pane's width."""
        self._build, self._start = build, start
        self._lay_out()
        self._go_to_start()

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._made

    def on_resize(self) -> None:
        """Make the lines for the new width."""
        if self._made_for != self._width():
            self._lay_out()
            if not self._settled:
                self._go_to_start()

    def render_line(self, y: int) -> Strip:
        """Return the row that stands at `y` of the window."""
        row = y + self.scroll_offset.y
        return self.paint(self._made[row] if row < len(self._made) else (), self.size.width)

    def action_move(self, rows: int) -> None:
        """Scroll by rows."""
        self.scroll_relative(y=rows, animate=False)

    def action_page(self, pages: float) -> None:
        """Scroll by pages."""
        self.scroll_relative(y=round(pages * self.size.height), animate=False)

    def action_edge(self, side: int) -> None:
        """Scroll to the top or to the end."""
        self.scroll_to(y=0 if side < 0 else self.max_scroll_y, animate=False)

    def _go_to_start(self) -> None:
        # A pane that is not laid out yet has no rows to scroll over; it goes there on its resize.
        self._settled = self._made_for > 0
        row = self._start(self._made_for)
        self.call_after_refresh(self.scroll_to, y=row, animate=False, force=True)

    def _width(self) -> int:
        # The scrollbar's column stays free, so that lines do not jump when it comes.
        return max(self.scrollable_content_region.width - (not self.show_vertical_scrollbar), 0)

    def _lay_out(self) -> None:
        self._made_for = self._width()
        self._made = self._build(self._made_for) if self._made_for else ()
        self.virtual_size = Size(self._made_for, len(self._made))
        self.refresh()
