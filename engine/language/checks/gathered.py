"""What several checks look at is gathered once for a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TypeVar

from engine.language.draft import Draft

T = TypeVar("T")


def gathered(gather: Callable[[Draft], Iterable[T]]) -> Callable[[Draft], tuple[T, ...]]:
    """Let a function of a draft give the same things when it is asked again."""

    @wraps(gather)
    def once(draft: Draft) -> tuple[T, ...]:
        if gather not in draft.kept:
            draft.kept[gather] = tuple(gather(draft))
        return draft.kept[gather]

    return once
