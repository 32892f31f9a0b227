"""What a policy must have shown before it is promoted, stated by its author."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.span import NOWHERE, Span

CONFIDENCE = 0.95
"""Of the upper bound of the share of wrong hits, where the policy does not say."""


@dataclass(frozen=True, slots=True)
class ShadowCriteria:
    """What it must have shown in shadow before it proposes anything."""

    days: int
    """Days, in UTC, that runs have judged it on."""
    hits: int = 0
    """Subjects that it must have found; a policy that never finds anybody has shown nothing."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ReviewCriteria:
    """What it must have shown in review before it acts."""

    reviewed: int
    """Cases with a finding of it that reviewers have decided."""
    wrong_at_most: float
    """What the upper confidence bound of the share of rejected ones may be at most."""
    confidence: float = CONFIDENCE
    days: int = 0
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Promotion:
    """The criteria by the status that they are met in; None where the author states none."""

    shadow: ShadowCriteria | None = None
    review: ReviewCriteria | None = None
    span: Span = NOWHERE
