"""Measures: what a signal counts over a subject's exchanges.

Every measure has `window_us`: the closed interval [as_of - window, as_of] in microseconds, or None
for the whole period of the run. Events after `as_of` are never seen. An anchored window leaves of
these events only those that come soon `after` something; an event whose anchor is not recorded is
one that may count.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.fields import FieldRef
from engine.language.model.habit import Habit
from engine.language.model.selection import EVERYTHING, Selection
from engine.language.model.windowed import Windowed
from engine.language.span import NOWHERE, Span
from engine.language.words import CohortScale, Operator, RankMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Windowed):
    """How many events are in the selection."""

    where: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Windowed):
    """Events in `where` over events in `of`; indeterminate when `of` has fewer than `min_of`."""

    where: Selection
    of: Selection = EVERYTHING
    min_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum(Windowed):
    """Total of a numeric field."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean(Windowed):
    """Mean of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum(Windowed):
    """Smallest value of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum(Windowed):
    """Largest value of a numeric field; indeterminate over no event."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile(Windowed):
    """The value of a numeric field below which a share `q` of the values lies.

    With n values x1 <= x2 <= ... the nearest rank is x_k with k = ceil(q n), at least 1; linear
    interpolation takes rank 1 + (n - 1) q (Hyndman and Fan 1996, types 1 and 7). Indeterminate
    below `min_of` events with a value.
    """

    field: FieldRef
    q: float
    method: RankMethod = RankMethod.NEAREST
    where: Selection = EVERYTHING
    min_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct(Windowed):
    """Number of different values of a field (of the elements, for a list field)."""

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestRun(Windowed):
    """Most consecutive whole numbers among the values of a field: 5, 7, 6 and 9 have a run of 3.

    Whoever reads a model's output layer token by token leaves one long run (DOMAIN I12).
    """

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class TopShare(Windowed):
    """Share of the events that carry the commonest value; indeterminate below `min_of` events."""

    field: FieldRef
    where: Selection = EVERYTHING
    min_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entropy(Windowed):
    """Shannon entropy over log2 of the number of values, 0 to 1; 0 when there is one value."""

    field: FieldRef
    where: Selection = EVERYTHING
    min_of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Busiest(Windowed):
    """Most events of the selection in any interval of length `span_us`, both ends inclusive."""

    where: Selection
    span_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapCv(Windowed):
    """Coefficient of variation of the gaps between consecutive events, gaps in whole ms.

    Sample standard deviation over mean; indeterminate below `min_events` events or when every gap
    is zero.
    """

    where: Selection = EVERYTHING
    min_events: int = 3


# Measures over intervals that slide along the events.


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """How many of several selections occur in an interval of `windows`.

    With `ordered`, only if those that occur come one after the other as listed, each strictly later
    than the one before; otherwise the interval satisfies nothing.
    """

    of: tuple[Selection, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How many of several selections come one after the other in an interval of `windows`.

    The most of them that can be picked in the order listed, each by an event strictly later than
    the event before it.
    """

    of: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison of an interval's value with a number."""

    operator: Operator
    threshold: float
    span: Span = NOWHERE


Inner = Count | Distinct | Sum | Mean | Minimum | Maximum | Quantile | Kinds | Steps
"""What may be measured over an interval of `windows`; its own window is that of the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows(Windowed):
    """How many events end an interval whose value satisfies every comparison.

    For each event t that `inner` is about (that is in its `where`, or in one of its selections)
    the interval is [t - span, t], both ends inclusive: every event at the time of t is in it. The
    value is `inner` over the interval. A number of values is 0 where there are none; any other
    value over no value at all satisfies nothing, `neq` neither.
    """

    inner: Inner
    span_us: int
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of `together` or `sequence`: what happens, or what must not."""

    where: Selection
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(Windowed):
    """How often events of every step come within `within_us` of each other, among those of `where`.

    Without absent steps: the number of events t, in some step, such that [t - within, t] holds an
    event of every step. With absent steps: the number of events t, in a step that must happen, such
    that [t, t + within] holds an event of every step that must happen and none of an absent one;
    where every step is absent, t may be any event of `where`. The interval must be over: it
    ends at `as_of` or before. Both ends are inclusive, and one event may serve several steps.

    With `ordered`, the steps that must happen do so one after the other as listed, each at an event
    strictly later than the one before, inside the interval; absent steps have no place in that
    order, they are absent from all of it.
    """

    steps: tuple[Step, ...]
    within_us: int
    where: Selection = EVERYTHING
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence(Windowed):
    """How often steps come one after the other, from first to last within `within_us`.

    Only events of `where` are looked at. The steps that must happen do so at events
    e_1 < e_2 < ... < e_m, each strictly later than the one before, with e_m <= e_1 + within.
    Counted are the events that can be e_m; of one opening and two endings there are two, of two
    openings and one ending one.

    An absent step between two others must have no event strictly between those: none with
    e_i < x < e_i+1. Absent steps at the end must have no event after e_m for as long as the
    interval lasts: none with e_m < x <= e_1 + within; then counted are the events that can be e_1,
    and the interval must be over: e_1 + within <= `as_of`. A sequence has absent steps between
    others or at its end, not both, and none at its beginning.
    """

    steps: tuple[Step, ...]
    within_us: int
    where: Selection = EVERYTHING


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
class Carriers(Windowed):
    """Members with at least `at_least_share` of their events in `of` (and one) in `where`."""

    where: Selection
    of: Selection = EVERYTHING
    at_least_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionIndex(Windowed):
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
class Shared(Windowed):
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


# A signal beside those of others.


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Where a subject's value stands among its peers, the other subjects of its kind.

    Peers are recorded with the same values of the account fields `by` (of none: all are peers). An
    organisation or campaign has the value that all its accounts have; those whose accounts differ
    are peers of each other. Whoever has no value of the signal, such as a share below its minimum,
    is nobody's peer. Indeterminate below `min_peers` peers, without a recorded trait, and without a
    value of one's own.

    As a percentile: the share of peers with a smaller value plus half the share with an equal one,
    so that where all are alike each is at 0.5 (percentile rank; Roscoe 1975). As a robust z:
    (value - median) / (1.4826 MAD), both over the peers, MAD the median distance from the median
    (modified z-score; Iglewicz and Hoaglin 1993). Where MAD is 0, the median itself has z 0 and
    other values have none: indeterminate.
    """

    value: Measure
    by: tuple[FieldRef, ...] = ()
    scale: CohortScale = CohortScale.PERCENTILE
    min_peers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCohort:
    """The median, over a campaign's active members, of where each stands among all accounts.

    Members far below their peers while the campaign is far above other campaigns keep low and slow
    on purpose (DOMAIN I17).
    """

    cohort: Cohort


ActivityMeasure = (
    Count
    | Share
    | Sum
    | Mean
    | Minimum
    | Maximum
    | Quantile
    | Distinct
    | LongestRun
    | TopShare
    | Entropy
    | Busiest
    | GapCv
    | Windows
    | Together
    | Sequence
    | Habit
)
MemberMeasure = Members | Payers | Organisations | Carriers | PartitionIndex | Shared
CampaignMeasure = MemberMeasure | MemberCohort
Measure = ActivityMeasure | CampaignMeasure | Approved | Cohort
