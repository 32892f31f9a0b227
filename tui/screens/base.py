"""What the screens share: the line at the top, and the way to the application's state."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import Screen

from tui.lines.top import Standing, top_line
from tui.tone import Line
from tui.widgets.bar import Bar

if TYPE_CHECKING:
    from tui.app import ReviewApp


class ReviewScreen(Screen[None]):
    """A screen with crumbs and the standing of the review at its top."""

    @property
    def review(self) -> ReviewApp:
        """The application."""
        return cast("ReviewApp", self.app)

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to what is shown."""
        return ()

    def top_bar(self) -> Bar:
        """Return the line at the top."""
        return Bar(self._top_lines, id="top")

    def refresh_top(self) -> None:
        """Show the standing as it is now."""
        for bar in self.query("#top").results(Bar):
            bar.show(self._top_lines)

    def on_screen_resume(self) -> None:
        """Show the standing as it is now."""
        self.refresh_top()

    def _top_lines(self, width: int) -> tuple[Line, ...]:
        standing: Standing = self.review.standing()
        return (top_line(self.crumbs(), standing, width),)
