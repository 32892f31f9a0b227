"""Everything one run found, put together as the rows that enter the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.activity.intake import Intake
from engine.batch.cases import OpenedCase, most_telling, open_cases
from engine.batch.evidence import Evidence
from engine.batch.recording import (
    Texts,
    action_records,
    fact_records,
    finding_record,
    member_records,
    sample_records,
    to_json,
)
from engine.batch.report import Report
from engine.decide.decide import Decisions
from engine.enforce.action import PlannedAction
from engine.language.model.pack import Pack
from engine.ledger.records import (
    CaseRecord,
    FindingRecord,
    RunRecord,
    RunRecords,
    SampleRecord,
)
from engine.review.redaction import redact
from engine.version import VERSION


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to, before it has rows."""

    run_id: str
    pack: Pack
    intake: Intake
    decisions: Decisions
    planned: Sequence[PlannedAction]
    evidence: Evidence
    report: Report


def assemble(
    outcome: Outcome,
    earlier: Iterable[CaseRecord],
    as_of_us: int,
    period: tuple[int | None, int | None],
) -> RunRecords:
    """Return a run's rows; `earlier` are the cases that the ledger holds."""
    extents = outcome.evidence.extents
    texts = Texts.of(outcome.pack)
    opened = open_cases(
        outcome.decisions.answers, earlier, extents, run_id=outcome.run_id, as_of_us=as_of_us
    )
    fresh = [case for case in opened if case.record.run_id == outcome.run_id]
    accounts = outcome.evidence.accounts
    return RunRecords(
        run=_run_record(outcome, as_of_us, period),
        findings=_findings(outcome, opened, texts, as_of_us),
        facts=tuple(row for f in outcome.decisions.findings for row in fact_records(f, texts)),
        cases=tuple(case.record for case in fresh),
        members=tuple(
            row
            for case in fresh
            for row in member_records(case.record.case_id, accounts[case.subject])
        ),
        samples=_samples(fresh, outcome.evidence),
        actions=tuple(
            action_records(
                outcome.planned,
                {case.subject: case for case in opened},
                {(s, a.target.account_id): a for s, mine in accounts.items() for a in mine},
                outcome.run_id,
                as_of_us,
            )
        ),
    )


def _findings(
    outcome: Outcome, opened: Sequence[OpenedCase], texts: Texts, as_of_us: int
) -> tuple[FindingRecord, ...]:
    cases = {
        (case.subject, finding.policy.name): case.record.case_id
        for case in opened
        for finding in case.findings
    }
    return tuple(
        finding_record(
            finding,
            texts,
            outcome.evidence.extents[finding.subject],
            cases.get((finding.subject, finding.policy.name)),
            outcome.run_id,
            as_of_us,
        )
        for finding in outcome.decisions.findings
    )


def _samples(cases: Sequence[OpenedCase], evidence: Evidence) -> tuple[SampleRecord, ...]:
    telling = {case.subject: most_telling(case.findings).policy for case in cases}
    examples = evidence.examples(
        {subject: tuple(s.selection for s in policy.select) for subject, policy in telling.items()}
    )
    return tuple(
        row
        for case in cases
        for row in sample_records(
            case.record.case_id, telling[case.subject].name, examples[case.subject], redact
        )
    )


def _run_record(
    outcome: Outcome, as_of_us: int, period: tuple[int | None, int | None]
) -> RunRecord:
    return RunRecord(
        run_id=outcome.run_id,
        pack_name=outcome.pack.name,
        pack_version=outcome.pack.version,
        pack_digest=outcome.pack.digest,
        engine_version=VERSION,
        input_digest=outcome.intake.digest,
        as_of_us=as_of_us,
        since_us=period[0],
        until_us=period[1],
        recorded_us=int(datetime.now(UTC).timestamp() * 1_000_000),
        report=to_json(outcome.report.to_json()),
    )
