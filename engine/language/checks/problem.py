"""What a check is, and what it yields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from engine.language.diagnostic import Level, Related
from engine.language.draft import Draft
from engine.language.span import Span


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a check found; the check's module adds the code and the level."""

    span: Span
    message: str
    hint: str | None = None
    related: tuple[Related, ...] = ()


class Check(Protocol):
    """A module of this package. Its docstring explains it, with an accepted and a refused example.

    An example shows the keys that matter; the rest of the pack is the tests' own.
    """

    ID: str
    TITLE: str
    LEVEL: Level
    ALONE: bool
    """Whether it judges each policy alone, whatever other policies there are; False unless said.

    Those of a large pack are then judged where they are read. A check that judges them together
    may see no more of them than `two_processes.bare` leaves: of tests, those of twins.
    """

    def check(self, draft: Draft) -> Iterator[Problem]:
        """Yield what is wrong, looking only at documents that could be read."""
