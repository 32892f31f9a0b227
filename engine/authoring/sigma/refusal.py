"""What stops a rule from being imported: raised where it is found, reported where it stands."""

from __future__ import annotations

from engine.language.codes import Code
from engine.language.diagnostic import Diagnostics
from engine.language.span import Span


class RefusalError(Exception):
    """A part of a rule that the language cannot say; the message is a diagnostic's."""

    def __init__(self, code: Code, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def report(self, span: Span, problems: Diagnostics) -> None:
        """Add the diagnostic."""
        problems.error(self.code, span, self.message, hint=self.hint)
