"""The list of cases: any number of rows, of which only those in view are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from engine.ledger.records import CaseRecord
from tui.lines.queue_row import queue_row
from tui.widgets.scrolled import Scrolled


class CaseList(Scrolled):
    """A frozen list of cases with a cursor; it never moves unless it is given other cases."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "open")]

    cursor: reactive[int] = reactive(0, repaint=False)

    @dataclass
    class Pointed(Message):
        """The cursor is on another case."""

        case: CaseRecord

    @dataclass
    class Opened(Message):
        """The reviewer wants to see a case."""

        case: CaseRecord

    def __init__(self, status: Callable[[CaseRecord], str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._status = status
        self._cases: Sequence[CaseRecord] = ()
        self._places: Mapping[str, int] | None = None

    @property
    def cases(self) -> Sequence[CaseRecord]:
        """What is listed."""
        return self._cases

    @property
    def pointed(self) -> CaseRecord | None:
        """The case under the cursor."""
        return self._cases[self.cursor] if self._cases else None

    def show(self, cases: Sequence[CaseRecord]) -> None:
        """List other cases; the cursor stays on its case when that is among them."""
        pointed = self.pointed
        self._cases, self._places = cases, None
        self.virtual_size = Size(self.size.width, len(cases))
        self.refresh()
        if pointed is None or not self.point_at(pointed.case_id):
            self.set_reactive(CaseList.cursor, 0)
            self.scroll_to(y=0, animate=False, immediate=True)
        if self.pointed is not None:
            self.post_message(self.Pointed(self.pointed))

    def point_at(self, case_id: str) -> bool:
        """Put the cursor on a case; return whether it is listed."""
        if self._places is None:
            self._places = {case.case_id: at for at, case in enumerate(self._cases)}
        place = self._places.get(case_id)
        if place is not None:
            self.cursor = place
            self._keep_in_view()
        return place is not None

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(min(cursor, len(self._cases) - 1), 0)

    def watch_cursor(self, before: int, now: int) -> None:
        """Repaint the two rows that change."""
        for row in (before, now):
            self.refresh_line(row - self.scroll_offset.y)
        self._keep_in_view()
        if self.pointed is not None:
            self.post_message(self.Pointed(self.pointed))

    def on_resize(self) -> None:
        """Keep the cursor in the window."""
        self.virtual_size = Size(self.size.width, len(self._cases))
        self._keep_in_view()

    def on_click(self, event: Click) -> None:
        """Point at a row; open it on the second click."""
        row = event.y + self.scroll_offset.y
        if row < len(self._cases):
            self.cursor = row
            if event.chain > 1:
                self.action_open()

    def render_line(self, y: int) -> Strip:
        """Return the row that stands at `y` of the window."""
        row = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if row >= len(self._cases):
            return self.paint((), width)
        case, cursor = self._cases[row], row == self.cursor
        # A column stays free for the scrollbar, so that rows do not jump when it comes.
        room = width - (not self.show_vertical_scrollbar)
        painted = queue_row(case, room, status=self._status(case), cursor=cursor)
        return self.paint(painted, width, cursor=cursor)

    def action_move(self, rows: int) -> None:
        """Move the cursor by rows."""
        self.cursor += rows

    def action_page(self, pages: float) -> None:
        """Move the cursor by pages."""
        self.cursor += round(pages * self.size.height)

    def action_edge(self, side: int) -> None:
        """Move the cursor to the first or the last row."""
        self.cursor = 0 if side < 0 else len(self._cases) - 1

    def action_open(self) -> None:
        """Open the case under the cursor."""
        if self.pointed is not None:
            self.post_message(self.Opened(self.pointed))

    def _keep_in_view(self) -> None:
        if self.size.height:
            self.scroll_to_region(
                Region(0, self.cursor, 1, 1), animate=False, immediate=True, force=True
            )
