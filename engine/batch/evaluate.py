"""Judge activity by a pack: campaigns, facts, findings, answers. Every way of judging comes here.

A run, a policy's tests and `explain` call the same functions, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.activity.intake import Intake
from engine.activity.workspace import Workspace
from engine.campaigns.campaign import Linkage
from engine.decide.cases import PastActions
from engine.decide.compile import BUILT_IN
from engine.decide.crew import Crew
from engine.decide.decide import Decisions, decide
from engine.language.model.measure import Measure
from engine.language.model.pack import Pack
from engine.language.words import SubjectKind
from engine.signals.engines.engine import Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB
from engine.signals.execute import measure
from engine.signals.facts import FactTable, signal_key
from engine.signals.plan import build_plan
from engine.signals.printed import Naming
from engine.signals.steps import SignalId

Progress = Callable[[str], None]
Wanted = Mapping[SubjectKind, Sequence[Measure]]
"""What is to be measured, by kind of subject."""

MEASURING = "measuring "
"""Comes before the name of a plan's step where progress tells of it."""

BEGINNING_US = 0
"""No activity is older than 1970."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of judging one period of activity."""

    linkage: Linkage
    tables: Mapping[SubjectKind, FactTable]
    decisions: Decisions


def measured(
    workspace: Workspace,
    wanted: Wanted,
    intake: Intake,
    *,
    as_of_us: int,
    since_us: int | None,
    progress: Progress = lambda _: None,
    engine: Engine = IN_DUCKDB,
) -> Mapping[SubjectKind, FactTable]:
    """Measure every signal that is wanted once; campaigns stand in the workspace."""
    plan = build_plan(wanted, coverage=coverage_of(intake))
    return measure(
        workspace,
        plan,
        as_of_us=as_of_us,
        since_us=BEGINNING_US if since_us is None else since_us,
        progress=lambda step: progress(f"{MEASURING}{step}"),
        engine=engine,
    )


def coverage_of(intake: Intake) -> Mapping[str, str]:
    """Return how far each field is known, as a plan wants it told."""
    return {name: known.value for name, known in intake.coverage.items()}


def decided(
    pack: Pack,
    linkage: Linkage,
    tables: Mapping[SubjectKind, FactTable],
    *,
    strikes: PastActions | None,
    as_of_us: int,
    crew: Crew | None = None,
) -> Evaluation:
    """Decide from facts that have been measured; a `crew` lends its worker."""
    found = decide(pack, tables, strikes=strikes, as_of_us=as_of_us, crew=crew)
    # A response that asks for no finding, only for size, has nothing to answer to.
    answers = tuple(answer for answer in found.answers if answer.findings)
    return Evaluation(linkage, tables, replace(found, answers=answers))


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure that a pack needs, and who asks for it."""

    kind: SubjectKind
    policy: str
    signal: str
    measure: Measure


THE_RESPONSES = "the responses"
"""Who asks for the sizes of campaigns; no policy can have this name."""


def asked_by(pack: Pack) -> Iterator[Asked]:
    """Yield what a pack needs measured, by whom: policies that are evaluated, and responses."""
    for policy in pack.policies:
        if policy.status.evaluated:
            for signal in policy.signals:
                yield Asked(policy.subject, policy.name, signal.name, signal.measure)
    if any(response.subject is SubjectKind.CAMPAIGN for response in pack.responses):
        for name, measure_ in BUILT_IN.items():
            yield Asked(SubjectKind.CAMPAIGN, THE_RESPONSES, name, measure_)


def measures_of(pack: Pack) -> Wanted:
    """Return what a pack needs measured, by kind of subject."""
    wanted: dict[SubjectKind, list[Measure]] = {}
    for one in asked_by(pack):
        wanted.setdefault(one.kind, []).append(one.measure)
    return wanted


def names_of(pack: Pack) -> Naming:
    """Return in whose names a pack asks for each of its signals."""
    found: dict[SignalId, list[tuple[str, str]]] = {}
    for one in asked_by(pack):
        signal = (one.kind, signal_key(one.measure))
        found.setdefault(signal, []).append((one.policy, one.signal))
    return found.__getitem__
