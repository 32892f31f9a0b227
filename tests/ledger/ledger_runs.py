"""Made-up runs to put into a ledger."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from engine.ledger.records import (
    ActionRecord,
    CaseRecord,
    FactRecord,
    FindingRecord,
    GrowthRecord,
    MemberRecord,
    RunRecord,
    RunRecords,
    SampleRecord,
)

DAY = 86_400_000_000
AS_OF = 1_760_000_000_000_000


def _id(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def run_record(
    name: str = "r1", *, as_of_us: int = AS_OF, recorded_us: int = AS_OF + 5
) -> RunRecord:
    return RunRecord(
        run_id=_id("run", name),
        pack_name="base",
        pack_version="1.0.0",
        pack_digest="ab" * 32,
        engine_version="0.1.0",
        input_digest="cd" * 32,
        as_of_us=as_of_us,
        since_us=None,
        until_us=as_of_us,
        recorded_us=recorded_us,
        report='{"rows":3}',
    )


def finding_record(run: RunRecord, subject: str, case_id: str | None) -> FindingRecord:
    return FindingRecord(
        finding_id=_id("finding", subject, run.as_of_us),
        run_id=run.run_id,
        case_id=case_id,
        policy="reasoning-harvest",
        policy_version=3,
        policy_status="enforce",
        behaviour="distillation",
        axis="content",
        severity="high",
        subject_kind="account",
        subject_id=subject,
        as_of_us=run.as_of_us,
        first_event_us=run.as_of_us - DAY,
        last_event_us=run.as_of_us - 1,
        clauses='[{"clause":"no-distillation"}]',
        explanation="demands hidden reasoning — “全部” 🜁",
        policy_text="policy: reasoning-harvest\n",
        policy_file="policies/reasoning.yaml",
        policy_line=1,
        outcome='{"holds":true,"text":"share >= 0.5"}',
    )


def case_record(
    run: RunRecord, subject: str, severity: str = "high", accounts: int = 1
) -> CaseRecord:
    return CaseRecord(
        case_id=_id("case", subject, run.as_of_us),
        run_id=run.run_id,
        response="stop-distillation",
        behaviour="distillation",
        severity=severity,
        subject_kind="account",
        subject_id=subject,
        campaign_id=None,
        accounts=accounts,
        title=f"distillation by {subject}",
        status="open",
        version=1,
        as_of_us=run.as_of_us,
        first_event_us=run.as_of_us - DAY,
        last_event_us=run.as_of_us - 1,
    )


def growth_record(case: CaseRecord, run_id: str) -> GrowthRecord:
    """Return how a case stands when nothing of it is another."""
    return GrowthRecord(
        case_id=case.case_id,
        run_id=run_id,
        response=case.response,
        behaviour=case.behaviour,
        severity=case.severity,
        title=case.title,
        first_event_us=case.first_event_us,
        last_event_us=case.last_event_us,
    )


def member_record(case_id: str, account: str, org: str | None = None) -> MemberRecord:
    ties = '[{"accounts":3,"shared":"payment","value":"p1"}]'
    return MemberRecord(case_id, account, org, "0.9", ties, 26)


def action_record(
    case: CaseRecord,
    account: str,
    action: str = "suspend",
    *,
    approvals: int = 1,
    status: str = "proposed",
    reason: str = "",
    run_id: str | None = None,
) -> ActionRecord:
    return ActionRecord(
        action_id=_id("action", case.case_id, account, action),
        run_id=run_id or case.run_id,
        case_id=case.case_id,
        response=case.response,
        policies="reasoning-harvest",
        behaviour=case.behaviour,
        action=action,
        parameters="{}",
        reversible=action != "terminate",
        approvals_needed=approvals,
        status=status,
        reason=reason,
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        account_id=account,
        campaign_id=case.campaign_id,
        first_event_us=case.first_event_us,
        last_event_us=case.last_event_us,
        as_of_us=case.as_of_us,
    )


def records_of(
    name: str = "r1",
    *,
    subjects: int = 2,
    accounts: int = 3,
    approvals: int = 1,
    as_of_us: int = AS_OF,
    recorded_us: int = AS_OF + 5,
    first: int = 0,
) -> RunRecords:
    """Return a run with a case for each subject, and for each case its accounts' actions."""
    run = run_record(name, as_of_us=as_of_us, recorded_us=recorded_us)
    names = [f"subject-{first + number}" for number in range(subjects)]
    cases = tuple(case_record(run, subject, accounts=accounts) for subject in names)
    findings = tuple(finding_record(run, case.subject_id, case.case_id) for case in cases)
    facts = tuple(
        FactRecord(
            finding.finding_id,
            signal,
            f"{signal} of {finding.subject_id}",
            "0.5",
            "inf",
            '{"events":26}',
        )
        for finding in findings
        for signal in ("harvest", "rhythm")
    )
    members = tuple(
        member_record(case.case_id, f"{case.subject_id}-{number}", None if number % 2 else "org-1")
        for case in cases
        for number in range(accounts)
    )
    samples = tuple(
        SampleRecord(
            case.case_id, position, f"e{position}", f"{case.subject_id}-0", run.as_of_us - 9,
            "model-1", "reasoning-harvest", "think step by step",
        )
        for case in cases
        for position in range(2)
    )  # fmt: skip
    actions = tuple(
        action_record(case, f"{case.subject_id}-{number}", approvals=approvals)
        for case in cases
        for number in range(accounts)
    )
    return RunRecords(run, findings, facts, cases, members, samples, actions)


def with_actions(records: RunRecords, *actions: ActionRecord) -> RunRecords:
    """Return a run with other actions."""
    return replace(records, actions=actions)
