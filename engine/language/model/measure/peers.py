"""A signal beside those of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.language.fields import FieldRef
from engine.language.words import CohortScale

if TYPE_CHECKING:
    from engine.language.model.measure import Measure


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
