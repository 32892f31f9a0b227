"""Activity judged for an author: the code of a run, without anything being recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.activity.ingest import read_activity
from engine.activity.intake import Intake
from engine.activity.workspace import Workspace
from engine.batch.evaluate import Evaluation, Progress, decided, measured, measures_of
from engine.batch.past import Past
from engine.batch.roll import call_roll
from engine.batch.run import DEFAULT_MEMORY, RunRequest, as_of
from engine.campaigns.find import find_campaigns
from engine.decide.cases import PastActions
from engine.language.declared import fields_used
from engine.language.model.pack import Pack
from engine.ledger.queries import Queries
from engine.signals.engines.engine import Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB


@dataclass(frozen=True, slots=True)
class Judged:
    """Activity and what came of it; the workspace still holds the exchanges."""

    pack: Pack
    workspace: Workspace
    intake: Intake
    evaluation: Evaluation
    strikes: PastActions | None
    as_of_us: int
    since_us: int | None


@contextmanager
def judged(
    pack: Pack,
    request: RunRequest,
    *,
    ledger: Queries | None = None,
    memory: str = DEFAULT_MEMORY,
    progress: Progress = lambda _: None,
    engine: Engine = IN_DUCKDB,
) -> Iterator[Judged]:
    """Judge some activity by a pack; what was done before is what the ledger says.

    Raises `InputError` for activity that cannot be read.
    """
    with Workspace(memory=memory) as workspace:
        progress("reading activity")
        intake = read_activity(
            workspace,
            request.activity,
            source=request.source,
            since_us=request.since_us,
            until_us=request.until_us,
            fields=fields_used(pack, request.source),
        )
        moment = as_of(request, intake)
        progress("linking accounts")
        linkage = find_campaigns(workspace, pack.links, as_of_us=moment, since_us=request.since_us)
        past = Past(ledger)
        linkage, _ = past.continued(workspace, linkage)
        call_roll(workspace, moment)
        strikes = past.strikes(workspace, linkage)
        tables = measured(
            workspace,
            measures_of(pack),
            intake,
            as_of_us=moment,
            since_us=request.since_us,
            progress=progress,
            engine=engine,
        )
        progress("deciding")
        evaluation = decided(pack, linkage, tables, strikes=strikes, as_of_us=moment)
        yield Judged(pack, workspace, intake, evaluation, strikes, moment, request.since_us)
