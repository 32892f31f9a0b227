"""Scrollbars of the panes: where they stand is where the rows stand."""

from __future__ import annotations

from textual.app import App, ComposeResult

from tui.tone import Line
from tui.widgets.line_pane import LinePane


class _OnePane(App[None]):
    def compose(self) -> ComposeResult:
        yield LinePane("lines")


def _hundred_lines(_width: int) -> list[Line]:
    return [() for _ in range(100)]


async def test_a_scrollbar_that_comes_after_the_scroll_shows_it() -> None:
    async with _OnePane().run_test(size=(40, 12)) as pilot:
        pane = pilot.app.query_one(LinePane)
        pane.show(_hundred_lines)
        await pilot.pause()
        assert pane.vertical_scrollbar.position == 0
        pane.show_vertical_scrollbar = False
        pane.scroll_to(y=23, animate=False, immediate=True, force=True)
        pane.show_vertical_scrollbar = True
        assert pane.scroll_offset.y == 23
        assert pane.vertical_scrollbar.position == 23
