"""From answers to planned actions, account by account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from engine.decide.finding import Answer
from engine.enforce.action import APART, Disposition, PlannedAction, Target
from engine.enforce.bystanders import TAKES_PART, Bystander, Numbers, bystander
from engine.enforce.caps import hold_over_caps
from engine.enforce.carried import Carried, carried
from engine.enforce.exemptions import fitting
from engine.enforce.floor import shortfall
from engine.enforce.grounds import Grounds
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
    members: Mapping[Subject, Mapping[str, Numbers]] = MappingProxyType({}),
) -> tuple[PlannedAction, ...]:
    """Return what to do to whom: grounds first, then floor, exemptions, and caps.

    A finding without a ground for an account does not act on it: what remains of the answer is
    planned. Without `grounds` every finding has one.

    Caps come last because an action that is stopped before reaches nobody and so must not
    push the others over a cap; repeats are dropped last, so that each response's cap is measured on
    all that the response asks for. `targets` names the accounts of every answered subject,
    `members` has the numbers of those that a response may exculpate.
    """
    planning = _Planning(pack, grounds, as_of_us, members)
    planned = [
        action for answer in answers for action in planning.actions(answer, targets[answer.subject])
    ]
    return _once(hold_over_caps(planned, pack.guardrails, active_accounts, already_today))


def _once(planned: Sequence[PlannedAction]) -> tuple[PlannedAction, ...]:
    """Drop repeats: what two steps or two responses ask for one account is one action.

    An exemption from one answer does not shield from another, what one response decides about apart
    or one cap holds no other response lets through, the one that needs more approvals stays, and a
    reason is not lost; among equals the first.
    """
    unique: dict[tuple[object, ...], PlannedAction] = {}
    for action in planned:
        spec = action.spec
        key = (action.answer.subject, action.account_id, spec.kind, spec.for_us, spec.feature)
        if key not in unique or _weight(action) > _weight(unique[key]):
            unique[key] = action
    return tuple(unique.values())


def _weight(action: PlannedAction) -> tuple[bool, bool, bool, int, bool]:
    return (
        action.disposition is not Disposition.EXEMPT,
        action.disposition is Disposition.APART,
        action.disposition is Disposition.HOLD,
        action.approvals,
        bool(action.reason),
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of what remains of an answer: what is so of all accounts that it is asked for."""

    answer: Answer
    spec: ActionSpec
    approvals: int
    settled: Disposition | None = None
    """What becomes of it whoever the account is; None where that depends on the account."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Planning:
    """What answers come to, account by account."""

    pack: Pack
    grounds: Grounds | None
    as_of_us: int
    members: Mapping[Subject, Mapping[str, Numbers]]

    def actions(self, answer: Answer, targets: Sequence[Target]) -> Iterator[PlannedAction]:
        """Yield what an answer comes to; the terms are read once an organisation they name."""
        known: dict[str | None, Sequence[_Step]] = {}
        for target in targets:
            whose = self.grounds.concerned(target.org_id) if self.grounds else None
            if whose not in known:
                rest = carried(answer, self.grounds, whose) if self.grounds else Carried(answer)
                known[whose] = tuple(_steps(answer, rest))
            for step in known[whose]:
                yield self._plan(step, target)

    def _plan(self, step: _Step, target: Target) -> PlannedAction:
        answer, spec, account = step.answer, step.spec, target.account_id
        approvals, disposition, reason, detail = step.approvals, step.settled, step.reason, ""
        if disposition is None:
            exemption = fitting(self.pack.exemptions, target, answer, self.as_of_us)
            aside = TAKES_PART if exemption else self._bystander(answer, target)
            if exemption:
                disposition = Disposition.EXEMPT
                reason = f"exemption {exemption.name}: {exemption.reason}"
            elif aside.holds:
                disposition, approvals = Disposition.APART, max(approvals, 1)
                reason, detail = f"{APART}: {aside.rule}", aside.values
            else:
                approvals = approvals if aside.holds is False else max(approvals, 1)
                disposition = Disposition.PROPOSE if approvals else Disposition.AUTOMATIC
        return PlannedAction(answer, spec, account, approvals, disposition, reason, detail)

    def _bystander(self, answer: Answer, target: Target) -> Bystander:
        numbers = self.members.get(answer.subject, {}).get(target.account_id)
        return bystander(answer.response.exculpate, numbers)


def _steps(asked: Answer, rest: Carried) -> Iterator[_Step]:
    """Yield the steps of an answer as far as the terms and the evidence carry it."""
    if rest.answer is None:
        # What was asked for without any ground is kept, so that it is seen and can be counted.
        for spec in asked.step.do:
            log = spec.kind is ActionKind.LOG
            kept = Disposition.RECORD if log else Disposition.EXEMPT
            yield _Step(asked, spec, 0, kept, rest.why)
        return
    for spec in rest.answer.step.do:
        yield _step(rest.answer, spec, rest)


def _step(answer: Answer, spec: ActionSpec, rest: Carried) -> _Step:
    lacking = shortfall(spec, answer)
    if lacking is not None:
        # The pack asked for more than the evidence carries: what remains is a record.
        reason = f"floor: {lacking}; {spec.kind.value} not taken"
        reason += f"; {rest.why}" if rest.why else ""
        log = ActionSpec(ActionKind.LOG, span=spec.span)
        return _Step(answer, log, 0, Disposition.RECORD, reason)
    if spec.kind is ActionKind.LOG:
        return _Step(answer, spec, 0, Disposition.RECORD, rest.why)
    return _Step(answer, spec, max(approvals_needed(spec, answer), rest.approvals))


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
