"""The review terminal: the application, its state, and the way from one case to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import LineFilter
from textual.screen import Screen

from engine.errors import ExciseError
from engine.ledger.records import CaseRecord, RunRecord, Verdict
from engine.review.case_view import CaseView
from engine.review.decisions import Sitting
from engine.review.escape import printable
from engine.review.filter import Filter
from engine.review.queue import WAITING, Queue
from engine.review.wording import ago
from tui import start
from tui.desk import Desk
from tui.filters import Ascii, Shield
from tui.later import later
from tui.lines.top import Standing
from tui.screens.audit import AuditScreen
from tui.screens.case import CaseScreen
from tui.screens.decide import DecideScreen
from tui.screens.help import HelpScreen
from tui.screens.notice import NoticeScreen
from tui.screens.queue import QueueScreen
from tui.themes import THEMES

_LOOK_EVERY = 30.0
"""Seconds between two looks for a new run."""
_TICK = 15.0
"""Seconds between two repaints of the clock."""
_OPEN = frozenset(status.value for status in WAITING)


class ReviewApp(App[None]):
    """Holds the sitting; screens show it and ask for verbs."""

    CSS_PATH = "review.tcss"
    TITLE = "excise"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 -- Textual declares its type
        (0, "-narrow"),
        (120, "-medium"),
        (200, "-wide"),
    ]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "queue": QueueScreen,
        "case": CaseScreen,
        "audit": AuditScreen,
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "to_queue", "queue", show=False),
        Binding("2", "to_case", "the case opened last", show=False),
        Binding("3", "switch_mode('audit')", "audit log", show=False),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("q", "quit", "quit"),
    ]

    def __init__(self, desk: Desk, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.desk = desk
        self.sitting = Sitting(Queue(()))
        self.filter_text = ""
        self._filter = Filter()
        self._all = Queue(())
        self._run: RunRecord | None = None
        self._stale = False
        self._last_filters: list[LineFilter] = [Shield(), *([Ascii()] if ascii_only else [])]
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    async def on_mount(self) -> None:
        """Take the queue, and open its screen."""
        await self._take_queue()
        self.switch_mode("queue")
        self.set_interval(_LOOK_EVERY, self._look_for_runs)
        self.set_interval(_TICK, self._refresh_top)

    def _fatal_error(self) -> None:
        # Textual would print the locals of every frame, prompts and all, straight to the terminal.
        self._close_messages_no_wait()

    @property
    def fault(self) -> Exception | None:
        """What broke the application, if anything did."""
        return self._exception

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return Textual's filters and, last of all, what keeps the terminal safe."""
        return [*super().get_line_filters(), *self._last_filters]

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Return what the palette offers."""
        offered = {"Theme", "Quit", "Keys"}
        return (item for item in super().get_system_commands(screen) if item.title in offered)

    # ------------------------------------------------------------------ what screens show

    @property
    def all_cases(self) -> int:
        """How many cases the queue holds, filtered or not."""
        return len(self._all.cases)

    def status_of(self, case: CaseRecord) -> str:
        """Return a case's status as this sitting knows it; `skipped` when it was skipped."""
        status = self.sitting.status(case)
        return "skipped" if status in _OPEN and case.case_id in self.sitting.skipped else status

    def standing(self) -> Standing:
        """Return what the line at the top tells."""
        decided = sum(case_id in self._all.places for case_id in self.sitting.settled)
        waiting = len(self._all.cases) - decided
        return Standing(self._run, self.desk.reviewer, waiting, self.desk.clock(), self._stale)

    def say(self, text: str) -> None:
        """Tell the reviewer something that needs no answer."""
        self.notify(printable(text), markup=False, timeout=4)

    # ------------------------------------------------------------------ queue

    def take_queue(self) -> None:
        """Take a new snapshot of the queue."""
        self.run_worker(later(self._take_queue), group="queue", exclusive=True)

    async def _take_queue(self) -> None:
        try:
            self._all, self._run = await self.desk.queue()
            cases = await self.desk.matching(self._all, self._filter)
        except ExciseError as error:
            self.notice("the queue cannot be read", error)
            return
        self._stale = False
        self.sitting.renew(Queue(cases, self._all.own))
        self._show_queue()

    def narrow(self, wanted: Filter, text: str) -> None:
        """Show only the cases that a filter asks for."""
        self._filter, self.filter_text = wanted, text
        self.run_worker(later(self._narrow), group="queue", exclusive=True)

    async def _narrow(self) -> None:
        try:
            cases = await self.desk.matching(self._all, self._filter)
        except ExciseError as error:
            self.notice("the filter cannot be used", error)
            return
        self.sitting.queue = Queue(cases, self._all.own)
        self._show_queue()

    def _show_queue(self) -> None:
        for screen in self._queue_screens():
            screen.show_cases()

    def _queue_screens(self) -> list[QueueScreen]:
        stacks = self._screen_stacks.values()
        return [each for stack in stacks for each in stack if isinstance(each, QueueScreen)]

    async def _look_for_runs(self) -> None:
        try:
            latest = await self.desk.latest_run()
        except ExciseError:
            return  # a busy database is no news; the next look comes soon
        shown = self._run.run_id if self._run else None
        self._stale = latest is not None and latest.run_id != shown
        self._refresh_top()

    def _refresh_top(self) -> None:
        refresh = getattr(self.screen, "refresh_top", None)
        if refresh is not None:
            refresh()

    # ------------------------------------------------------------------ going about

    def action_to_queue(self) -> None:
        """Go to the queue."""
        self.back_to_queue(None)

    def action_to_case(self) -> None:
        """Go to the case opened last."""
        self.switch_mode("case")

    def back_to_queue(self, case_id: str | None) -> None:
        """Go to the queue, with the cursor on a case."""
        self.switch_mode("queue")
        for screen in self._queue_screens():
            if case_id is not None:
                screen.point_at(case_id)

    def open_case(self, case_id: str) -> None:
        """Go to a case."""
        if not isinstance(self.screen, CaseScreen):
            self.switch_mode("case")
        screen = self.screen
        if isinstance(screen, CaseScreen):
            screen.open(case_id)

    def copy_id(self, case_id: str) -> None:
        """Put a case's id on the clipboard."""
        self.copy_to_clipboard(printable(case_id))
        self.say(f"copied {case_id}")

    def action_help(self) -> None:
        """Show the keys of this screen."""
        keys: dict[tuple[str, str], list[str]] = {}
        for key, active in self.screen.active_bindings.items():
            binding = active.binding
            if active.enabled and binding.description and "." not in binding.action:
                moves = binding.action.partition("(")[0] in ("move", "page", "edge")
                group = "Moving" if moves else "Everywhere" if active.node is self else "Here"
                shown = self.get_key_display(binding.with_key(key, None))
                keys.setdefault((group, binding.description), []).append(shown)
        self.push_screen(HelpScreen(keys))

    # ------------------------------------------------------------------ deciding

    def skip(self, case_id: str) -> None:
        """Put a case behind all others, and go on."""
        self.sitting.skip(case_id)
        self._go_on(case_id)

    def judge(self, case_id: str, verdict: Verdict) -> None:
        """Ask for a reason, record the verdict, and go on to the next case."""
        self.run_worker(later(self._judge, case_id, verdict), group="judge", exclusive=True)

    async def _judge(self, case_id: str, verdict: Verdict) -> None:
        try:
            view = await self._seen(case_id)
        except ExciseError as error:
            self.notice("the case cannot be read", error)
            return
        if view.case.status not in _OPEN:
            self.say(f"case {case_id} is {view.case.status} already")
            return
        reason = await self.push_screen_wait(DecideScreen(view, verdict))
        if reason is None:
            return
        try:
            await self.desk.decide(view.case, verdict, reason)
        except ExciseError as error:
            await self._disagree(view.case, error)
            return
        await self._settle(case_id)
        self.say(f"{'approved' if verdict is Verdict.APPROVE else 'rejected'} {case_id}")
        self._go_on(case_id)

    async def _seen(self, case_id: str) -> CaseView:
        """Return the case as the reviewer sees it: a verdict is on that version, not on a newer."""
        screen = self.screen
        view = screen.view if isinstance(screen, CaseScreen) else None
        if view is not None and view.case.case_id == case_id:
            return view
        return await self.desk.view(case_id)

    async def _disagree(self, case: CaseRecord, error: ExciseError) -> None:
        """Say why a verdict was not taken, and show the case as it is now."""
        latest = list(await self.desk.decisions(case.case_id))[-1:]
        who = [
            f"{made.reviewer} decided on version {made.case_version} "
            f"{ago(self.desk.clock() - made.decided_us)} ago."
            for made in latest
            if made.case_version >= case.version
        ]
        self.notice("your verdict was not recorded", error, *who)
        await self._settle(case.case_id)
        if isinstance(self.screen_stack[0], CaseScreen):
            self.screen_stack[0].open(case.case_id)

    async def _settle(self, case_id: str) -> None:
        """Note a case's status as the ledger has it now."""
        case = await self.desk.case(case_id)
        place = self.sitting.queue.places.get(case_id)
        if case is None or place is None:
            return
        if case.version != self.sitting.queue.cases[place].version:
            self.sitting.settle(case_id, case.status)

    def _go_on(self, case_id: str) -> None:
        following = self.sitting.next_after(case_id)
        for screen in self._queue_screens():
            screen.show_progress()
        if following is None:
            self.say("every case in this queue is decided")
            self.back_to_queue(case_id)
        elif isinstance(self.screen, CaseScreen):
            self.open_case(following.case_id)
            for screen in self._queue_screens():
                screen.point_at(following.case_id)
        else:
            self.back_to_queue(following.case_id)

    def notice(self, heading: str, error: ExciseError, *more: str) -> None:
        """Tell what went wrong, and wait until it is read."""
        self.push_screen(NoticeScreen(heading, (str(error), *more, error.hint or "")))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the terminal; return its exit status."""
    return start.main(arguments, ReviewApp)
