"""What a backtest tells, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.authoring.explain.tree import Branch
from engine.authoring.precision import Precision
from engine.authoring.reviews import Opinion, Review
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.language.words import SubjectKind


@dataclass(frozen=True, slots=True)
class Deciding:
    """A condition without parts as it came out by the candidate."""

    branch: Branch
    clears: bool
    """It stands under `unless`: where it holds there is no finding."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject that a policy hits, or hit."""

    subject: Subject
    accounts: int
    review: Review | None
    """The case that it falls on; None too where no ledger was asked."""
    deciding: tuple[Deciding, ...] | None = None
    """None where it is not listed; empty where the candidate does not judge it."""
    holds: bool | None = None
    """How the candidate came out, where it is listed: True, False, or None for undecided."""

    @property
    def rejected(self) -> bool:
        """Return whether reviewers rejected the case that it falls on."""
        return self.review is not None and self.review.opinion is Opinion.REJECTED


@dataclass(frozen=True, slots=True)
class PolicyResult:
    """One policy of the candidate beside the live one; hits come rejected first, then by size."""

    name: str
    """In the candidate; in the live pack where the candidate no longer has it."""
    kind: SubjectKind
    """Of the subjects that it judges."""
    candidate: Policy | None
    """None for a policy that the candidate no longer has."""
    live: Policy | None
    """None for a new one; it may have another name."""
    judged: int
    undecided: int
    because: tuple[str, ...]
    """The signals that were not known, commonest first."""
    lacking: tuple[str, ...]
    """The fields that these signals read and that no row supplies."""
    newly: tuple[Hit, ...]
    gone: tuple[Hit, ...]
    unchanged: tuple[Hit, ...]
    accounts: int
    """Behind all hits of the candidate; an account counts once."""
    newly_accounts: int
    """Those that none of the live policy's hits held."""
    gone_accounts: int
    precision: Precision

    @property
    def hits(self) -> int:
        """Return how many subjects the candidate hits."""
        return len(self.newly) + len(self.unchanged)

    @property
    def draft(self) -> bool:
        """Return whether a run of the candidate would pass it over."""
        return self.candidate is not None and not self.candidate.status.evaluated

    @property
    def moved(self) -> bool:
        """Return whether it hits others than the live one does."""
        return bool(self.newly or self.gone)

    @property
    def newly_rejected(self) -> tuple[Hit, ...]:
        """Return the new hits that reviewers rejected before."""
        return tuple(hit for hit in self.newly if hit.rejected)


@dataclass(frozen=True, slots=True)
class Linking:
    """What became of the campaigns."""

    same_links: bool
    campaigns: int
    before: int
    kept: int
    """Campaigns of exactly the same accounts."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What a run would ask for; accounts by action and disposition."""

    actions: Mapping[str, Mapping[str, int]]
    before: Mapping[str, Mapping[str, int]]
    reasons: Mapping[str, int]
    """Why actions of the candidate are held, exempt or not taken: accounts by reason."""
    held: bool
    """The candidate hits a cap."""
    newly_reached: int
    """Accounts with an action above `log` that have none by the live pack; held ones count."""
    no_longer_reached: int
    settled: int
    """Subjects to whom nothing happens because their case was decided after all they did."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """A candidate pack over stored activity, beside the live one."""

    candidate: Pack
    live: Pack
    as_of_us: int
    since_us: int | None
    exchanges: int
    active_accounts: int
    reviewed: bool
    """Whether a ledger was asked for past decisions."""
    linking: Linking
    policies: tuple[PolicyResult, ...]
    """By name."""
    reach: Reach

    @property
    def unmoved(self) -> tuple[PolicyResult, ...]:
        """Return the policies that hit whom they hit before."""
        return tuple(one for one in self.policies if not one.moved)

    def policy(self, name: str) -> PolicyResult | None:
        """Return the result of one policy."""
        return next((one for one in self.policies if one.name == name), None)
