"""Diagnostics: what is wrong with a piece of policy text, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from engine.language.codes import Code
from engine.language.span import Span


class Level(Enum):
    """How serious a diagnostic is: an error leaves no pack, a warning does."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a diagnostic."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing wrong with the pack's text.

    A message starts in lower case or with a symbol in backticks and has no final period: it is a
    label under a caret, not a sentence. AssertionError tells the programmer who wrote it otherwise.
    """

    code: str
    severity: Level
    message: str
    span: Span
    hint: str | None = None
    related: tuple[Related, ...] = ()

    def __post_init__(self) -> None:
        for text in (self.message, *(related.message for related in self.related)):
            if not _has_style(text):
                fault = f"a diagnostic starts in lower case and has no final period: {text!r}"
                raise AssertionError(fault)

    @property
    def is_error(self) -> bool:
        """Whether the pack cannot be used."""
        return self.severity is Level.ERROR


def _has_style(text: str) -> bool:
    return bool(text) and not text[0].isupper() and not text.endswith(".")


class Diagnostics:
    """An accumulator: readers and checks add to it and go on."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}

    def error(
        self,
        code: Code,
        span: Span,
        message: str,
        *,
        hint: str | None = None,
        related: Iterable[Related] = (),
    ) -> None:
        """Add an error; the same error at the same place counts once."""
        self.add(Diagnostic(code.id, Level.ERROR, message, span, hint, tuple(related)))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic unless it is there already."""
        self._found.setdefault(diagnostic)

    def include(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add several."""
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def understood(
        self, what: str, keys: Mapping[str, tuple[object, bool, object]], many: Mapping[str, object]
    ) -> None:
        """Take notice of the keys that a kind of mapping may have; here, of nothing.

        The reference of the language is made by readers that are watched through this.
        """

    def sorted(self) -> tuple[Diagnostic, ...]:
        """Return all of them in the order of the text."""
        return tuple(sorted(self._found, key=lambda found: (found.span, found.code, found.message)))


_SHOWN = 60


def quote(name: object) -> str:
    """Return a name out of the text in backticks: shortened, control characters escaped."""
    text = str(name)
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return f"`{printable(shown).replace('`', chr(39))}`"


def a(noun: str) -> str:
    """Return a noun with its indefinite article."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def printable(text: str) -> str:
    """Return text that cannot steer a terminal: what is not printable is escaped."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )
