"""Where a subject stands among its peers, from what each of them came to.

A value is an interval, and so are its peers'. The percentile grows with the subject's value and
falls with a peer's, so its ends are attained: the subject's smallest value among the peers' largest
ones, and the other way round. Of a robust z the bounds enclose every completion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.language.fields import FieldType
from engine.language.model import measure as m
from engine.language.words import CohortScale
from engine.signals.arithmetic import interval, ratio
from engine.signals.facts import Column, Floats, Integers
from engine.signals.measures.computation import (
    Computation,
    Counts,
    Family,
    Names,
    outputs,
    rows_of,
)
from engine.signals.nodes import Figure, Grouping, Quantity, Roster, Zero
from engine.signals.robust import (
    CONSISTENT,
    deviations_without_each,
    group_medians,
    quotients,
)
from engine.signals.truth import Knowledge

Truths = NDArray[np.bool_]


def _cohort_needs(measure: m.Cohort, names: Names) -> dict[str, Quantity]:
    compared = ("low", "high", "unknown")
    found: dict[str, Quantity] = {part: Figure(names.compared, part) for part in compared}
    traits = [names.field(ref) for ref in measure.by]
    if not traits:
        return found
    if any(trait.knowledge is Knowledge.NONE for trait in traits):
        return {**found, "group": Zero()}
    source = Grouping(
        tuple(trait.name for trait in traits),
        tuple(trait.name for trait in traits if trait.ref.field.type is FieldType.TEXT),
        tuple(trait.name for trait in traits if trait.blank),
    )
    return {**found, **outputs(source, group="group")}


def _cohort_column(measure: m.Cohort, parts: Counts, size: int) -> Column:
    low, high = parts["low"], parts["high"]
    known = np.isfinite(low) | np.isfinite(high)
    group = parts.get("group", np.ones(size, dtype=np.int64))
    placed = (group > 0) & (known | (parts["unknown"] > 0))
    standing = _percentiles if measure.scale is CohortScale.PERCENTILE else _robust_z
    return standing(_Peers(low, high, group, placed, measure.min_peers), known)


@dataclass(frozen=True, slots=True)
class _Peers:
    """Subjects by group; `placed` ones have a group and, possibly, a value."""

    low: Floats
    high: Floats
    group: Integers
    placed: Truths
    fewest: int

    @property
    def number(self) -> Integers:
        """How many peers each subject has, itself left out."""
        sizes = np.bincount(self.group, weights=self.placed, minlength=1).astype(np.int64)
        return np.where(self.placed, sizes[self.group] - 1, 0)

    def groups(self) -> Iterator[Integers]:
        """Yield the positions of the members of each group that is large enough."""
        judged = np.flatnonzero(self.placed & (self.number >= self.fewest))
        ordered = judged[np.argsort(self.group[judged], kind="stable")]
        starts = np.flatnonzero(np.diff(self.group[ordered])) + 1
        yield from (one for one in np.split(ordered, starts) if len(one))


def _percentiles(peers: _Peers, known: Truths) -> Column:
    size = len(known)
    counts = {name: np.zeros(size, dtype=np.int64) for name in ("below", "equal", "under", "like")}
    for here in peers.groups():
        low, high = peers.low[here], peers.high[here]
        exact = low == high
        # A subject is not its own peer: an exact value is counted once as equal to itself.
        counts["below"][here], counts["equal"][here] = _ranks(low, high, exact)
        below, equal = _ranks(high, low, exact)
        counts["under"][here], counts["like"][here] = below - ~exact, equal
    number = peers.number
    void = ~known | (number < peers.fewest)
    return interval(
        ratio(2 * counts["below"] + counts["equal"], 2 * number),
        ratio(2 * counts["under"] + counts["like"], 2 * number),
        void=void,
        peers=number,
        below=counts["below"],
        equal=counts["equal"],
        unknown=_undecided(peers),
    )


def _ranks(own: Floats, others: Floats, exact: Truths) -> tuple[Integers, Integers]:
    """Return how many others are smaller and how many equal, not counting an equal self."""
    ordered = np.sort(others)
    below, not_above = (np.searchsorted(ordered, own, side) for side in ("left", "right"))
    return below, not_above - below - exact


def _robust_z(peers: _Peers, known: Truths) -> Column:
    size = len(known)
    names = ("low", "high", "median_low", "median_high", "deviation_low", "deviation_high")
    found = {name: np.zeros(size) for name in names}
    flat = np.zeros(size, dtype=bool)
    for here in peers.groups():
        low, high = peers.low[here], peers.high[here]
        medians, deviations = deviations_without_each(low, high)
        above = low - medians[1], high - medians[0]
        below = CONSISTENT * deviations[0], CONSISTENT * deviations[1]
        ends = quotients(above, below)
        flat[here] = (below[1] == 0) & ((above[0] != 0) | (above[1] != 0))
        for name, values in zip(names, (*ends, *medians, *deviations), strict=True):
            found[name][here] = values
    number = peers.number
    void = ~known | (number < peers.fewest) | flat
    low, high = found.pop("low"), found.pop("high")
    return interval(low, high, void=void, peers=number, unknown=_undecided(peers), **found)


def _undecided(peers: _Peers) -> Integers:
    """Return how many placed subjects of each group have no exact value."""
    open_ = peers.placed & (peers.low != peers.high)
    sizes = np.bincount(peers.group, weights=open_, minlength=1).astype(np.int64)
    return np.where(peers.placed, sizes[peers.group], 0)


def _member_needs(_: m.MemberCohort, names: Names) -> dict[str, Quantity]:
    ends = {end: Figure(names.compared, end, of_accounts=True) for end in ("low", "high")}
    return {**ends, **outputs(Roster(), rows="rows")}


def _member_column(_: m.MemberCohort, parts: Counts, size: int) -> Column:
    """A median grows with each of its values, so its ends are the medians of their ends."""
    campaign, account = rows_of(parts).T
    ends = [parts[end][account] for end in ("low", "high")]
    low, high = (group_medians(values, campaign, size) for values in ends)
    members = np.bincount(campaign, minlength=size)
    unknown = np.bincount(campaign, weights=ends[0] != ends[1], minlength=size).astype(np.int64)
    return interval(low, high, void=members == 0, members=members, unknown=unknown)


FAMILY: Family = {
    m.Cohort: Computation(_cohort_needs, _cohort_column),
    m.MemberCohort: Computation(_member_needs, _member_column),
}
