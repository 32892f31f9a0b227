"""One of the two packs, judged: findings, accounts, and what would follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.authoring.backtest.drafts import trials
from engine.authoring.bench.bench import Bench
from engine.authoring.explain.explanation import compiled_for, tracer_of
from engine.authoring.explain.subjects import holds
from engine.authoring.explain.tree import Explained, policies
from engine.authoring.judging import Judged
from engine.batch.cases import open_cases
from engine.batch.evidence import Evidence
from engine.batch.past import Past
from engine.batch.planning import planned
from engine.batch.report import PolicyLine, policy_lines
from engine.campaigns.campaign import Linkage
from engine.decide.compile import Compiled
from engine.decide.finding import Finding
from engine.enforce.action import PlannedAction
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.language.words import SubjectKind


@dataclass(frozen=True)
class Trial:
    """A pack that was judged, and the policies that it is asked about."""

    judged: Judged
    asked: frozenset[str]

    @cached_property
    def findings(self) -> Mapping[str, tuple[Finding, ...]]:
        """Return the findings of the policies asked about, by policy."""
        found: dict[str, list[Finding]] = {}
        for finding in self.judged.evaluation.decisions.findings:
            if finding.policy.name in self.asked:
                found.setdefault(finding.policy.name, []).append(finding)
        return {name: tuple(mine) for name, mine in found.items()}

    @cached_property
    def lines(self) -> Mapping[str, PolicyLine]:
        """Return how often the policies asked about were judged, and how it came out."""
        lines = policy_lines(self.judged.pack, self.judged.intake, self.judged.evaluation)
        return {line.policy: line for line in lines if line.policy in self.asked}

    @cached_property
    def _compiled(self) -> Mapping[SubjectKind, Compiled]:
        pack = self.judged.pack
        kinds = {policy.subject for policy in pack.policies if policy.name in self.asked}
        return {kind: compiled_for(pack, kind) for kind in kinds}

    def explained(self, policy: Policy, subject: Subject) -> Explained | None:
        """Return how a policy came out for a subject; None where there is no such subject."""
        table = self.judged.evaluation.tables.get(policy.subject)
        if table is None or not holds(table.subjects, subject.id):
            return None
        tracer = tracer_of(
            self._compiled[policy.subject],
            table,
            subject.id,
            strikes=self.judged.strikes,
            as_of_us=self.judged.as_of_us,
        )
        return policies(tracer, policy.name)[0]


@dataclass(frozen=True)
class Side:
    """A pack over the activity; a draft comes out as it would in shadow, if it is asked for."""

    pack: Pack
    linkage: Linkage
    trials: Mapping[str, Trial]
    """By policy: where it was judged."""
    evidence: Evidence
    actions: tuple[PlannedAction, ...]
    """What a run would record; nothing for subjects whose case was settled."""
    settled: frozenset[Subject]
    """Subjects whose last case was decided upon later than anything they did."""

    def findings(self, policy: str) -> tuple[Finding, ...]:
        """Return the findings of a policy; none where it was not judged."""
        trial = self.trials.get(policy)
        return () if trial is None else trial.findings.get(policy, ())

    def subjects(self, policy: str) -> tuple[Subject, ...]:
        """Return the subjects that a policy hits, in order of their ids."""
        return tuple(finding.subject for finding in self.findings(policy))

    def accounts(self, subject: Subject) -> frozenset[str]:
        """Return the active accounts of a subject that was hit."""
        found = self.evidence.accounts.get(subject, ())
        return frozenset(account.target.account_id for account in found)


def packs_of(pack: Pack, *, with_drafts: bool) -> tuple[Pack, ...]:
    """Return the packs that are judged for a side."""
    return (pack, *(trial for trial, _ in trials(pack))) if with_drafts else (pack,)


def side(bench: Bench, pack: Pack, past: Past, *, with_drafts: bool) -> Side:
    """Judge a pack as a run does, and its drafts, if asked for, as they would be in shadow."""
    judged = bench.judged(pack, past)
    decisions = judged.evaluation.decisions
    evaluated = frozenset(policy.name for policy in pack.policies if policy.status.evaluated)
    found = [Trial(judged, evaluated)]
    if with_drafts:
        found += [Trial(bench.judged(trial, past), names) for trial, names in trials(pack)]
    by_policy = {name: trial for trial in found for name in trial.asked}
    hit = [one.subject for trial in found for mine in trial.findings.values() for one in mine]
    evidence = bench.evidence(pack, hit)
    actions = planned(
        pack,
        judged.workspace,
        decisions,
        evidence,
        past,
        active_accounts=bench.active_accounts,
        as_of_us=bench.as_of_us,
    ).actions
    settled = _settled(judged, evidence, past)
    return Side(
        pack,
        judged.evaluation.linkage,
        by_policy,
        evidence,
        tuple(action for action in actions if action.answer.subject not in settled),
        settled,
    )


def _settled(judged: Judged, evidence: Evidence, past: Past) -> frozenset[Subject]:
    cases = open_cases(
        judged.evaluation.decisions.answers,
        past.cases(),
        evidence.extents,
        run_id="",
        as_of_us=judged.as_of_us,
    )
    return frozenset(case.subject for case in cases if case.settled)
