"""Two addenda to one document are in force for the same organisation at the same time.

Which words bind it must have one answer: put both into one addendum, or end the first.

Accepted:

    addendum: acme
    organisations: [org-7]
    until: 2026-12-31
    ---
    addendum: acme-renewed
    organisations: [org-7]
    versions: [{version: "2", effective: 2027-01-01, waives: [scraping]}]

Refused:

    addendum: acme
    organisations: [org-7]
    until: 2027-01-01
    ---
    addendum: acme-renewed
    organisations: [org-7]
    versions: [{version: "2", effective: 2027-01-01, waives: [scraping]}]
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, Related, quote
from engine.language.draft import Draft, Written, sound
from engine.language.model.terms import Addendum

ID = "EX352"
TITLE = "overlapping addenda"
LEVEL = Level.ERROR


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the organisations for which a later document amends what another one amends."""
    for (first, one), (second, other) in combinations(sound(draft.addenda), 2):
        shared = sorted(one.organisations & other.organisations)
        # The same name twice has its own check.
        if one.amends != other.amends or one.name == other.name or not _overlap(one, other):
            continue
        for organisation in shared:
            yield _problem(first, second, organisation)


def _problem(first: Written[Addendum], second: Written[Addendum], organisation: str) -> Problem:
    related = (Related(first.at_item("organisations", organisation), "amended here as well"),)
    return Problem(
        second.at_item("organisations", organisation),
        f"two addenda are in force for {quote(organisation)} at the same time",
        "give the earlier one an end, `until`, or put both into one",
        related,
    )


def _overlap(one: Addendum, other: Addendum) -> bool:
    return _start(one) <= _end(other) and _start(other) <= _end(one)


def _start(addendum: Addendum) -> int:
    return addendum.versions[0].effective_us


def _end(addendum: Addendum) -> float:
    return math.inf if addendum.until_us is None else addendum.until_us
