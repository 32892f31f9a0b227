"""One run's results as the rows that enter the ledger."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.batch.cases import Extent, OpenedCase, most_telling
from engine.batch.evidence import SubjectAccount
from engine.batch.examples import Example
from engine.batch.explanation import explain
from engine.batch.identity import identity
from engine.batch.outcome_json import end, outcome_json
from engine.campaigns.campaign import Member
from engine.decide.finding import Finding
from engine.enforce.action import Disposition, PlannedAction
from engine.language.canonical import digest
from engine.language.model.pack import Pack
from engine.language.plain_json import spelled
from engine.language.subject import Subject
from engine.language.wording import signal_words
from engine.ledger.records import (
    ActionRecord,
    ActionStatus,
    FactRecord,
    FindingRecord,
    MemberRecord,
    SampleRecord,
)

_STATUS = {
    Disposition.RECORD: ActionStatus.RECORDED,
    Disposition.PROPOSE: ActionStatus.PROPOSED,
    Disposition.AUTOMATIC: ActionStatus.APPROVED,
    Disposition.HOLD: ActionStatus.HELD,
    Disposition.APART: ActionStatus.HELD,
    Disposition.EXEMPT: ActionStatus.EXEMPT,
}


def exact(number: float) -> float | str:
    """Return a number as canonical JSON can hold it: an integer beyond 2^53 as its digits."""
    if isinstance(number, float):
        return end(number)
    return number if abs(number) < 2**53 else str(number)


def to_json(value: object) -> str:
    """Return canonical JSON text."""
    return spelled(value).decode()


@dataclass(frozen=True, slots=True)
class Texts:
    """Digests and words of a pack's policies, written once for all findings of a run."""

    digests: Mapping[str, str]
    """By policy."""
    measures: Mapping[tuple[str, str], str]
    """By policy and signal."""

    @classmethod
    def of(cls, pack: Pack) -> Texts:
        """Write the texts."""
        return cls(
            {policy.name: digest(replace(policy, promotion=None)) for policy in pack.policies},
            {
                (policy.name, signal.name): signal_words(policy, signal.name)
                for policy in pack.policies
                for signal in policy.signals
            },
        )


@dataclass(frozen=True, slots=True)
class Cited:
    """A finding with what it cites, and its id."""

    finding: Finding
    clauses: Sequence[Mapping[str, object]]
    id: str

    @classmethod
    def of(cls, finding: Finding, clauses: Sequence[Mapping[str, object]], texts: Texts) -> Cited:
        """Give a finding its id.

        A contract that is known only later makes another finding of the same conduct.
        """
        amended = [to_json(clause) for clause in clauses if "organisations" in clause]
        return cls(finding, clauses, finding_id(finding, texts, *amended))


def finding_id(finding: Finding, texts: Texts, *amended: str) -> str:
    """Return the decision key: policy as written, subject, the facts it rests on, and contracts."""
    facts = to_json(
        [[name, end(fact.low), end(fact.high)] for name, fact in sorted(finding.facts.items())]
    )
    subject, policy = finding.subject, texts.digests[finding.policy.name]
    return identity("finding", policy, subject.kind.value, subject.id, facts, *amended)


def finding_record(
    cited: Cited, texts: Texts, extent: Extent, case_id: str | None, run_id: str, as_of_us: int
) -> FindingRecord:
    """Return the row of a finding, with the clauses that it cites."""
    finding, policy = cited.finding, cited.finding.policy
    return FindingRecord(
        finding_id=cited.id,
        run_id=run_id,
        case_id=case_id,
        policy=policy.name,
        policy_version=policy.version,
        policy_status=policy.status.value,
        behaviour=policy.behaviour.value,
        axis=policy.axis.value,
        severity=policy.severity.value,
        subject_kind=finding.subject.kind.value,
        subject_id=finding.subject.id,
        as_of_us=as_of_us,
        first_event_us=extent.first_us,
        last_event_us=extent.last_us,
        clauses=to_json(cited.clauses),
        explanation=explain(finding),
        policy_text=policy.text,
        policy_file=policy.span.file,
        policy_line=policy.span.line,
        outcome=to_json(outcome_json(finding, texts.measures)),
    )


def fact_records(cited: Cited, texts: Texts) -> list[FactRecord]:
    """Return the rows of the facts behind a finding."""
    finding = cited.finding
    return [
        FactRecord(
            finding_id=cited.id,
            signal=name,
            measure=texts.measures[finding.policy.name, name],
            low=str(end(fact.low)),
            high=str(end(fact.high)),
            counts=to_json({name: exact(count) for name, count in fact.counts.items()}),
        )
        for name, fact in sorted(finding.facts.items())
    ]


def member_records(case_id: str, accounts: Sequence[SubjectAccount]) -> list[MemberRecord]:
    """Return the rows of a case's accounts."""
    return [
        MemberRecord(
            case_id=case_id,
            account_id=account.target.account_id,
            org_id=account.target.org_id,
            strength=f"{account.member.strength:.6f}" if account.member else "",
            evidence=to_json(_membership(account.member)),
            exchanges=account.exchanges,
        )
        for account in accounts
    ]


def _membership(member: Member | None) -> Mapping[str, object]:
    """Return why an account belongs to its campaign, and how sure that is."""
    ties: list[dict[str, object]] = [
        {"shared": tie.shared, "value": tie.value, "accounts": tie.accounts}
        | ({"needed": True} if tie.needed else {})
        for tie in (member.evidence if member else ())
    ]
    if member is None or member.confidence is None:
        return {"ties": ties}
    return {"confidence": member.confidence, "ties": ties}


def sample_records(
    case_id: str, policy: str, examples: Iterable[Example], redact: Callable[[str], str]
) -> list[SampleRecord]:
    """Return the rows of example exchanges; the text passes `redact` and never stays raw."""
    return [
        SampleRecord(
            case_id=case_id,
            position=position,
            event_id=example.event_id,
            account_id=example.account_id,
            ts_us=example.ts_us,
            model=example.model,
            policy=policy,
            excerpt="" if example.text is None else redact(example.text),
        )
        for position, example in enumerate(examples)
    ]


def action_records(
    planned: Iterable[PlannedAction],
    cases: Mapping[Subject, OpenedCase],
    accounts: Mapping[tuple[Subject, str], SubjectAccount],
    stopped: Collection[str],
    run_id: str,
    as_of_us: int,
) -> list[ActionRecord]:
    """Return the rows of actions, one an account and step; none for settled cases.

    `stopped` names the actions in the ledger that an exemption stopped.
    """
    records = []
    steps: dict[tuple[int, int], _Step] = {}
    for action in tuple(planned):
        opened = cases[action.answer.subject]
        if opened.settled:
            continue
        asked = id(action.answer), id(action.spec)  # both live as long as what was planned
        step = steps.get(asked) or steps.setdefault(asked, _Step.of(action))
        records.append(_action_record(action, step, opened, accounts, stopped, run_id, as_of_us))
    return records


@dataclass(frozen=True, slots=True)
class _Step:
    """What one step of an answer says of every account alike."""

    parameters: str
    policies: str
    behaviour: str

    @classmethod
    def of(cls, action: PlannedAction) -> _Step:
        """Write it out."""
        spec, findings = action.spec, action.answer.findings
        parameters: dict[str, object] = {}
        if spec.for_us is not None:
            parameters["for_us"] = exact(spec.for_us)
        if spec.feature is not None:
            parameters["feature"] = spec.feature
        return cls(
            parameters=to_json(parameters),
            policies=",".join(sorted({finding.policy.name for finding in findings})),
            behaviour=most_telling(findings).policy.behaviour.value,
        )


def _action_record(
    action: PlannedAction,
    step: _Step,
    opened: OpenedCase,
    accounts: Mapping[tuple[Subject, str], SubjectAccount],
    stopped: Collection[str],
    run_id: str,
    as_of_us: int,
) -> ActionRecord:
    case, spec = opened.record, action.spec
    account = accounts[action.answer.subject, action.account_id]
    key = (case.case_id, spec.kind.value, step.parameters, action.account_id)
    return ActionRecord(
        action_id=_action_id(action.disposition, key, stopped),
        run_id=run_id,
        case_id=case.case_id,
        response=action.answer.response.name,
        policies=step.policies,
        behaviour=step.behaviour,
        action=spec.kind.value,
        parameters=step.parameters,
        reversible=spec.kind.reversible,
        approvals_needed=action.approvals,
        status=_STATUS[action.disposition].value,
        reason="; ".join(filter(None, (action.reason, action.detail))),
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        account_id=action.account_id,
        campaign_id=case.campaign_id,
        first_event_us=account.first_us,
        last_event_us=account.last_us,
        as_of_us=as_of_us,
    )


def _action_id(disposition: Disposition, key: tuple[str, ...], stopped: Collection[str]) -> str:
    """Return the id of an action; what is exempt or decided about apart is another one."""
    match disposition:
        case Disposition.EXEMPT:
            return identity("action", *key, "exempt")
        case Disposition.APART:
            return _asked_anew((*key, "apart"), stopped)
    return _asked_anew(key, stopped)


def _asked_anew(key: tuple[str, ...], stopped: Collection[str]) -> str:
    """Return the id of an action; what an exemption stopped before its end is another one."""
    ids = (identity("action", *key, *(("again", n) if n else ())) for n in itertools.count())
    return next(action_id for action_id in ids if action_id not in stopped)
