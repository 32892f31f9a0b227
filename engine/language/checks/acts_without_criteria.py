"""A policy acts without criteria for its promotion, while other policies of the pack state theirs.

What it had to show before it acted is then nowhere to be read.

Accepted:

    policy: harness
    status: review
    ---
    policy: pool
    status: enforce
    promotion: {review: {reviewed: 100, wrong_at_most: 0.05}}

Refused:

    policy: harness
    status: enforce
    ---
    policy: pool
    status: enforce
    promotion: {review: {reviewed: 100, wrong_at_most: 0.05}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, Written, sound
from engine.language.model.promotion import ReviewCriteria
from engine.language.read.policy import ReadPolicy
from engine.language.words import Status

ID = "EX453"
TITLE = "enforcement without criteria"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the policies in enforce that state none, once any policy does."""
    stating = next((d for d, read in sound(draft.policies) if _criteria(read)), None)
    if stating is None:
        return
    for document, read in sound(draft.policies):
        if read.model.status is Status.ENFORCE and not _criteria(read):
            yield _problem(document, read.model.name, stating)


def _criteria(read: ReadPolicy) -> ReviewCriteria | None:
    return read.model.promotion.review if read.model.promotion else None


def _problem(document: Written[ReadPolicy], name: str, stating: Written[ReadPolicy]) -> Problem:
    message = f"{quote(name)} acts without criteria for its promotion"
    related = (Related(stating.at("promotion", "review"), "another policy states them"),)
    hint = "state what it must show: `promotion: {review: {reviewed: …, wrong_at_most: …}}`"
    return Problem(document.at("status"), message, hint, related)
