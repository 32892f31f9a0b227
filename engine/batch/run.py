"""One run from input to committed ledger.

Everything is computed first and written in one transaction at the end, so a run that is killed
leaves nothing behind, and the same run again ends where it would have ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from engine.activity.intake import Intake
from engine.activity.state.reading import Wanted, once_more_if_damaged, reading
from engine.activity.workspace import Workspace
from engine.batch.assembly import Outcome, assemble
from engine.batch.evaluate import (
    Evaluation,
    Progress,
    coverage_of,
    decided,
    measured,
    measures_of,
)
from engine.batch.evidence import Evidence
from engine.batch.identity import identity
from engine.batch.needed import columns_needed
from engine.batch.past import Past
from engine.batch.planning import planned
from engine.batch.quarantine import keep_quarantine
from engine.batch.report import (
    Report,
    build_report,
    lineage_words,
    succession_words,
    table_counts,
)
from engine.batch.roll import active_accounts, call_roll
from engine.batch.succession import kept_conducts
from engine.campaigns.campaign import Linkage
from engine.campaigns.conduct import Conduct
from engine.campaigns.find import find_campaigns
from engine.decide.crew import Crew
from engine.decide.lane import Orders
from engine.enforce.action import PlannedAction
from engine.errors import InputError
from engine.language.declared import fields_used
from engine.language.model.pack import Pack, Source
from engine.language.words import SubjectKind
from engine.ledger.records import RunRecords
from engine.ledger.store import Ledger, Recorded
from engine.signals.engines.engine import Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB
from engine.version import VERSION

DEFAULT_MEMORY = "2GB"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to run over; times are microseconds UTC, both ends inclusive."""

    activity: str
    source: Source | None = None
    as_of_us: int | None = None
    """None: the time of the last exchange. Never the clock, or no run could be repeated."""
    since_us: int | None = None
    until_us: int | None = None
    state: Path | None = None
    """The folder in which runs keep what they have read; it changes nothing that a run comes to."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run."""

    report: Report
    recorded: Recorded | None
    """What the ledger gained; None for a dry run."""
    records: RunRecords | None
    """What was computed; None when the ledger held the run already."""
    quarantine: Path | None
    """Where the rows are that were set aside; None when there are none, or none were to be kept."""
    rebuilt: str | None = None
    """Why all activity was read although there was a state; None where that is not so."""
    coverage: Mapping[str, str] = field(default_factory=dict)
    """How far the activity supplied each field; what was measured, and how, depends on it."""


@once_more_if_damaged
def run(
    pack: Pack,
    request: RunRequest,
    ledger: Ledger | None,
    *,
    progress: Progress = lambda _: None,
    memory: str = DEFAULT_MEMORY,
    quarantine: Path | None = None,
    before_recording: Callable[[], None] = lambda: None,
    engine: Engine = IN_DUCKDB,
) -> RunResult:
    """Evaluate activity by a pack and record the outcome; without a ledger nothing is written.

    A run that the ledger holds is not evaluated again: its report is returned as it was.
    Rows that were set aside are kept as JSON Lines in the folder `quarantine`. `before_recording`
    is called once nothing but the commit is left to do. What the run comes to does not depend on
    the `engine` that counts. Raises `InputError` for activity that cannot be read, `EngineFault`
    when the rules worker fails, `RetryableError` while another run has the state; then nothing is
    written either.
    """
    with (
        Crew(Orders(pack.name)) as crew,  # its worker starts while activity is read
        Workspace(memory=memory) as workspace,
        reading(workspace, request.state) as reader,
    ):
        progress("reading activity")
        wanted = Wanted(
            source=request.source,
            since_us=request.since_us,
            until_us=request.until_us,
            fields=fields_used(pack, request.source),
            kept=columns_needed(pack),
        )
        intake = reader.read(request.activity, wanted)
        moment = intake.last_us if request.as_of_us is None else request.as_of_us
        set_aside = keep_quarantine(intake, quarantine, run_id(pack, request, intake, moment))
        this = _Run(pack, request, intake, workspace, ledger, progress, engine, crew)
        held = ledger.run(this.id) if ledger else None
        if ledger and held:
            # The same exchanges may come with other duplicates and faulty rows: count what came.
            report = replace(Report.from_json(json.loads(held.report)), tables=table_counts(intake))
            again = RunRecords(held, (), (), (), (), (), ())
            return RunResult(report, ledger.record(again), None, set_aside, reader.rebuilt)
        report, records = this.evaluated()
        recorded = None
        if ledger is not None:
            progress("recording")
            before_recording()
            recorded = ledger.record(records)
        known = coverage_of(intake)
        return RunResult(report, recorded, records, set_aside, reader.rebuilt, known)


class _Run:
    """One run over activity that has been read."""

    def __init__(
        self,
        pack: Pack,
        request: RunRequest,
        intake: Intake,
        workspace: Workspace,
        ledger: Ledger | None,
        progress: Progress,
        engine: Engine,
        crew: Crew,
    ) -> None:
        self._pack, self._request, self._intake, self._engine = pack, request, intake, engine
        self._crew = crew
        self._workspace, self._past, self._progress = workspace, Past(ledger), progress
        self._as_of_us = as_of(request, intake)
        self.id = run_id(pack, request, intake, self._as_of_us)

    def evaluated(self) -> tuple[Report, RunRecords]:
        """Judge the activity, plan the actions, and put the rows together."""
        call_roll(self._workspace, self._as_of_us)
        linkage, turns = self._past.continued(self._workspace, self._linkage())
        evaluation = self._evaluation(linkage)
        self._progress("planning actions")
        evidence = Evidence(
            self._workspace,
            (finding.subject for finding in evaluation.decisions.findings),
            linkage.campaigns,
            self._as_of_us,
        )
        active = active_accounts(self._workspace)
        found = planned(
            self._pack,
            self._workspace,
            evaluation.decisions,
            evidence,
            self._past,
            active_accounts=active,
            as_of_us=self._as_of_us,
        )
        report = build_report(
            self.id, self._as_of_us, self._pack, self._intake, evaluation, found.actions, active
        )
        succeeding = self._past.untold(
            self._past.successions(self._workspace, linkage, self._as_of_us)
        )
        report = replace(report, lineage=(*succession_words(succeeding), *lineage_words(turns)))
        outcome = Outcome(
            self.id,
            self._pack,
            self._intake,
            evaluation.decisions,
            found.actions,
            evidence,
            found.grounds,
            report,
            turns,
            succeeding,
            self._conducts(found.actions),
        )
        period = (self._request.since_us, self._request.until_us)
        return report, assemble(outcome, self._past, self._as_of_us, period)

    def _conducts(self, actions: Sequence[PlannedAction]) -> Mapping[str, Conduct]:
        """Return what the campaigns did that something may be done about, by id."""
        campaigns = {
            action.answer.subject.id
            for action in actions
            if action.answer.subject.kind is SubjectKind.CAMPAIGN and action.may_touch
        }
        if not campaigns:
            return {}
        known = self._past.campaign_accounts()
        return kept_conducts(self._workspace, campaigns, known, as_of_us=self._as_of_us)

    def _linkage(self) -> Linkage:
        self._progress("linking accounts")
        return find_campaigns(
            self._workspace,
            self._pack.links,
            as_of_us=self._as_of_us,
            since_us=self._request.since_us,
        )

    def _evaluation(self, linkage: Linkage) -> Evaluation:
        tables = measured(
            self._workspace,
            measures_of(self._pack),
            self._intake,
            as_of_us=self._as_of_us,
            since_us=self._request.since_us,
            progress=self._progress,
            engine=self._engine,
        )
        self._progress("deciding")
        strikes = self._past.strikes(self._workspace, linkage)
        return decided(
            self._pack,
            linkage,
            tables,
            strikes=strikes,
            as_of_us=self._as_of_us,
            crew=self._crew,
        )


def as_of(request: RunRequest, intake: Intake) -> int:
    """Return the moment judged from: as asked, or the last exchange."""
    if request.as_of_us is not None:
        return request.as_of_us
    if intake.last_us is None:
        counts = asdict(intake.tables["exchanges"])
        became = ", ".join(f"{n:,} {word.replace('_', ' ')}" for word, n in counts.items() if n)
        message = f"no exchange to judge in {request.activity}: {became or 'it is empty'}"
        others = [
            name for name, count in intake.tables.items() if count.read and not counts["read"]
        ]
        set_aside = "the quarantine has the rows that were set aside, with the reasons"
        nothing = "to record that nothing happened, state --as-of"
        if others:
            nothing = f"by the names of files and folders, they hold {' and '.join(others)}"
        raise InputError(message, hint=set_aside if counts["quarantined"] else nothing)
    return intake.last_us


def run_id(pack: Pack, request: RunRequest, intake: Intake, as_of_us: int | None) -> str:
    """Return the run's identity: pack, engine, activity, and the period judged."""
    return identity(
        "run", pack.digest, VERSION, intake.digest, as_of_us, request.since_us, request.until_us
    )
