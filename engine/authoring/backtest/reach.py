"""The blast radius: what a run would propose, hold or let go out; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable

from engine.authoring.backtest.result import Reach
from engine.authoring.backtest.side import Side
from engine.batch.report import action_counts, reason_counts
from engine.enforce.action import Disposition, PlannedAction
from engine.language.words import ActionKind

_REACHING = frozenset({Disposition.PROPOSE, Disposition.AUTOMATIC, Disposition.HOLD})


def reach(candidate: Side, live: Side) -> Reach:
    """Compare what both packs would do to whom."""
    after, before = _reached(candidate.actions), _reached(live.actions)
    return Reach(
        action_counts(candidate.actions),
        action_counts(live.actions),
        reason_counts(candidate.actions),
        any(action.disposition is Disposition.HOLD for action in candidate.actions),
        len(after - before),
        len(before - after),
        len(candidate.settled),
    )


def _reached(actions: Iterable[PlannedAction]) -> frozenset[str]:
    """Return the accounts that something above `log` would happen to, once approved."""
    return frozenset(
        action.account_id
        for action in actions
        if action.kind is not ActionKind.LOG and action.disposition in _REACHING
    )
