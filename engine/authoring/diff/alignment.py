"""Which part of a sequence was which part before."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.language.canonical import canonical_bytes

T = TypeVar("T")
Likeness = Callable[[T], object]
"""Two parts with the same likeness are one that changed; None is like nothing."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Positions in the old and the new sequence."""

    pairs: tuple[tuple[int, int], ...]
    """In the order of the new sequence."""
    removed: tuple[int, ...]
    added: tuple[int, ...]

    @property
    def reordered(self) -> bool:
        """Return whether the parts that stayed stand in another order."""
        before = [old for old, _ in self.pairs]
        return before != sorted(before)


def aligned(old: Sequence[T], new: Sequence[T], likenesses: Sequence[Likeness[T]]) -> Alignment:
    """Pair equal parts first, then those that are alike, by one likeness after the other."""
    exact: list[Likeness[T]] = [canonical_bytes]
    pairs: dict[int, int] = {}
    for likeness in (*exact, *likenesses):
        waiting: dict[object, deque[int]] = defaultdict(deque)
        for position, part in enumerate(old):
            if position not in pairs.values():
                waiting[likeness(part)].append(position)
        waiting.pop(None, None)
        for position, part in enumerate(new):
            if position not in pairs and waiting[key := likeness(part)]:
                pairs[position] = waiting[key].popleft()
    return Alignment(
        tuple((pairs[position], position) for position in sorted(pairs)),
        tuple(p for p in range(len(old)) if p not in pairs.values()),
        tuple(p for p in range(len(new)) if p not in pairs),
    )


@dataclass(frozen=True, slots=True)
class Delta:
    """What came to a collection of plain values and what went, in their order."""

    added: tuple[object, ...]
    removed: tuple[object, ...]


def delta(old: Sequence[object], new: Sequence[object]) -> Delta:
    """Return what came and what went; a value that is there twice counts twice."""
    return Delta(_surplus(new, old), _surplus(old, new))


def _surplus(these: Sequence[object], those: Sequence[object]) -> tuple[object, ...]:
    left = Counter(map(canonical_bytes, those))
    found = []
    for value in these:
        key = canonical_bytes(value)
        if left[key]:
            left[key] -= 1
        else:
            found.append(value)
    return tuple(found)
