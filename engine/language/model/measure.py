"""Measures: what a signal counts over a subject's exchanges.

Every measure has `window_us`: the closed interval [as_of - window, as_of] in microseconds, or None
for the whole period of the run. Events after `as_of` are never seen. An anchored window leaves of
these events only those that come soon `after` something; an event whose anchor is not recorded is
one that may count.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.fields import FieldRef
from engine.language.model.selection import EVERYTHING, After, Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class _Windowed:
    window_us: int | None = None
    after: After | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(_Windowed):
    """How many events are in the selection."""

    where: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(_Windowed):
    """Events in `where` over events in `of`; indeterminate when `of` has fewer than `min_of`."""

    where: Selection
    of: Selection = EVERYTHING
    min_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(_Windowed):
    """Total of a numeric field."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean(_Windowed):
    """Mean of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum(_Windowed):
    """Smallest value of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum(_Windowed):
    """Largest value of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct(_Windowed):
    """Number of different values of a field (of the elements, for a list field)."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class TopShare(_Windowed):
    """Share of the events that carry the commonest value; indeterminate below `min_of` events."""

    field: FieldRef
    where: Selection = EVERYTHING
    min_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entropy(_Windowed):
    """Shannon entropy over log2 of the number of values, 0 to 1; 0 when there is one value."""

    field: FieldRef
    where: Selection = EVERYTHING
    min_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Busiest(_Windowed):
    """Most events of the selection in any interval of length `span_us`, both ends inclusive."""

    where: Selection
    span_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapCv(_Windowed):
    """Coefficient of variation of the gaps between consecutive events, gaps in whole ms.

    Sample standard deviation over mean; indeterminate below `min_events` events or when every gap
    is zero.
    """

    where: Selection = EVERYTHING
    min_events: int = 3


# Measures of a campaign only.


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """How many accounts the campaign has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payers:
    """How many different payment fingerprints its members have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisations:
    """How many independent parties its members are: organisations, and members that have none.

    A member known to belong to no organisation (the column is supplied, its value empty) is a party
    of its own.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers(_Windowed):
    """Members with at least `at_least_share` of their events in `of` (and one) in `where`."""

    where: Selection
    of: Selection = EVERYTHING
    at_least_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionIndex(_Windowed):
    """1 - observed/expected exact collisions of prompts between members that share a template.

    Near 1: members divide the prompts among themselves. At or below 0.5: they repeat each other, as
    a benchmark or a class does. Exculpatory only (DOMAIN I02). For each value of `field` carried by
    at least two members, with n_a distinct prompt hashes for member a, D distinct in all and k_h
    members sharing hash h: observed = sum k_h(k_h-1)/2, expected = (S^2 - sum n_a^2)/(2D) with
    S = sum n_a. Both are summed over templates. Indeterminate when nothing is expected.
    """

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared(_Windowed):
    """Share of the members that have a value of the field in common with another member.

    With an account field, the account's value; with an exchange field, any value that the member's
    events in `where` carry. A member whose value is missing may or may not share it.
    """

    field: FieldRef
    where: Selection = EVERYTHING


# Facts about the account, not about its events.


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """Whether the subject holds an approval: 1 when all its accounts do, else 0."""

    approval: str


ActivityMeasure = (
    Count | Share | Sum | Mean | Minimum | Maximum | Distinct | TopShare | Entropy | Busiest | GapCv
)
CampaignMeasure = Members | Payers | Organisations | Carriers | PartitionIndex | Shared
Measure = ActivityMeasure | CampaignMeasure | Approved
