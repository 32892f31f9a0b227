"""Everything one run found, put together as the rows that enter the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.activity.intake import Intake
from engine.batch.cases import OpenedCase, grown, most_telling, open_cases
from engine.batch.citations import citations
from engine.batch.evidence import Evidence
from engine.batch.past import Past
from engine.batch.recording import (
    Cited,
    Texts,
    action_records,
    fact_records,
    finding_record,
    member_records,
    sample_records,
    to_json,
)
from engine.batch.report import Report
from engine.batch.succession import conduct_json, succession_record
from engine.campaigns.conduct import Conduct
from engine.campaigns.lineage import Lineage
from engine.campaigns.succession import Succession
from engine.decide.decide import Decisions
from engine.decide.finding import Finding
from engine.enforce.action import PlannedAction
from engine.enforce.grounds import Grounds
from engine.language.model.pack import Pack
from engine.ledger.records import (
    ConductRecord,
    FindingRecord,
    LineageRecord,
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
    grounds: Grounds
    report: Report
    turns: Sequence[Lineage]
    successions: Sequence[Succession]
    """Those that no run has told yet."""
    conducts: Mapping[str, Conduct]
    """By campaign that something may be done about."""


def assemble(
    outcome: Outcome,
    past: Past,
    as_of_us: int,
    period: tuple[int | None, int | None],
) -> RunRecords:
    """Return a run's rows; `past` tells what the ledger holds."""
    extents = outcome.evidence.extents
    texts = Texts.of(outcome.pack)
    opened = open_cases(
        outcome.decisions.answers, past.cases(), extents, run_id=outcome.run_id, as_of_us=as_of_us
    )
    fresh = [case for case in opened if case.record.run_id == outcome.run_id]
    growing = [case for case in opened if case.record.run_id != outcome.run_id and not case.settled]
    accounts = outcome.evidence.accounts
    cited = tuple(_cited(outcome, finding, texts) for finding in outcome.decisions.findings)
    return RunRecords(
        run=_run_record(outcome, as_of_us, period),
        findings=_findings(outcome, cited, opened, texts, as_of_us),
        facts=tuple(row for each in cited for row in fact_records(each, texts)),
        cases=tuple(case.record for case in fresh),
        members=tuple(
            row
            for case in (*fresh, *growing)
            for row in member_records(case.record.case_id, accounts[case.subject])
        ),
        samples=_samples(fresh, outcome.evidence),
        actions=tuple(
            action_records(
                outcome.planned,
                {case.subject: case for case in opened},
                {(s, a.target.account_id): a for s, mine in accounts.items() for a in mine},
                past.exempt_actions(),
                outcome.run_id,
                as_of_us,
            )
        ),
        lineage=tuple(
            LineageRecord(outcome.run_id, turn.turn.value, turn.campaign, turn.other, turn.accounts)
            for turn in outcome.turns
        ),
        successions=tuple(succession_record(one, outcome.run_id) for one in outcome.successions),
        conducts=tuple(
            ConductRecord(
                outcome.run_id,
                case.subject.id,
                case.record.case_id,
                as_of_us,
                to_json(conduct_json(outcome.conducts[case.subject.id])),
            )
            for case in opened
            if case.record.campaign_id is not None and case.subject.id in outcome.conducts
        ),
        growths=tuple(grown(case, extents[case.subject], outcome.run_id) for case in growing),
    )


def _cited(outcome: Outcome, finding: Finding, texts: Texts) -> Cited:
    organisations = outcome.evidence.organisations(finding.subject)
    return Cited.of(finding, citations(finding, outcome.grounds, organisations), texts)


def _findings(
    outcome: Outcome,
    cited: Sequence[Cited],
    opened: Sequence[OpenedCase],
    texts: Texts,
    as_of_us: int,
) -> tuple[FindingRecord, ...]:
    cases = {
        (case.subject, finding.policy.name): case.record.case_id
        for case in opened
        for finding in case.findings
    }
    return tuple(
        finding_record(
            each,
            texts,
            outcome.evidence.extents[each.finding.subject],
            cases.get((each.finding.subject, each.finding.policy.name)),
            outcome.run_id,
            as_of_us,
        )
        for each in cited
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
