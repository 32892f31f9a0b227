"""One run from input to committed ledger.

Everything is computed first and written in one transaction at the end, so a run that is killed
leaves nothing behind, and the same run again ends where it would have ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.activity.ingest import Intake, read_activity
from engine.activity.workspace import Workspace
from engine.batch.cases import OpenedCase, most_telling, open_cases
from engine.batch.evaluate import Evaluation, Progress, evaluate
from engine.batch.evidence import Evidence, SubjectAccount
from engine.batch.identity import identity
from engine.batch.recording import (
    action_records,
    fact_records,
    finding_id,
    finding_record,
    member_records,
    sample_records,
    to_json,
)
from engine.batch.report import Report, build_report
from engine.campaigns.find import Linkage, find_campaigns
from engine.decide.reference import Strikes
from engine.enforce.action import PlannedAction
from engine.enforce.plan import plan_actions
from engine.errors import InputError
from engine.language.model.pack import Pack, Source
from engine.language.subject import Subject
from engine.language.words import ActionKind
from engine.ledger.records import RunRecord, RunRecords, SampleRecord
from engine.ledger.store import Ledger, Recorded
from engine.review.redaction import redact
from engine.signals.matching import matching_sql
from engine.version import VERSION

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to run over; times are microseconds UTC, both ends inclusive."""

    activity: str
    source: Source | None = None
    as_of_us: int | None = None
    """None: the time of the last exchange. Never the clock, or no run could be repeated."""
    since_us: int | None = None
    until_us: int | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run."""

    report: Report
    records: RunRecords
    recorded: Recorded | None
    """None for a dry run."""
    intake: Intake



def run(
    pack: Pack,
    request: RunRequest,
    ledger: Ledger | None,
    *,
    progress: Progress = lambda _: None,
    memory: str = "1500MB",
    dry_run: bool = False,
) -> RunResult:
    """Evaluate activity by a pack and record the outcome.

    With `dry_run`, or without a ledger, nothing is written. Raises `InputError` for activity that
    cannot be read and `EngineFault` when the rules worker fails; then nothing is written either.
    """
    with Workspace(memory=memory) as workspace:
        progress("reading activity")
        intake = read_activity(
            workspace,
            request.activity,
            source=request.source,
            since_us=request.since_us,
            until_us=request.until_us,
        )
        report, records = _Run(pack, request, intake, workspace, ledger, progress).results()
        if ledger is None or dry_run:
            return RunResult(report, records, None, intake)
        progress("recording")
        return RunResult(report, records, ledger.record(records), intake)


class _Run:
    """The parts of one run, from read activity to rows."""

    def __init__(  # noqa: PLR0913 - what a run stands on
        self,
        pack: Pack,
        request: RunRequest,
        intake: Intake,
        workspace: Workspace,
        ledger: Ledger | None,
        progress: Progress,
    ) -> None:
        self._pack, self._request, self._intake = pack, request, intake
        self._workspace, self._ledger, self._progress = workspace, ledger, progress
        self._as_of_us = as_of(request, intake)
        self._run_id = run_id(pack, request, intake, self._as_of_us)

    def results(self) -> tuple[Report, RunRecords]:
        """Evaluate, plan the actions, and put the rows together."""
        evaluation = self._evaluate()
        findings = evaluation.decisions.findings
        evidence = Evidence(
            self._workspace, (f.subject for f in findings), evaluation.linkage.campaigns
        )
        accounts = evidence.accounts()
        planned = self._plan(evaluation, accounts)
        report = build_report(
            self._run_id, self._as_of_us, self._pack, self._intake, evaluation, planned
        )
        return report, self._records(evaluation, evidence, accounts, planned, report)

    def _evaluate(self) -> Evaluation:
        self._progress("linking accounts")
        linkage = find_campaigns(
            self._workspace,
            self._pack.links,
            as_of_us=self._as_of_us,
            since_us=self._request.since_us,
        )
        return evaluate(
            self._workspace,
            self._pack,
            self._intake,
            linkage,
            as_of_us=self._as_of_us,
            since_us=self._request.since_us,
            strikes=self._strikes_of(linkage),
            progress=self._progress,
        )

    def _strikes_of(self, linkage: Linkage) -> Callable[[Subject], Strikes]:
        if self._ledger is None:
            return lambda _: ()
        ledger = self._ledger
        members = {c.id: tuple(m.account_id for m in c.members) for c in linkage.campaigns}

        def strikes(subject: Subject) -> Strikes:
            accounts = members.get(subject.id, (subject.id,))
            return tuple(
                (when_us, ActionKind(action))
                for _, past in sorted(ledger.strikes(accounts, 0).items())
                for when_us, action in past
            )

        return strikes

    def _plan(
        self, evaluation: Evaluation, accounts: Mapping[Subject, Sequence[SubjectAccount]]
    ) -> tuple[PlannedAction, ...]:
        day_us = self._as_of_us - self._as_of_us % DAY_US
        today = {
            kind: self._ledger.accounts_acted_on(day_us, day_us + DAY_US - 1, kind.value)
            if self._ledger
            else frozenset[str]()
            for kind in self._pack.guardrails.per_day
        }
        return plan_actions(
            self._pack,
            evaluation.decisions.answers,
            {s: tuple(a.target for a in mine) for s, mine in accounts.items()},
            active_accounts=self._intake.active_accounts,
            already_today=today,
            as_of_us=self._as_of_us,
        )

    def _records(
        self,
        evaluation: Evaluation,
        evidence: Evidence,
        accounts: Mapping[Subject, Sequence[SubjectAccount]],
        planned: tuple[PlannedAction, ...],
        report: Report,
    ) -> RunRecords:
        extents = evidence.extents()
        opened = open_cases(
            evaluation.decisions.answers,
            self._ledger.cases() if self._ledger else (),
            extents,
            run_id=self._run_id,
            as_of_us=self._as_of_us,
        )
        findings = evaluation.decisions.findings
        case_of = {finding_id(f): o.record.case_id for o in opened for f in o.answer.findings}
        new = [case for case in opened if case.record.run_id == self._run_id]
        by_account = {(s, a.target.account_id): a for s, mine in accounts.items() for a in mine}
        return RunRecords(
            run=self._run_record(report),
            findings=tuple(
                finding_record(
                    f, self._pack, extents[f.subject], case_of.get(finding_id(f)),
                    self._run_id, self._as_of_us,
                )
                for f in findings
            ),  # fmt: skip
            facts=tuple(row for f in findings for row in fact_records(f)),
            cases=tuple(case.record for case in new),
            members=tuple(
                row
                for case in new
                for row in member_records(case.record.case_id, accounts[case.answer.subject])
            ),
            samples=tuple(row for case in new for row in self._samples(case, evidence)),
            actions=tuple(
                action_records(
                    planned,
                    {(o.answer.response.name, o.answer.subject): o for o in opened},
                    by_account,
                    self._run_id,
                    self._as_of_us,
                )
            ),
        )

    def _samples(self, case: OpenedCase, evidence: Evidence) -> list[SampleRecord]:
        finding = most_telling(case.answer.findings)
        matching = " OR ".join(
            f"({matching_sql(entry.selection)})" for entry in finding.policy.select
        )
        examples = evidence.examples(case.answer.subject, matching or "TRUE")
        return sample_records(case.record.case_id, finding.policy.name, examples, redact)

    def _run_record(self, report: Report) -> RunRecord:
        return RunRecord(
            run_id=self._run_id,
            pack_name=self._pack.name,
            pack_version=self._pack.version,
            pack_digest=self._pack.digest,
            engine_version=VERSION,
            input_digest=self._intake.digest,
            as_of_us=self._as_of_us,
            since_us=self._request.since_us,
            until_us=self._request.until_us,
            recorded_us=int(datetime.now(UTC).timestamp() * 1_000_000),
            report=to_json(report.to_json()),
        )


def as_of(request: RunRequest, intake: Intake) -> int:
    """Return the moment judged from: as asked, or the last exchange."""
    if request.as_of_us is not None:
        return request.as_of_us
    if intake.last_us is None:
        message = f"no exchange in {request.activity}, so there is no moment to judge from"
        raise InputError(message, hint="state one with --as-of")
    return intake.last_us


def run_id(pack: Pack, request: RunRequest, intake: Intake, as_of_us: int) -> str:
    """Return the run's identity: pack, engine, activity, and the period judged."""
    return identity(
        "run", pack.digest, VERSION, intake.digest, as_of_us, request.since_us, request.until_us
    )

