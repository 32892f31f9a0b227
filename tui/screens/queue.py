"""The queue: every case that waits, the worst first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Input

from engine.errors import ExciseError
from engine.ledger.records import CaseRecord, Verdict
from engine.review.filter import Filter, Mistake, parse_filter
from engine.review.wording import counted
from tui import marks
from tui.later import later
from tui.lines.queue_row import queue_header
from tui.lines.summary import preview_lines
from tui.screens.base import ReviewScreen
from tui.tone import Line, Tone, line, paragraph, say
from tui.verbs import DECIDING, TRIAGE
from tui.widgets.bar import Bar
from tui.widgets.case_list import CaseList
from tui.widgets.line_pane import LinePane

_PREVIEW_DELAY = 0.06
"""Seconds the cursor rests on a case before its preview is asked for."""


class QueueScreen(ReviewScreen):
    """The list of cases, a preview when there is room, a filter, and totals."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DECIDING,
        *TRIAGE,
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("escape", "clear_filter", "clear the filter", show=False),
        Binding("R", "refresh_queue", "refresh"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.top_bar()
        with Horizontal(id="body"):
            with Vertical(id="list"):
                yield Bar(lambda width: (queue_header(width - 1),), id="columns")
                yield CaseList(self.review.status_of, id="cases")
            yield LinePane("Preview", id="preview")
        yield Bar(id="filter-mistake")
        yield Input(placeholder="sev:high,crit policy:name* -status:open word", id="filter")
        yield Bar(self._totals, id="totals")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Start on the list."""
        self.query_one("#preview", LinePane).can_focus = False
        self.show_cases()
        self.query_one(CaseList).focus()

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to what is shown."""
        return ("queue",)

    def show_cases(self) -> None:
        """List what the sitting holds now."""
        if not self.query(CaseList):
            return
        self.query_one(CaseList).show(self.review.sitting.queue.cases)
        self.show_progress()
        if not self.review.sitting.queue.cases:
            self.query_one("#preview", LinePane).show(self._nothing)

    def show_progress(self) -> None:
        """Repaint what decisions and skips change, and leave the list where it is."""
        if self.query(CaseList):
            self.query_one(CaseList).refresh()
            self.query_one("#totals", Bar).show(self._totals)
            self.refresh_top()

    def point_at(self, case_id: str) -> None:
        """Put the cursor on a case."""
        if self.query(CaseList):
            self.query_one(CaseList).point_at(case_id)

    def on_screen_resume(self) -> None:
        """Show what happened on other screens."""
        super().on_screen_resume()
        self.show_progress()

    # ------------------------------------------------------------------ cursor and preview

    def on_case_list_pointed(self, message: CaseList.Pointed) -> None:
        """Ask for the preview once the cursor rests."""
        if self.query_one("#preview").display:
            self.set_timer(_PREVIEW_DELAY, lambda: self._preview(message.case))

    def on_resize(self) -> None:
        """Ask for the preview when it becomes visible."""
        pointed = self.query_one(CaseList).pointed
        if pointed is not None:
            self.call_after_refresh(self._preview, pointed)

    def on_case_list_opened(self, message: CaseList.Opened) -> None:
        """Open a case."""
        self.review.open_case(message.case.case_id)

    def _preview(self, case: CaseRecord) -> None:
        pane = self.query_one("#preview", LinePane)
        if pane.display and case is self.query_one(CaseList).pointed:
            self.run_worker(later(self._show_preview, case), group="preview", exclusive=True)

    async def _show_preview(self, case: CaseRecord) -> None:
        pane = self.query_one("#preview", LinePane)
        try:
            view = await self.review.desk.view(case.case_id)
        except ExciseError as error:
            problem = str(error)
            pane.show(lambda width: paragraph(problem, width, Tone.BAD))
            return
        if case is self.query_one(CaseList).pointed:
            pane.show(lambda width: preview_lines(view, width))

    # ------------------------------------------------------------------ verbs

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Take the deciding verbs away from those who may only read."""
        return not (action == "decide" and self.review.desk.reviewer.read_only)

    def action_decide(self, verdict: str) -> None:
        """Decide the case under the cursor."""
        pointed = self.query_one(CaseList).pointed
        if pointed is not None:
            self.review.judge(pointed.case_id, Verdict(verdict))

    def action_skip(self) -> None:
        """Put the case under the cursor behind all others, and go on."""
        pointed = self.query_one(CaseList).pointed
        if pointed is not None:
            self.review.skip(pointed.case_id)

    def action_copy_id(self) -> None:
        """Copy the id of the case under the cursor."""
        pointed = self.query_one(CaseList).pointed
        if pointed is not None:
            self.review.copy_id(pointed.case_id)

    def action_refresh_queue(self) -> None:
        """Take a new snapshot."""
        self.review.take_queue()

    # ------------------------------------------------------------------ filter

    def action_filter(self) -> None:
        """Write a filter."""
        self.add_class("filtering")
        self.query_one("#filter", Input).focus()

    def action_clear_filter(self) -> None:
        """Leave the filter's field; on the list, show every case again."""
        self._mistake(())
        if self.query_one("#filter", Input).has_focus:
            self._leave_filter()
        elif self.review.filter_text:
            self.query_one("#filter", Input).value = ""
            self.review.narrow(Filter(), "")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what cannot be read, with a caret below it."""
        parsed = parse_filter(event.value)
        self._mistake(_caret(parsed) if isinstance(parsed, Mistake) else ())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Show only what the filter asks for."""
        parsed = parse_filter(event.value)
        if isinstance(parsed, Filter):
            self._leave_filter()
            self.review.narrow(parsed, event.value.strip())

    def _leave_filter(self) -> None:
        self.remove_class("filtering")
        self.query_one(CaseList).focus()

    def _mistake(self, lines: Iterable[Line]) -> None:
        shown = tuple(lines)
        bar = self.query_one("#filter-mistake", Bar)
        bar.display = bool(shown)
        bar.show(lambda _: shown)

    def _totals(self, _width: int) -> tuple[Line, ...]:
        sitting = self.review.sitting
        counts = sitting.queue.counts
        filtered = self.review.filter_text
        shown = f"{len(sitting.queue.cases):,} of {self.review.all_cases:,}"
        return (
            (
                say(" "),
                *marks.dotted(
                    say(f"{counts.open:,} open"),
                    say(f"{counts.awaiting_second:,} need a second reviewer"),
                    say(counted(counts.accounts, "account")),
                    say(f"{len(sitting.settled):,} decided" if sitting.settled else "", Tone.GOOD),
                    say(f"{len(sitting.skipped):,} skipped" if sitting.skipped else ""),
                    say(f"filter {filtered} shows {shown}" if filtered else "", Tone.ACCENT),
                ),
            ),
        )

    def _nothing(self, width: int) -> list[Line]:
        if self.review.filter_text:
            return paragraph("no case fits the filter; esc shows all", width, Tone.DIM)
        return paragraph("nothing waits for a reviewer", width, Tone.DIM)


def _caret(mistake: Mistake) -> tuple[Line, ...]:
    caret = "^" * max(mistake.end - mistake.start, 1)
    return (line(say(" " * (mistake.start + 1)), say(caret, Tone.BAD), say(f" {mistake.message}")),)
