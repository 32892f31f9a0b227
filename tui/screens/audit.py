"""The audit log: the runs it holds, and whether it still verifies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer

from engine.errors import ExciseError
from engine.review.audit import Audit
from tui.later import later
from tui.lines.audit import audit_lines, run_lines
from tui.screens.base import ReviewScreen
from tui.tone import Line, Tone, line, paragraph, say
from tui.widgets.line_pane import LinePane


class AuditScreen(ReviewScreen):
    """Verification happens in a thread of its own; the screen stays usable."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("V", "verify", "verify"),
        Binding("R", "refresh_runs", "refresh"),
        Binding("escape", "back", "queue"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._done = (0, 0)
        self._verifying = False

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.top_bar()
        yield LinePane("Audit log", id="result")
        yield LinePane("Runs", id="runs")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show the runs."""
        result = self.query_one("#result", LinePane)
        result.show(lambda _: (line(say("V", Tone.ACCENT), say(" verifies every entry")),))
        result.focus()
        self.set_interval(0.25, self._show_progress)
        self.action_refresh_runs()

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to what is shown."""
        return ("audit",)

    def action_verify(self) -> None:
        """Verify the log, unless that is under way."""
        if not self._verifying:
            self._verifying, self._done = True, (0, 0)
            self._show_progress()
            self.run_worker(later(self._verify), group="verify")

    def action_refresh_runs(self) -> None:
        """Ask for the runs again."""
        self.run_worker(later(self._load_runs), group="runs", exclusive=True)

    def action_back(self) -> None:
        """Go back to the queue."""
        self.review.back_to_queue(None)

    async def _verify(self) -> None:
        pane = self.query_one("#result", LinePane)
        try:
            result: Audit = await self.review.desk.verify(self._note_progress)
        except ExciseError as error:
            problem = str(error)
            pane.show(lambda width: paragraph(problem, width, Tone.BAD))
        else:
            pane.show(lambda width: audit_lines(result, width))
        finally:
            self._verifying = False

    async def _load_runs(self) -> None:
        pane = self.query_one("#runs", LinePane)
        try:
            runs = await self.review.desk.runs()
        except ExciseError as error:
            problem = str(error)
            pane.show(lambda width: paragraph(problem, width, Tone.BAD))
            return
        pane.show(lambda width: run_lines(runs, width))

    def _note_progress(self, done: int, total: int) -> None:
        # Called from the verifying thread: only a note, the timer paints it.
        self._done = (done, total)

    def _show_progress(self) -> None:
        if self._verifying:
            self.query_one("#result", LinePane).show(self._progress_lines)

    def _progress_lines(self, _width: int) -> Sequence[Line]:
        done, total = self._done
        return (line(say(f"verifying {done:,} of {total:,} entries")),)
