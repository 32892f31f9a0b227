"""Deciding a case: what it does, what spoke against it, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input

from engine.ledger.records import Verdict
from engine.review.case_view import CaseView
from engine.review.decisions import REASONS
from tui.lines.decision import VERBS, decision_lines, reason_lines
from tui.tone import Line, Tone, line, say
from tui.widgets.bar import Bar
from tui.widgets.toned import Toned

_NOTE_LIMIT = 2_000
"""Characters of a note; the ledger takes up to 4,000 for the whole reason."""


class Reasons(Toned, can_focus=True):
    """The reasons to pick from by digit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "next reason", show=False),
        Binding("up", "step(-1)", "previous reason", show=False),
        Binding("enter", "write", "write a note", show=False),
    ]

    def __init__(self, verdict: Verdict, write: Callable[[str], None]) -> None:
        super().__init__(id="reasons")
        self._write = write
        self.picked: int | None = None
        self._verdict = verdict
        self.styles.height = len(REASONS[verdict])

    @property
    def reason(self) -> str:
        """The picked reason, or nothing."""
        return "" if self.picked is None else REASONS[self._verdict][self.picked - 1]

    def render_line(self, y: int) -> Strip:
        """Return one reason."""
        lines = reason_lines(self._verdict, self.picked, self.size.width)
        return self.paint(lines[y] if y < len(lines) else (), self.size.width)

    def on_key(self, event: Key) -> None:
        """Pick by digit; anything else that can be written begins the note.

        Keys of fast typists arrive here after the focus has moved on: they belong to the note too.
        """
        if event.character is None or not event.is_printable:
            return
        event.stop()
        event.prevent_default()
        digit = "123456789".find(event.character) + 1
        if self.screen.focused is self and 0 < digit <= len(REASONS[self._verdict]):
            self.picked = digit
            self.refresh()
            self._write("")
        else:
            self._write(event.character)

    def action_step(self, rows: int) -> None:
        """Pick the reason above or below."""
        count = len(REASONS[self._verdict])
        self.picked = (
            (1 if rows > 0 else count)
            if self.picked is None
            else (self.picked - 1 + rows) % count + 1
        )
        self.refresh()

    def action_write(self) -> None:
        """Go on to the note."""
        self._write("")


class DecideScreen(ModalScreen["str | None"]):
    """Returns the reason, or None when the reviewer thought better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "commit", "commit"),
        Binding("escape", "cancel", "cancel"),
    ]

    def __init__(self, view: CaseView, verdict: Verdict) -> None:
        super().__init__()
        self._view = view
        self._verdict = verdict

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with VerticalScroll(id="dialog", can_focus=False):
            yield Bar(self._lines, id="decision")
            yield Bar(lambda _: (line(say("Reason", Tone.STRONG), say("  pick by digit")),))
            yield Reasons(self._verdict, self._write_note)
            # What is typed before the focus arrives must not be selected: the next key replaced it.
            yield Input(
                placeholder="note", id="note", max_length=_NOTE_LIMIT, select_on_focus=False
            )
            yield Bar(self._keys, id="hint")

    def on_mount(self) -> None:
        """Start on the reasons."""
        self.query_one(Reasons).focus()
        self.call_after_refresh(self._set_height)

    def on_resize(self) -> None:
        """Make room for every line."""
        self.call_after_refresh(self._set_height)

    def on_input_submitted(self) -> None:
        """Say how to commit: a stray enter must not decide."""
        self._hint("ctrl+s commits")

    def action_commit(self) -> None:
        """Return the reason, if there is one."""
        said = (self.query_one(Reasons).reason, self.query_one("#note", Input).value.strip())
        reason = ": ".join(part for part in said if part)
        if reason:
            self.dismiss(reason)
        else:
            self._hint("a decision needs a reason: pick one, or write one")
            self.query_one(Reasons).focus()

    def action_cancel(self) -> None:
        """Decide nothing."""
        self.dismiss(None)

    def _write_note(self, text: str) -> None:
        note = self.query_one("#note", Input)
        self.set_focus(note)
        note.insert_text_at_cursor(text)

    def _set_height(self) -> None:
        bar = self.query_one("#decision", Bar)
        bar.styles.height = len(self._lines(bar.size.width or 60))

    def _lines(self, width: int) -> Sequence[Line]:
        return decision_lines(self._view, self._verdict, width)

    def _keys(self, _width: int) -> tuple[Line, ...]:
        verb = VERBS[self._verdict][0].lower()
        return (
            line(
                say("ctrl+s", Tone.ACCENT),
                say(f" {verb}   "),
                say("esc", Tone.ACCENT),
                say(" cancel   "),
                say("tab", Tone.ACCENT),
                say(" reasons, note"),
            ),
        )

    def _hint(self, text: str) -> None:
        self.query_one("#hint", Bar).show(lambda _: (line(say(text, Tone.UNDECIDED)),))
