"""From answers to planned actions, account by account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.decide.finding import Answer
from engine.enforce.action import Disposition, PlannedAction, Target
from engine.enforce.caps import hold_over_caps
from engine.enforce.exemptions import fitting
from engine.enforce.floor import shortfall
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.model.response import ActionSpec
from engine.language.subject import Subject
from engine.language.words import ActionKind, Approval, Status

_APPROVALS = {Approval.NONE: 0, Approval.ONE: 1, Approval.TWO: 2}


def plan_actions(
    pack: Pack,
    answers: Sequence[Answer],
    targets: Mapping[Subject, Sequence[Target]],
    *,
    active_accounts: int,
    already_today: Mapping[ActionKind, frozenset[str]],
    as_of_us: int,
) -> tuple[PlannedAction, ...]:
    """Return what to do to whom: floor first, then exemptions, then caps.

    Floor and exemptions come first because an action that they stop reaches nobody and so must not
    push the others over a cap; repeats are dropped last, so that each response's cap is measured on
    all that the response asks for. `targets` names the accounts of every answered subject.
    """
    planned = [
        _plan(pack, answer, spec, target, as_of_us)
        for answer in answers
        for spec in answer.step.do
        for target in targets[answer.subject]
    ]
    return _once(hold_over_caps(planned, pack.guardrails, active_accounts, already_today))


def _once(planned: Sequence[PlannedAction]) -> tuple[PlannedAction, ...]:
    """Drop repeats: what two steps or two responses ask for one account is one action.

    An exemption from one answer does not shield from another, what one cap holds no other response
    lets through, the one that needs more approvals stays, and a reason is not lost; among equals
    the first.
    """
    unique: dict[tuple[object, ...], PlannedAction] = {}
    for action in planned:
        spec = action.spec
        key = (action.answer.subject, action.account_id, spec.kind, spec.for_us, spec.feature)
        if key not in unique or _weight(action) > _weight(unique[key]):
            unique[key] = action
    return tuple(unique.values())


def _weight(action: PlannedAction) -> tuple[bool, bool, int, bool]:
    return (
        action.disposition is not Disposition.EXEMPT,
        action.disposition is Disposition.HOLD,
        action.approvals,
        bool(action.reason),
    )


def _plan(
    pack: Pack, answer: Answer, spec: ActionSpec, target: Target, as_of_us: int
) -> PlannedAction:
    lacking = shortfall(spec, answer)
    if lacking is not None:
        # The pack asked for more than the evidence carries: what remains is a record.
        reason = f"floor: {lacking}; {spec.kind.value} not taken"
        log = ActionSpec(ActionKind.LOG, span=spec.span)
        return PlannedAction(answer, log, target.account_id, 0, Disposition.RECORD, reason)
    if spec.kind is ActionKind.LOG:
        return PlannedAction(answer, spec, target.account_id, 0, Disposition.RECORD)
    approvals = approvals_needed(spec, answer)
    exemption = fitting(pack.exemptions, target, answer, as_of_us)
    if exemption is not None:
        return PlannedAction(
            answer, spec, target.account_id, approvals, Disposition.EXEMPT,
            f"exemption {exemption.name}: {exemption.reason}",
        )  # fmt: skip
    disposition = Disposition.PROPOSE if approvals else Disposition.AUTOMATIC
    return PlannedAction(answer, spec, target.account_id, approvals, disposition)


def approvals_needed(spec: ActionSpec, answer: Answer) -> int:
    """Return how many reviewers must agree: the pack's word, and at least the engine's."""
    least = 0 if spec.kind.reversible else 2
    if any(policy.status is Status.REVIEW for policy in _behind(answer)):
        least = max(least, 1)
    return max(_APPROVALS[answer.step.approval], least)


def _behind(answer: Answer) -> Iterator[Policy]:
    """Yield the policies of an answer's findings, and those whose findings these rest on."""
    for finding in answer.findings:
        yield finding.policy
        yield from finding.rests_on
