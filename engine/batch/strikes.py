"""What was done before to a subject's accounts, as the ladder counts it.

A strike on a subject is one past decision that reached at least half of its accounts: an approval
that throttled and verified sixty accounts is one strike on their campaign, not a hundred and
twenty, and a few members with a past of their own do not make their whole campaign a repeat
offender.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from engine.decide.kleene import Strikes
from engine.language.subject import Subject
from engine.language.words import ActionKind

Past = Mapping[str, Collection[tuple[int, str]]]
"""By account: when what was done, as the ledger has it."""

_GRAVITY = {kind.value: rank for rank, kind in enumerate(ActionKind)}


def strikes_of(
    past: Past, accounts: Callable[[Subject], tuple[str, ...]]
) -> Callable[[Subject], Strikes]:
    """Return the function that tells a subject's strikes; `accounts` names its accounts."""

    def strikes(subject: Subject) -> Strikes:
        if not past:
            return ()
        mine = accounts(subject)
        reached: dict[int, set[str]] = {}
        gravest: dict[int, str] = {}
        for account in mine:
            for when_us, action in past.get(account, ()):
                reached.setdefault(when_us, set()).add(account)
                worst = gravest.setdefault(when_us, action)
                gravest[when_us] = max(worst, action, key=_GRAVITY.__getitem__)
        return tuple(
            (when_us, ActionKind(gravest[when_us]))
            for when_us, struck in sorted(reached.items())
            if 2 * len(struck) >= len(mine)
        )

    return strikes
