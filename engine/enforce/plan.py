"""From answers to planned actions, account by account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.decide.finding import Answer, Finding
from engine.decide.remainder import without
from engine.enforce.action import Disposition, PlannedAction, Target
from engine.enforce.caps import hold_over_caps
from engine.enforce.exemptions import fitting
from engine.enforce.floor import shortfall
from engine.enforce.grounds import Basis, Grounds
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
    grounds: Grounds | None = None,
) -> tuple[PlannedAction, ...]:
    """Return what to do to whom: grounds first, then floor, exemptions, and caps.

    A finding without a ground for an account does not act on it: what remains of the answer is
    planned. Without `grounds` every finding has one.

    Caps come last because an action that is stopped before reaches nobody and so must not
    push the others over a cap; repeats are dropped last, so that each response's cap is measured on
    all that the response asks for. `targets` names the accounts of every answered subject.
    """
    planned = [
        action
        for answer in answers
        for target in targets[answer.subject]
        for action in _Planning(pack, grounds, as_of_us).actions(answer, target)
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


@dataclass(frozen=True, slots=True)
class _Planning:
    """What an answer comes to for one account."""

    pack: Pack
    grounds: Grounds | None
    as_of_us: int

    def actions(self, answer: Answer, target: Target) -> Iterator[PlannedAction]:
        lost = self._without_ground(answer, target)
        rest = without(answer, {finding.policy.name for finding in lost}) if lost else answer
        why = "; ".join(self.grounds.lacking(f, target.org_id) for f in lost if self.grounds)
        if rest is None:
            yield from (_groundless(answer, spec, target, why) for spec in answer.step.do)
            return
        for spec in rest.step.do:
            yield self._plan(rest, spec, target, why)

    def _without_ground(self, answer: Answer, target: Target) -> list[Finding]:
        """Return the findings, of all the response asks about, that no clause carries."""
        if self.grounds is None:
            return []
        asked = answer.climb.findings if answer.climb else answer.findings
        return [f for f in asked if self.grounds.basis(f, target.org_id) is Basis.NONE]

    def _plan(self, answer: Answer, spec: ActionSpec, target: Target, why: str) -> PlannedAction:
        lacking = shortfall(spec, answer)
        if lacking is not None:
            # The pack asked for more than the evidence carries: what remains is a record.
            reason = f"floor: {lacking}; {spec.kind.value} not taken" + (f"; {why}" if why else "")
            log = ActionSpec(ActionKind.LOG, span=spec.span)
            return PlannedAction(answer, log, target.account_id, 0, Disposition.RECORD, reason)
        if spec.kind is ActionKind.LOG:
            return PlannedAction(answer, spec, target.account_id, 0, Disposition.RECORD, why)
        approvals = max(approvals_needed(spec, answer), self._for_grounds(answer, target))
        exemption = fitting(self.pack.exemptions, target, answer, self.as_of_us)
        if exemption is not None:
            return PlannedAction(
                answer, spec, target.account_id, approvals, Disposition.EXEMPT,
                f"exemption {exemption.name}: {exemption.reason}",
            )  # fmt: skip
        disposition = Disposition.PROPOSE if approvals else Disposition.AUTOMATIC
        return PlannedAction(answer, spec, target.account_id, approvals, disposition)

    def _for_grounds(self, answer: Answer, target: Target) -> int:
        """Return 1 where a person must see that a clause did not stand all the time."""
        if self.grounds is None:
            return 0
        bases = (self.grounds.basis(finding, target.org_id) for finding in answer.findings)
        return int(any(basis is not Basis.SETTLED for basis in bases))


def _groundless(answer: Answer, spec: ActionSpec, target: Target, why: str) -> PlannedAction:
    """Keep what was asked for without any ground, so that it is seen and can be counted."""
    kept = Disposition.RECORD if spec.kind is ActionKind.LOG else Disposition.EXEMPT
    return PlannedAction(answer, spec, target.account_id, 0, kept, why)


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
