"""Which hits are new, and which are gone.

Accounts and organisations are themselves. So are campaigns under equal links; under other links a
campaign may be cut otherwise, and it is a hit that stayed when at least half of its accounts were
behind some hit of the other pack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.language.subject import Subject

Accounts = Callable[[Subject], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Matched:
    """Subjects that the candidate hits, and those that just the live pack hits."""

    newly: tuple[Subject, ...]
    unchanged: tuple[Subject, ...]
    gone: tuple[Subject, ...]


def by_name(candidate: Sequence[Subject], live: Sequence[Subject]) -> Matched:
    """Match subjects that both packs call the same."""
    before, after = frozenset(live), frozenset(candidate)
    return Matched(
        tuple(subject for subject in candidate if subject not in before),
        tuple(subject for subject in candidate if subject in before),
        tuple(subject for subject in live if subject not in after),
    )


def by_accounts(
    candidate: Sequence[Subject],
    live: Sequence[Subject],
    accounts: Accounts,
    accounts_before: Accounts,
) -> Matched:
    """Match campaigns that other links made."""
    after = frozenset[str]().union(*map(accounts, candidate))
    before = frozenset[str]().union(*map(accounts_before, live))
    return Matched(
        tuple(s for s in candidate if not _half(accounts(s), before)),
        tuple(s for s in candidate if _half(accounts(s), before)),
        tuple(s for s in live if not _half(accounts_before(s), after)),
    )


def _half(accounts: frozenset[str], others: frozenset[str]) -> bool:
    return 2 * len(accounts & others) >= len(accounts)
