"""One difference between two packs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.language.span import Span

Path = tuple[str, ...]
"""Where in a pack: the kind of document, its name, then fields, names and positions."""


class Kind(Enum):
    """What happened."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"
    REWRITTEN = "rewritten"  # the same in other words or in another order


class Leaning(Enum):
    """What follows for the policy or response: it fits as many subjects or fewer, or more."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"

    @property
    def opposite(self) -> Leaning:
        return Leaning.LOOSENED if self is Leaning.TIGHTENED else Leaning.TIGHTENED


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the model that is not in both packs alike."""

    path: Path
    """Positions are those in the new pack; in the old one for what was removed."""
    kind: Kind
    words: str
    old: object
    """The part as it was; None for what was added."""
    new: object
    old_at: Span | None
    """The nearest place that is known; None where the document is not in the old pack."""
    new_at: Span | None
    decides: bool
    """Whether anybody could be judged or treated otherwise; False for words, owners and tests."""
    leaning: Leaning | None = None
    """None where neither can be said for sure."""
    affects: tuple[str, ...] = ()
    """What uses the part: signals that count a selection, policies that use a list."""

    @property
    def document(self) -> Path:
        """Return the kind and the name of the document it is in."""
        return self.path[:2]
