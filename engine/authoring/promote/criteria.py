"""Whether what a policy has shown is what its author asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.authoring.promote.bound import upper_bound
from engine.authoring.promote.shown import Shown
from engine.batch.explanation import number
from engine.language.model.policy import Policy
from engine.language.model.promotion import ReviewCriteria, ShadowCriteria
from engine.language.words import Status

NEXT = {
    Status.DRAFT: Status.SHADOW,
    Status.SHADOW: Status.REVIEW,
    Status.REVIEW: Status.ENFORCE,
}
"""Where a policy goes from where it stands; no status is skipped."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing asked for, what there is of it, and whether that is enough."""

    name: str
    needed: float
    seen: float
    met: bool
    text: str
    """A sentence with the numbers."""


def stated(policy: Policy) -> ShadowCriteria | ReviewCriteria | None:
    """Return the criteria for leaving the policy's status, None where none are stated."""
    if policy.promotion is None:
        return None
    by_status = {Status.SHADOW: policy.promotion.shadow, Status.REVIEW: policy.promotion.review}
    return by_status.get(policy.status)


def assess(criteria: ShadowCriteria | ReviewCriteria, shown: Shown) -> tuple[Criterion, ...]:
    """Hold what was shown against the criteria."""
    match criteria:
        case ShadowCriteria():
            return tuple(_in_shadow(criteria, shown))
        case ReviewCriteria():
            return tuple(_in_review(criteria, shown))


def _in_shadow(criteria: ShadowCriteria, shown: Shown) -> Iterator[Criterion]:
    yield _days(criteria.days, shown, "in shadow")
    if criteria.hits:
        text = f"subjects found: {shown.subjects} of {criteria.hits}"
        met = shown.subjects >= criteria.hits
        yield Criterion("hits", criteria.hits, shown.subjects, met, text)


def _in_review(criteria: ReviewCriteria, shown: Shown) -> Iterator[Criterion]:
    if criteria.days:
        yield _days(criteria.days, shown, "in review")
    enough = shown.reviewed >= criteria.reviewed
    text = f"cases reviewed: {shown.reviewed} of {criteria.reviewed}"
    yield Criterion("reviewed", criteria.reviewed, shown.reviewed, enough, text)
    bound = upper_bound(shown.wrong, shown.reviewed, criteria.confidence)
    certain, most, asked = (
        number(share, percent=True)
        for share in (criteria.confidence, bound, criteria.wrong_at_most)
    )
    text = (
        f"cases rejected: {shown.wrong} of {shown.reviewed}, with {certain} confidence at most "
        f"{most}; asked for: at most {asked}"
    )
    met = bound <= criteria.wrong_at_most
    yield Criterion("wrong_at_most", criteria.wrong_at_most, bound, met, text)


def _days(needed: int, shown: Shown, where: str) -> Criterion:
    seen = len(shown.days)
    text = f"days with a run {where}: {seen} of {needed}"
    return Criterion("days", needed, seen, seen >= needed, text)
