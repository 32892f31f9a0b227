"""One case: the evidence, the policy beside it, the campaign, samples, actions and decisions."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.events import DescendantFocus
from textual.widgets import Footer

from engine.errors import ExciseError
from engine.ledger.records import Verdict
from engine.review.case_view import CaseView
from tui.later import later
from tui.lines.campaign import campaign_lines
from tui.lines.evidence import evidence_lines
from tui.lines.history import history_lines
from tui.lines.policy import first_match, policy_lines
from tui.lines.samples import sample_lines
from tui.lines.summary import head_lines
from tui.screens.base import ReviewScreen
from tui.tone import Line, Piece, Tone, paragraph, say
from tui.verbs import DECIDING, TRIAGE
from tui.widgets.bar import Bar
from tui.widgets.line_pane import LinePane

PANES = ("evidence", "policy", "campaign", "samples", "history")
_TITLES = {
    "evidence": "Evidence",
    "policy": "Policy as evaluated",
    "campaign": "Campaign",
    "samples": "Samples, redacted",
    "history": "Actions and decisions",
}


class CaseScreen(ReviewScreen):
    """Five panes: tabs on a narrow terminal, side by side on a wide one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *DECIDING,
        *TRIAGE,
        Binding("n", "beside(1)", "next"),
        Binding("N", "beside(-1)", "previous"),
        Binding("tab,l,right", "pane(1)", "pane", key_display="tab"),
        Binding("shift+tab,h,left", "pane(-1)", "previous pane", show=False),
        Binding("escape", "back", "queue"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.view: CaseView | None = None
        self._wanted: str | None = None

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.top_bar()
        yield Bar(id="head")
        yield Bar(self._tabs, id="tabs")
        with Grid(id="panes"):
            for name in PANES:
                yield LinePane(_TITLES[name], id=name)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Start on the evidence."""
        self._enter("evidence")
        if self._wanted is not None:
            self.open(self._wanted)

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to what is shown."""
        return ("queue", self._wanted[:16] if self._wanted else "no case opened")

    def open(self, case_id: str) -> None:
        """Show a case; a later request overtakes an earlier one."""
        self._wanted = case_id
        if self.query(LinePane):
            self.run_worker(later(self._load, case_id), group="case", exclusive=True)

    async def _load(self, case_id: str) -> None:
        try:
            view = await self.review.desk.view(case_id)
        except ExciseError as error:
            self._show_problem(str(error))
            return
        self.view = view
        self._show(view)

    def _show(self, view: CaseView) -> None:
        self.refresh_top()
        self.query_one("#head", Bar).show(lambda width: self._head(view, width))
        panes = {name: self.query_one(f"#{name}", LinePane) for name in PANES}
        panes["evidence"].show(lambda width: evidence_lines(view, width))
        panes["policy"].show(
            lambda width: policy_lines(view, width), lambda width: first_match(view, width)
        )
        panes["campaign"].show(lambda width: campaign_lines(view, width))
        panes["samples"].show(lambda width: sample_lines(view, width))
        panes["history"].show(lambda width: history_lines(view, width))
        self._enter("evidence")

    def _show_problem(self, problem: str) -> None:
        self.view = None
        self.query_one("#head", Bar).show(lambda width: paragraph(problem, width, Tone.BAD))
        for name in PANES:
            self.query_one(f"#{name}", LinePane).show(lambda _: ())

    def _head(self, view: CaseView, width: int) -> list[Line]:
        sitting = self.review.sitting
        at = sitting.queue.places.get(view.case.case_id)
        place = "" if at is None else f"{at + 1:,}/{len(sitting.queue.cases):,}"
        return head_lines(view, width, status=view.case.status, place=place)

    def _tabs(self, _width: int) -> tuple[Line, ...]:
        pieces: list[Piece] = []
        for name in PANES:
            current = self.query_one(f"#{name}").has_class("-current")
            label = name.capitalize()
            text = f"[{label}]" if current else f" {label} "
            pieces += [say(text, Tone.STRONG if current else Tone.DIM), say(" ")]
        return (tuple(pieces),)

    # ------------------------------------------------------------------ panes

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Note which pane is entered."""
        if event.widget.id in PANES:
            self._enter(event.widget.id)

    def action_pane(self, step: int) -> None:
        """Go to another pane."""
        names = [name for name in PANES if self.query_one(f"#{name}").has_class("-current")]
        at = PANES.index(names[0]) if names else 0
        self._enter(PANES[(at + step) % len(PANES)])

    def _enter(self, name: str) -> None:
        for other in PANES:
            self.query_one(f"#{other}").set_class(other == name, "-current")
        pane = self.query_one(f"#{name}", LinePane)
        if not pane.has_focus:
            pane.focus(scroll_visible=False)
        self.query_one("#tabs", Bar).show(self._tabs)

    # ------------------------------------------------------------------ verbs

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Take the deciding verbs away from those who may only read."""
        return not (action == "decide" and self.review.desk.reviewer.read_only)

    def action_decide(self, verdict: str) -> None:
        """Decide this case."""
        if self.view is not None:
            self.review.judge(self.view.case.case_id, Verdict(verdict))

    def action_skip(self) -> None:
        """Put this case behind all others, and open the next."""
        if self.view is not None:
            self.review.skip(self.view.case.case_id)

    def action_beside(self, step: int) -> None:
        """Open the neighbour in the list."""
        beside = self.review.sitting.beside(self._wanted or "", step)
        if beside is None:
            self.review.say(f"this is the {'last' if step > 0 else 'first'} case of the list")
        else:
            self.review.open_case(beside.case_id)

    def action_copy_id(self) -> None:
        """Copy the id of this case."""
        if self.view is not None:
            self.review.copy_id(self.view.case.case_id)

    def action_back(self) -> None:
        """Go back to the queue, with the cursor on this case."""
        self.review.back_to_queue(self._wanted)
