"""What the ledger keeps, as plain frozen records; every time is microseconds UTC.

Identities are derived, never drawn: the same pack, activity and as_of give the same ids, so
recording a run twice adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ActionStatus(Enum):
    """Where an action stands; DESIGN's lifecycle up to the outbox."""

    RECORDED = "recorded"  # `log`: there is nothing to approve or to deliver
    PROPOSED = "proposed"  # waits for a reviewer
    AWAITING_SECOND = "awaiting_second"  # one of two reviewers has approved
    HELD = "held"  # a cap was hit, or the floor of law 5 was not met; never sent by itself
    EXEMPT = "exempt"  # an exemption fits the account; kept so that its hits can be counted
    APPROVED = "approved"
    REJECTED = "rejected"


class CaseStatus(Enum):
    """Where a case stands."""

    OPEN = "open"
    AWAITING_SECOND = "awaiting_second"
    APPROVED = "approved"
    REJECTED = "rejected"


class Verdict(Enum):
    """What a reviewer decides."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One batch evaluation."""

    run_id: str
    pack_name: str
    pack_version: str
    pack_digest: str
    engine_version: str
    input_digest: str
    as_of_us: int
    since_us: int | None
    until_us: int | None
    recorded_us: int
    """The only time in the ledger read from a clock, apart from those of human decisions."""
    report: str
    """Canonical JSON: counts of rows, campaigns, findings, and the policies not judged."""


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A policy that held for a subject."""

    finding_id: str
    run_id: str
    case_id: str | None
    """None for a finding that no response took up."""
    policy: str
    policy_version: int
    policy_status: str
    behaviour: str
    axis: str
    severity: str
    subject_kind: str
    subject_id: str
    as_of_us: int
    first_event_us: int
    last_event_us: int
    clauses: str
    """Canonical JSON: [{clause, terms, version, effective, section, summary, url}]."""
    explanation: str
    policy_text: str
    """The YAML evaluated."""
    policy_file: str
    policy_line: int
    outcome: str
    """Canonical JSON: the condition tree; a node has text, holds, line, end_line, and for a
    comparison signal, measure, operator, threshold, low, high; `unless` nodes have role
    `unless`."""


@dataclass(frozen=True, slots=True)
class FactRecord:
    """A signal behind a finding."""

    finding_id: str
    signal: str
    measure: str
    """The measure in words or canonical text."""
    low: str
    high: str
    """Decimal text of the interval's ends, `-inf`/`inf` when unbounded."""
    counts: str
    """Canonical JSON: the engine's integers."""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The findings and proposed actions of one subject, in front of a reviewer."""

    case_id: str
    run_id: str
    """The run that opened it."""
    response: str
    behaviour: str
    severity: str
    subject_kind: str
    subject_id: str
    campaign_id: str | None
    accounts: int
    """How many accounts it is about, those that came later included."""
    title: str
    status: str
    version: int
    """Rises by one with every decision; a writer states the version it saw."""
    as_of_us: int
    first_event_us: int
    last_event_us: int


@dataclass(frozen=True, slots=True)
class GrowthRecord:
    """How a case that waits for a decision stands after a later run; its evidence grows with it."""

    case_id: str
    run_id: str
    response: str
    behaviour: str
    severity: str
    title: str
    first_event_us: int
    last_event_us: int


@dataclass(frozen=True, slots=True)
class MemberRecord:
    """An account of a case's campaign, with what ties it to the others."""

    case_id: str
    account_id: str
    org_id: str | None
    strength: str
    """Decimal text: its strongest tie."""
    evidence: str
    """Canonical JSON: {confidence, ties: [{shared, value, accounts}]}, strongest first; `needed` is
    true of one without which the account would not be linked. `confidence`, 0 to 1000, is absent
    where nobody weighed it; records of older versions are the list of ties alone."""
    exchanges: int


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """An example exchange of a case, already redacted and without control characters."""

    case_id: str
    position: int
    event_id: str
    account_id: str
    ts_us: int
    model: str
    policy: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """One enforcement step on one account."""

    action_id: str
    run_id: str
    case_id: str
    response: str
    policies: str
    """Comma-separated, sorted."""
    behaviour: str
    action: str
    parameters: str
    """Canonical JSON, e.g. {"for_us": 604800000000} or {"feature": "logprobs"}."""
    reversible: bool
    approvals_needed: int
    status: str
    reason: str
    """Why it is held or exempt; empty otherwise."""
    subject_kind: str
    subject_id: str
    account_id: str
    campaign_id: str | None
    first_event_us: int
    last_event_us: int
    as_of_us: int


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What a reviewer decided on a case."""

    decision_id: str
    case_id: str
    case_version: int
    """The version decided upon."""
    verdict: str
    reviewer: str
    reason: str
    decided_us: int


@dataclass(frozen=True, slots=True)
class LineageRecord:
    """A turn in the life of campaigns that a run saw; it stands in the log alone."""

    run_id: str
    turn: str
    """`continued`, `merged` or `split`."""
    campaign_id: str
    other_id: str
    """Continued: the id it would have had; merged: what went into it; split: what it came from."""
    accounts: int


@dataclass(frozen=True, slots=True)
class ConductRecord:
    """What a campaign did, kept when something is to be done about it; it stands in the log alone.

    A campaign that comes after it is recognised by this.
    """

    run_id: str
    campaign_id: str
    case_id: str
    as_of_us: int
    conduct: str
    """Canonical JSON: {requests, accounts, traits, models, hours}; digests and counts, no text. A
    trait is [field, digest, requests, carriers, others]; models are [digest, requests]."""


@dataclass(frozen=True, slots=True)
class SuccessionRecord:
    """A campaign that a run saw succeed another one; it stands in the log alone."""

    run_id: str
    campaign_id: str
    other_id: str
    """The campaign that was acted on."""
    likeness: str
    """Decimal text: the part of their requests that both have in common and nobody else has."""
    acted_us: int
    """When the other one was acted on."""
    half_us: int
    """When half of the accounts of the successor had begun."""
    began: int
    """How many of its accounts began after the action."""
    accounts: int
    evidence: str
    """Canonical JSON: {field, traits, models, hours}; a trait is {digest, then, now} with a share
    of requests, the accounts that carried it, and how many others did; models and hours are how
    much these are alike."""


@dataclass(frozen=True, slots=True)
class RunRecords:
    """Everything one run adds to the ledger."""

    run: RunRecord
    findings: tuple[FindingRecord, ...]
    facts: tuple[FactRecord, ...]
    cases: tuple[CaseRecord, ...]
    members: tuple[MemberRecord, ...]
    samples: tuple[SampleRecord, ...]
    actions: tuple[ActionRecord, ...]
    lineage: tuple[LineageRecord, ...] = ()
    successions: tuple[SuccessionRecord, ...] = ()
    conducts: tuple[ConductRecord, ...] = ()
    """Those of cases to which the run adds no action are not kept."""
    growths: tuple[GrowthRecord, ...] = ()
    """Of cases in the ledger; those that do not wait for a decision any more stay as they were."""
