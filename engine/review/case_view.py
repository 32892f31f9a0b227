"""Everything a reviewer needs of one case, read from the ledger into frozen data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Protocol

from engine.errors import ExciseError
from engine.ledger.records import (
    ActionRecord,
    CaseRecord,
    CaseStatus,
    DecisionRecord,
    FactRecord,
    FindingRecord,
    MemberRecord,
    SampleRecord,
    SuccessionRecord,
)
from engine.review.action_group import ActionGroup, action_groups
from engine.review.kept_json import json_of
from engine.review.outcome import Node, PolicyLine, policy_lines, read_outcome
from engine.review.queue import severity_rank
from engine.review.redaction import redact
from engine.review.succession import Succession, successions

DOUBTED = 500
"""A membership less sure than this rests on one kind of evidence, or on one other account."""

HIDDEN_NOTE = "hidden until you have decided: the second reviewer judges alone"


class CaseFiles(Protocol):
    """What a case view asks of the ledger."""

    def case(self, case_id: str) -> CaseRecord | None:
        """Return a case."""

    def findings(
        self, run_id: str | None = None, case_id: str | None = None
    ) -> Sequence[FindingRecord]:
        """Return findings."""

    def facts(self, finding_id: str) -> Sequence[FactRecord]:
        """Return the signals behind a finding."""

    def members(self, case_id: str) -> Sequence[MemberRecord]:
        """Return the accounts of a case's campaign."""

    def samples(self, case_id: str) -> Sequence[SampleRecord]:
        """Return example exchanges."""

    def actions(
        self, case_id: str | None = None, run_id: str | None = None
    ) -> Sequence[ActionRecord]:
        """Return enforcement steps."""

    def decisions(self, case_id: str) -> Sequence[DecisionRecord]:
        """Return what reviewers decided."""

    def successions(self, campaign_id: str) -> Sequence[SuccessionRecord]:
        """Return which campaigns a campaign succeeds, and which succeed it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the terms as it stood when the conduct happened.

    Without a version it was not in force then.
    """

    clause: str
    terms: str
    version: str
    effective: str
    section: str
    summary: str
    url: str
    organisations: tuple[str, ...] = ()
    """Whose accounts an addendum concerns, where one speaks instead of the document."""
    waived: bool = False
    """The addendum says that the clause does not bind them: the finding did not act on them."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A leaf or a group of a policy's condition; `depth` counts from 0."""

    node: Node
    depth: int
    counts: Mapping[str, float]
    """The integers the signal was computed from."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its clauses, its conditions, and the policy's lines marked."""

    record: FindingRecord
    clauses: tuple[Clause, ...]
    conditions: tuple[Condition, ...]
    counter_evidence: tuple[Condition, ...]
    """The policy's `unless`: what would have cleared the subject, and did not."""
    policy: tuple[PolicyLine, ...]
    earlier: int = 0
    """How many earlier runs found the same with other numbers; this is what the last one saw."""
    outdated: bool = False
    """Another policy of the case was found later than this one."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What a member shares with how many accounts."""

    shared: str
    value: str
    accounts: int
    needed: bool = False
    """Nothing else links the member to the others."""


@dataclass(frozen=True, slots=True)
class Member:
    """An account of the campaign, its ties strongest first."""

    record: MemberRecord
    ties: tuple[Tie, ...]
    confidence: int | None = None
    """How sure its membership is, 0 to 1000; None where that is not recorded."""

    @property
    def doubted(self) -> bool:
        """Whether it rests on one thing, as far as is known (`engine.campaigns.confidence`)."""
        return self.confidence is not None and self.confidence < DOUBTED


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a reviewer sees it; findings by severity, members by strength."""

    case: CaseRecord
    findings: tuple[FindingView, ...]
    members: tuple[Member, ...]
    samples: tuple[SampleRecord, ...]
    actions: tuple[ActionGroup, ...]
    decisions: tuple[DecisionRecord, ...]
    successions: tuple[Succession, ...] = ()

    @property
    def effect(self) -> tuple[ActionGroup, ...]:
        """The actions that an approval moves: those on bystanders once no other is left."""
        waiting = [group for group in self.actions if group.undecided and not group.by_floor]
        return tuple(group for group in waiting if not group.apart) or tuple(waiting)

    @property
    def later(self) -> tuple[ActionGroup, ...]:
        """The actions on bystanders that are decided after this."""
        now = self.effect
        return tuple(group for group in self.actions if group.apart and group not in now)

    @property
    def approvals_needed(self) -> int:
        """How many reviewers the most demanding action still to be decided asks for."""
        return max((group.approvals_needed for group in self.effect), default=0)


def load_case_view(files: CaseFiles, case_id: str, *, reviewer: str = "") -> CaseView:
    """Return a case for a reviewer; ExciseError when there is none or it cannot be read.

    While a second reviewer is awaited, the note of the first is hidden from everyone else.
    """
    case = files.case(case_id)
    if case is None:
        message = f"no case {case_id}"
        raise ExciseError(message)
    view = case_view(
        case,
        [
            replace(_finding(found[-1], files.facts(found[-1].finding_id)), earlier=len(found) - 1)
            for found in _by_policy(files.findings(case_id=case_id))
        ],
        files.members(case_id),
        files.samples(case_id),
        files.actions(case_id=case_id),
        blind(case, files.decisions(case_id), reviewer),
    )
    told = files.successions(case.campaign_id) if case.campaign_id is not None else ()
    return replace(view, successions=successions(told))


def case_view(
    case: CaseRecord,
    findings: Sequence[FindingView],
    members: Sequence[MemberRecord],
    samples: Sequence[SampleRecord],
    actions: Sequence[ActionRecord],
    decisions: Sequence[DecisionRecord],
) -> CaseView:
    """Return the records of one case as a reviewer sees them."""
    last = max((view.record.as_of_us for view in findings), default=0)
    views = [replace(view, outdated=view.record.as_of_us < last) for view in findings]
    views.sort(key=lambda view: (-severity_rank(view.record.severity), view.record.policy))
    ordered = sorted(members, key=lambda member: (-_strength(member), member.account_id))
    return CaseView(
        case=case,
        findings=tuple(views),
        members=tuple(_member(member) for member in ordered),
        samples=tuple(
            replace(sample, excerpt=redact(sample.excerpt, 400))
            for sample in sorted(samples, key=lambda sample: sample.position)
        ),
        actions=tuple(action_groups(actions)),
        decisions=tuple(sorted(decisions, key=lambda decision: decision.case_version)),
    )


def _by_policy(findings: Sequence[FindingRecord]) -> Iterator[Sequence[FindingRecord]]:
    """Yield the findings of each policy, the last one last."""
    ordered = sorted(findings, key=lambda one: (one.policy, one.as_of_us, one.finding_id))
    for _, found in groupby(ordered, key=lambda one: one.policy):
        yield tuple(found)


def blind(
    case: CaseRecord, decisions: Sequence[DecisionRecord], reviewer: str
) -> tuple[DecisionRecord, ...]:
    """Return decisions with other reviewers' notes hidden while a second opinion is awaited."""
    if case.status != CaseStatus.AWAITING_SECOND.value:
        return tuple(decisions)
    return tuple(
        decision if decision.reviewer == reviewer else replace(decision, reason=HIDDEN_NOTE)
        for decision in decisions
    )


def _finding(record: FindingRecord, facts: Sequence[FactRecord]) -> FindingView:
    outcome = read_outcome(record)
    counts = {fact.signal: _counts(fact) for fact in facts}
    rows = tuple(_conditions(outcome, counts))
    return FindingView(
        record=record,
        clauses=tuple(_clauses(record)),
        conditions=tuple(row for row in rows if not row.node.unless),
        counter_evidence=tuple(row for row in rows if row.node.unless),
        policy=policy_lines(record, outcome),
    )


def _conditions(root: Node, counts: Mapping[str, Mapping[str, float]]) -> Iterator[Condition]:
    """Yield the tree in order; a group that only says "all of this held" adds no row."""
    if not root.parts or root.holds is not True:
        yield from _rows(root, 0, counts)
        return
    lone = sum(not part.unless for part in root.parts) == 1
    for part in root.parts:
        if part.parts and (part.unless or (lone and part.holds is True)):
            for inner in part.parts:
                yield from _rows(inner, 0, counts)
        else:
            yield from _rows(part, 0, counts)


def _rows(node: Node, depth: int, counts: Mapping[str, Mapping[str, float]]) -> Iterator[Condition]:
    own = counts.get(node.comparison.signal, {}) if node.comparison else {}
    yield Condition(node, depth, own)
    for part in node.parts:
        yield from _rows(part, depth + 1, counts)


def _clauses(record: FindingRecord) -> Iterator[Clause]:
    for raw in json_of(record.clauses, f"finding {record.finding_id}: its clauses", list):
        yield Clause(
            clause=_text(raw.get("clause")),
            terms=_text(raw.get("terms")),
            version=_text(raw.get("version")),
            effective=_text(raw.get("effective")),
            section=_text(raw.get("section")),
            summary=_text(raw.get("summary")),
            url=_text(raw.get("url")),
            organisations=_texts(raw.get("organisations")),
            waived=raw.get("waived") is True,
        )


def _counts(fact: FactRecord) -> Mapping[str, float]:
    counts: Mapping[str, object] = json_of(fact.counts, f"signal {fact.signal}: its counts", dict)
    return {name: _figure(count) for name, count in counts.items()}


def _figure(count: object) -> float:
    """Return a number; an integer beyond what JSON numbers hold exactly is kept as its digits."""
    try:
        return int(str(count))
    except ValueError:
        return float(str(count))


def _member(member: MemberRecord) -> Member:
    """Read a membership; what was recorded before memberships had a confidence are ties alone."""
    told = json_of(member.evidence, f"account {member.account_id}: its evidence", object)
    if isinstance(told, list):
        return Member(member, _ties(told))
    if not isinstance(told, dict):
        return Member(member, ())
    ties, sure = told.get("ties"), told.get("confidence")
    # A bool is an int to Python.
    return Member(
        member,
        _ties(ties if isinstance(ties, list) else []),
        sure if type(sure) is int else None,
    )


def _ties(raw: Sequence[Any]) -> tuple[Tie, ...]:
    return tuple(
        Tie(
            _text(tie.get("shared")),
            _text(tie.get("value")),
            _size(tie.get("accounts")),
            tie.get("needed") is True,
        )
        for tie in raw
        if isinstance(tie, dict)
    )


def _size(accounts: object) -> int:
    """Accept a number of accounts or their list."""
    if isinstance(accounts, list):
        return len(accounts)
    return accounts if isinstance(accounts, int) else 0


def _strength(member: MemberRecord) -> float:
    try:
        return float(member.strength)
    except ValueError:
        return 0.0


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(_text, value)) if isinstance(value, list) else ()
