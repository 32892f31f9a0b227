"""Equal actions on several accounts, told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from engine.ledger.deciding import by_floor, set_apart
from engine.ledger.records import ActionRecord, ActionStatus
from engine.review.kept_json import json_of
from engine.review.wording import action_phrase

_UNDECIDED = frozenset(
    status.value
    for status in (ActionStatus.PROPOSED, ActionStatus.HELD, ActionStatus.AWAITING_SECOND)
)


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Equal actions on several accounts."""

    phrase: str
    status: str
    approvals_needed: int
    reversible: bool
    reason: str
    policies: str
    accounts: tuple[str, ...]
    by_floor: bool
    """Law 5 holds it: no reviewer can approve it."""
    apart: bool = False
    """The accounts do not do what their campaign does: decided by itself, after all others."""
    details: tuple[str, ...] = ()
    """What is so of each account, where it is not the same of all."""

    @property
    def undecided(self) -> bool:
        return self.status in _UNDECIDED


def action_groups(actions: Sequence[ActionRecord]) -> Iterator[ActionGroup]:
    """Yield the actions of a case, those alike together."""
    for key, group in groupby(sorted(actions, key=_group_key), key=_group_key):
        phrase, status, reason, policies, approvals, reversible = key
        equal = sorted(group, key=lambda action: action.account_id)
        yield ActionGroup(
            phrase,
            status,
            approvals,
            reversible,
            reason,
            policies,
            accounts=tuple(action.account_id for action in equal),
            by_floor=by_floor(equal[0]),
            apart=set_apart(equal[0]),
            details=tuple(map(_detail, equal)) if set_apart(equal[0]) else (),
        )


def _group_key(action: ActionRecord) -> tuple[str, str, str, str, int, bool]:
    parameters = json_of(action.parameters, f"action {action.action_id}: its parameters", dict)
    phrase = action_phrase(action.action, parameters)
    return (
        phrase,
        action.status,
        action.reason.partition("; ")[0] if set_apart(action) else action.reason,
        action.policies,
        action.approvals_needed,
        action.reversible,
    )


def _detail(action: ActionRecord) -> str:
    return action.reason.partition("; ")[2]
