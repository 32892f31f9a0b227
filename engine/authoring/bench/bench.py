"""Packs tried on activity that is read once: one linking for equal links, each signal once.

What is decided is decided by the code of a run, from the same facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from engine.activity.ingest import read_activity
from engine.activity.intake import Intake
from engine.activity.workspace import Workspace
from engine.authoring.bench.facts import Facts, Shelf
from engine.authoring.judging import Judged
from engine.batch.evaluate import Progress, decided, measured, measures_of
from engine.batch.evidence import Evidence
from engine.batch.past import Past
from engine.batch.roll import active_accounts, call_roll
from engine.batch.run import DEFAULT_MEMORY, RunRequest, as_of
from engine.campaigns.campaign import Linkage
from engine.campaigns.find import find_campaigns, leave_members
from engine.errors import UsageError
from engine.language.canonical import digest
from engine.language.declared import fields_used
from engine.language.fields import Field
from engine.language.model.links import Links
from engine.language.model.measure import Measure
from engine.language.model.pack import Pack
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.engines.engine import Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB
from engine.signals.facts import FactTable

Wanted = dict[Shelf, list[Measure]]


@contextmanager
def opened(
    request: RunRequest,
    packs: Sequence[Pack],
    *,
    memory: str = DEFAULT_MEMORY,
    progress: Progress = lambda _: None,
    engine: Engine = IN_DUCKDB,
) -> Iterator[Bench]:
    """Read activity, with all fields that some packs declare, and yield the bench.

    Raises `InputError` for what cannot be read, and UsageError where the packs declare one field
    in two ways.
    """
    with Workspace(memory=memory) as workspace:
        progress("reading activity")
        intake = read_activity(
            workspace,
            request.activity,
            source=request.source,
            since_us=request.since_us,
            until_us=request.until_us,
            fields=_fields(packs, request),
        )
        yield Bench(workspace, intake, request, progress, engine)


class Bench:
    """Activity, with all that was linked and measured of it so far."""

    def __init__(
        self,
        workspace: Workspace,
        intake: Intake,
        request: RunRequest,
        progress: Progress,
        engine: Engine = IN_DUCKDB,
    ) -> None:
        """Take activity that has been read into the workspace."""
        self.intake = intake
        self.as_of_us = as_of(request, intake)
        self.since_us = request.since_us
        self._workspace, self._progress, self._engine = workspace, progress, engine
        self._linkages: dict[str, Linkage] = {}
        self._seated: str | None = None
        self._facts = Facts()
        call_roll(workspace, self.as_of_us)
        self.active_accounts = active_accounts(workspace)

    def measured(self, packs: Iterable[Pack]) -> None:
        """Measure what some packs need, by as few plans as can be: one where links are equal."""
        wanted: Wanted = {}
        by_links: dict[str, Pack] = {}
        for pack in packs:
            by_links.setdefault(_key(pack.links), pack)
            for kind, measures in measures_of(pack).items():
                wanted.setdefault(_shelf(kind, pack), []).extend(measures)
        missing = {shelf: self._facts.missing(shelf, asked) for shelf, asked in wanted.items()}
        shared = {shelf[0]: shelf for shelf in missing if not shelf[1]}
        for key, pack in by_links.items():
            own = (SubjectKind.CAMPAIGN, key)
            shelves = {**shared, **({own[0]: own} if own in missing else {})}
            self._measure(pack, {kind: missing[shelf] for kind, shelf in shelves.items()}, shelves)
            shared = {}

    def judged(self, pack: Pack, past: Past) -> Judged:
        """Judge by a pack; what it needs and nobody has measured yet is measured first."""
        self.measured([pack])
        linkage = self._seat(pack)
        strikes = past.strikes(self._workspace, linkage)
        self._progress("deciding")
        evaluation = decided(
            pack, linkage, self.tables(pack), strikes=strikes, as_of_us=self.as_of_us
        )
        return Judged(
            pack,
            self._workspace,
            self.intake,
            evaluation,
            strikes,
            self.as_of_us,
            self.since_us,
        )

    def tables(self, pack: Pack) -> dict[SubjectKind, FactTable]:
        """Return the facts of a pack that was measured, as a run of it has them."""
        return {
            kind: self._facts.table(_shelf(kind, pack), measures)
            for kind, measures in measures_of(pack).items()
            if measures
        }

    def linkage(self, pack: Pack) -> Linkage:
        """Return the campaigns that a pack's links find."""
        key = _key(pack.links)
        if key not in self._linkages:
            self._progress("linking accounts")
            self._linkages[key] = find_campaigns(
                self._workspace, pack.links, as_of_us=self.as_of_us, since_us=self.since_us
            )
            self._seated = key
        return self._linkages[key]

    def evidence(self, pack: Pack, subjects: Iterable[Subject]) -> Evidence:
        """Return when subjects were active, and with which accounts."""
        linkage = self._seat(pack)
        return Evidence(self._workspace, subjects, linkage.campaigns, self.as_of_us)

    def _seat(self, pack: Pack) -> Linkage:
        """Have the workspace's `members` be those of the pack's campaigns."""
        linkage, key = self.linkage(pack), _key(pack.links)
        if self._seated != key:
            leave_members(self._workspace, linkage.campaigns)
            self._seated = key
        return linkage

    def _measure(
        self,
        pack: Pack,
        missing: Mapping[SubjectKind, Sequence[Measure]],
        shelves: Mapping[SubjectKind, Shelf],
    ) -> None:
        if not any(missing.values()):
            return
        self._seat(pack)
        tables = measured(
            self._workspace,
            missing,
            self.intake,
            as_of_us=self.as_of_us,
            since_us=self.since_us,
            progress=self._progress,
            engine=self._engine,
        )
        for kind, table in tables.items():
            self._facts.add(shelves[kind], table)


def _fields(packs: Iterable[Pack], request: RunRequest) -> tuple[Field, ...]:
    found: dict[str, Field] = {}
    for pack in packs:
        for field in fields_used(pack, request.source):
            if found.setdefault(field.name, field) != field:
                message = f"the packs declare the field {field.name!r} in two ways"
                raise UsageError(message, hint="one reading of the activity cannot serve both")
    return tuple(found[name] for name in sorted(found))


def _key(links: Sequence[Links]) -> str:
    return digest(tuple(sorted(links, key=lambda each: each.name)))


def _shelf(kind: SubjectKind, pack: Pack) -> Shelf:
    return kind, _key(pack.links) if kind is SubjectKind.CAMPAIGN else ""
