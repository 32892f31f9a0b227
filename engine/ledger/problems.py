"""What a verification finds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError

from engine.errors import ExciseError, RetryableError
from engine.ledger.database import NoRoomError, NotAllowedError, fault

PROBLEM_LIMIT = 20
"""Problems told of one place; the others are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One contradiction: where it is (`file`, `schema`, `log`, a table …), and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Problems:
    """The problems found so far."""

    _by_place: dict[str, list[str]] = field(default_factory=dict)
    _left_out: dict[str, int] = field(default_factory=dict)

    def add(self, where: str, what: str) -> None:
        """Note a problem."""
        found = self._by_place.setdefault(where, [])
        if len(found) < PROBLEM_LIMIT:
            found.append(what)
        else:
            self._left_out[where] = self._left_out.get(where, 0) + 1

    @property
    def count(self) -> int:
        """How many were found."""
        told = sum(len(found) for found in self._by_place.values())
        return told + sum(self._left_out.values())

    @contextmanager
    def noting(self, where: str, *, writes: bool = False) -> Iterator[None]:
        """Note whatever fails inside, but a busy database is whole, and a closed one not judged.

        SQLite also says that the disk is full when a damaged file claims a value of gigabytes, so
        that counts as a problem unless what is done inside `writes`.
        """
        try:
            yield
        except (RetryableError, NotAllowedError):
            raise
        except (DBAPIError, sqlite3.Error) as error:
            words = fault(where, error)
            if isinstance(words, RetryableError) and (writes or not isinstance(words, NoRoomError)):
                raise words from error
            if isinstance(words, NotAllowedError):
                raise words from error
            self.add(where, f"cannot be read: {getattr(error, 'orig', error)}")
        except ExciseError as error:
            self.add(where, str(error))
        except Exception as error:  # noqa: BLE001  # a damaged file can fail in any way
            self.add(where, f"cannot be read ({type(error).__name__})")

    def all(self) -> tuple[Problem, ...]:
        """Return what was found, place by place."""
        told = (Problem(where, what) for where, found in self._by_place.items() for what in found)
        more = (Problem(where, f"and {count} more") for where, count in self._left_out.items())
        return (*told, *more)
