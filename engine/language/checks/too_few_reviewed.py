"""So few reviewed hits cannot show what the criteria ask for, even if none of them is wrong.

The upper confidence bound of the share of wrong hits among n, none of them wrong, is
1 - (1 - confidence)^(1/n): 0.058 for 50 hits at a confidence of 0.95, 0.049 for 59.

Accepted:

    policy: harness
    promotion: {review: {reviewed: 59, wrong_at_most: 0.05}}

Refused:

    policy: harness
    promotion: {review: {reviewed: 50, wrong_at_most: 0.05}}
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level
from engine.language.draft import Draft, sound
from engine.language.model.promotion import ReviewCriteria
from engine.language.numerals import exact

ID = "EX452"
TITLE = "too few reviewed hits to show it"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the numbers of hits that are never enough."""
    for document, read in sound(draft.policies):
        criteria = read.model.promotion.review if read.model.promotion else None
        needed = criteria and _needed(criteria)
        if criteria and needed and criteria.reviewed < needed:
            bound = 1 - (1 - criteria.confidence) ** (1 / criteria.reviewed)
            message = (
                f"with {criteria.reviewed} hits and none wrong the bound is {bound:.2g}, "
                f"more than {exact(criteria.wrong_at_most)}"
            )
            place = document.at("promotion", "review", "reviewed")
            yield Problem(place, message, f"at least {needed} are needed")


def _needed(criteria: ReviewCriteria) -> int:
    """Return how many hits, none of them wrong, show the share; at most ten million."""
    exact = math.log1p(-criteria.confidence) / math.log1p(-criteria.wrong_at_most)
    return math.ceil(min(exact, 1e7) - 1e-9)
