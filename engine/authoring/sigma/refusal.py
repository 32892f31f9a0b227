"""What stops a rule from being imported: raised where it is found, reported where it stands."""

from __future__ import annotations

from engine.authoring.sigma import codes
from engine.language.codes import Code
from engine.language.diagnostic import Diagnostics
from engine.language.span import Span

_ADVICE = {
    codes.NO_WORD.id: "leave the test out, or write what it stands for by hand",
    codes.MISFIT.id: "compare the field with values of its type, or map another field to it",
    codes.BAD_CONDITION.id: "write a number that events can reach",
}
"""What to do where nothing better is known."""


class RefusalError(Exception):
    """A part of a rule that the language cannot say; the message is a diagnostic's."""

    def __init__(self, code: Code, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def report(self, span: Span, problems: Diagnostics) -> None:
        """Add the diagnostic."""
        problems.error(self.code, span, self.message, hint=self.hint or _ADVICE.get(self.code.id))
