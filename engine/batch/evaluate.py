"""Judge activity by a pack: campaigns, facts, findings, answers. Every way of judging comes here.

A run, a policy's tests and `explain` call the same function, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.activity.ingest import Intake
from engine.activity.workspace import Workspace
from engine.campaigns.find import Linkage
from engine.decide.decide import Decisions, decide
from engine.decide.reference import RESPONSE_SIGNALS, Strikes
from engine.language.model.measure import Measure
from engine.language.model.pack import Pack
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.execute import measure
from engine.signals.facts import FactTable
from engine.signals.plan import Plan, build_plan

Progress = Callable[[str], None]
StrikesOf = Callable[[Subject], Strikes]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of judging one period of activity."""

    linkage: Linkage
    plan: Plan
    tables: Mapping[SubjectKind, FactTable]
    decisions: Decisions


def evaluate(
    workspace: Workspace,
    pack: Pack,
    intake: Intake,
    linkage: Linkage,
    *,
    as_of_us: int,
    since_us: int | None,
    strikes: StrikesOf,
    progress: Progress,
) -> Evaluation:
    """Measure every signal of the pack once, then decide."""
    plan = build_plan(measures_of(pack))
    progress("measuring signals")
    tables = measure(
        workspace, plan, as_of_us=as_of_us, since_us=since_us, coverage=intake.coverage
    )
    progress("deciding")
    decisions = decide(pack, tables, strikes=strikes, as_of_us=as_of_us)
    return Evaluation(linkage, plan, tables, decisions)


def measures_of(pack: Pack) -> Mapping[SubjectKind, Sequence[Measure]]:
    """Return what a pack needs measured, by kind of subject."""
    wanted: dict[SubjectKind, list[Measure]] = {}
    for policy in pack.policies:
        if policy.status.evaluated:
            wanted.setdefault(policy.subject, []).extend(s.measure for s in policy.signals)
    if any(response.subject is SubjectKind.CAMPAIGN for response in pack.responses):
        wanted.setdefault(SubjectKind.CAMPAIGN, []).extend(RESPONSE_SIGNALS.values())
    return wanted
