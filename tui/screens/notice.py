"""A dialog that tells something the reviewer must not miss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from tui.tone import BLANK, Line, Tone, line, paragraph, say
from tui.widgets.bar import Bar


class NoticeScreen(ModalScreen[None]):
    """A heading and some paragraphs; any of the usual keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape,space,q", "close", "close"),
    ]

    def __init__(self, heading: str, texts: Sequence[str]) -> None:
        super().__init__()
        self._heading = heading
        self._texts = tuple(text for text in texts if text)

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with VerticalScroll(id="dialog"):
            yield Bar(self._lines, id="notice")

    def on_resize(self) -> None:
        """Make room for every line."""
        self.call_after_refresh(self._set_height)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    def _set_height(self) -> None:
        bar = self.query_one("#notice", Bar)
        bar.styles.height = len(self._lines(bar.size.width or 60))

    def _lines(self, width: int) -> list[Line]:
        lines: list[Line] = [line(say(self._heading, Tone.CRITICAL))]
        for text in self._texts:
            lines += [BLANK, *paragraph(text, width)]
        return [*lines, BLANK, line(say("enter", Tone.ACCENT), say(" close"))]
