"""Caps: over one, every action it governs is held; nobody picks the first few (law 7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from engine.enforce.action import Disposition, PlannedAction
from engine.language.model.pack import Guardrails
from engine.language.model.response import Cap
from engine.language.words import ActionKind

Governs = Callable[[PlannedAction], bool]


def hold_over_caps(
    actions: Sequence[PlannedAction],
    guardrails: Guardrails,
    active_accounts: int,
    already_today: Mapping[ActionKind, frozenset[str]],
) -> tuple[PlannedAction, ...]:
    """Return the actions, those over a cap held with the reason.

    A cap is measured on the accounts its actions would touch if no other cap existed, so the order
    of caps does not matter. `already_today` names the accounts that earlier runs of the same day
    proposed or sent each kind of action to; an account named again counts once.
    """
    touching = [action for action in actions if action.counts_against_caps]
    reasons: list[tuple[Governs, str]] = []
    responses = {a.answer.response.name: a.answer.response for a in touching}
    for name, response in sorted(responses.items()):
        governs = _of_response(name)
        hit = _accounts(action for action in touching if governs(action) and _above_log(action))
        _check(f"response {name}", response.cap, len(hit), active_accounts, governs, reasons)
    for kind in ActionKind:
        governs = _of_kind(kind)
        hit = _accounts(action for action in touching if governs(action))
        run, day = guardrails.per_run.get(kind), guardrails.per_day.get(kind)
        if hit and run:
            _check(f"{kind.value} per run", run, len(hit), active_accounts, governs, reasons)
        if hit and day:
            total = len(hit | already_today.get(kind, frozenset()))
            _check(f"{kind.value} per day", day, total, active_accounts, governs, reasons)
    return tuple(_hold(action, reasons) for action in actions)


def _of_response(name: str) -> Governs:
    return lambda action: action.answer.response.name == name


def _of_kind(kind: ActionKind) -> Governs:
    return lambda action: action.kind is kind


def _above_log(action: PlannedAction) -> bool:
    return action.kind is not ActionKind.LOG


def _accounts(actions: Iterable[PlannedAction]) -> frozenset[str]:
    return frozenset(action.account_id for action in actions)


def _check(
    what: str,
    cap: Cap,
    hit: int,
    active_accounts: int,
    governs: Governs,
    reasons: list[tuple[Governs, str]],
) -> None:
    limit = limit_of(cap, active_accounts)
    if limit is not None and hit > limit:
        reasons.append((governs, f"cap: {what} would reach {hit} accounts, at most {limit}"))


def limit_of(cap: Cap, active_accounts: int) -> int | None:
    """Return the number of accounts a cap allows, None when it sets no limit."""
    limits = [] if cap.accounts is None else [cap.accounts]
    if cap.share is not None:
        limits.append(math.floor(Fraction(str(cap.share)) * active_accounts))
    return min(limits) if limits else None


def _hold(action: PlannedAction, reasons: list[tuple[Governs, str]]) -> PlannedAction:
    if not action.counts_against_caps:
        return action
    hit = [reason for governs, reason in reasons if governs(action)]
    if not hit:
        return action
    return replace(action, disposition=Disposition.HOLD, reason="; ".join(hit))
