"""From shared values to groups: strength of pairs, pairs strong enough, connected components.

The strengths of all pairs are one sparse product: incidence, times weights, times incidence
transposed, in whole millionths. It is taken a block of accounts at a time and never kept, so memory
is bounded by a block however many pairs there are; only the strongest few links of each account
stay, by which `division` looks for pools. Components: scipy's `csgraph`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from engine.campaigns.carriers import Carried, Ids
from engine.campaigns.pools import Edges
from engine.campaigns.synchrony import Acts
from engine.campaigns.weight import millionths
from engine.language.model.links import SignUp, Synchrony

PAIR_BUDGET = 20_000_000
"""Most pairs that all values of one links document may make; a few seconds of work."""

STRONGEST = 16
"""Links of an account that are kept: enough to show in which pool it is."""

_BLOCK = 4_000_000  # terms of the product at a time


def within_budget(degrees: Ids, budget: int) -> NDArray[np.bool_]:
    """Choose the values to keep: those that most accounts share go first, until the pairs fit.

    Among values that equally many share the last goes first.
    """
    order = np.argsort(degrees, kind="stable")
    pairs = np.cumsum(degrees[order] * (degrees[order] - 1) // 2)
    kept = np.zeros(len(degrees), dtype=np.bool_)
    kept[order[pairs <= budget]] = True
    return kept


@dataclass(frozen=True, slots=True)
class _Factor:
    """One connector's part of the product: its carriers with weights, its values with carriers."""

    weighted: csr_array
    carried_by: csr_array
    at_most: int | None
    """In millionths."""

    def pairs(self, first: int, last: int) -> csr_array:
        """Return what the connector adds to all pairs of which one lies in [first, last)."""
        product = self.weighted[first:last] @ self.carried_by
        if self.at_most is not None:
            np.minimum(product.data, self.at_most, out=product.data)
        return product


@dataclass(frozen=True, slots=True)
class Weighing:
    """What makes a pair strong: the values that count, what each weighs, what a pair needs."""

    power: Ids
    """By value, in millionths."""
    kept: NDArray[np.bool_]
    """By value."""
    least: int
    """In millionths."""
    at_most: Sequence[int | None]
    """By connector: how much it may add to a pair, in millionths."""
    synchronous: Sequence[Synchrony] = ()
    """Connectors after those, by the order of their values."""
    signed_up: SignUp | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """Accounts grouped by their links, by number of account."""

    label: Ids
    """The least account of its group."""
    strongest: Ids
    """Strength of its strongest link, 0 if it has none."""
    links: Ids
    """How many links it has."""
    backbone: Edges
    """The strongest few links of each account."""


def linked_groups(carried: Carried, weighing: Weighing) -> Groups:
    """Link the pairs whose shared, kept values weigh enough together, and group the accounts."""
    labels = np.arange(carried.accounts)
    strongest = np.zeros(carried.accounts, dtype=np.int64)
    number = np.zeros(carried.accounts, dtype=np.int64)
    room = np.full(carried.accounts, STRONGEST)
    backbone = []
    for edges in links(carried, weighing):
        np.maximum.at(strongest, edges.one, edges.strength)
        number += np.bincount(edges.one, minlength=carried.accounts)
        labels = _joined(labels, edges.one, edges.other)
        backbone.append(strongest_of(edges, room))
    _, firsts, place = np.unique(labels, return_index=True, return_inverse=True)
    few = both_ways(Edges.joined(backbone), carried.accounts)
    return Groups(firsts[place], strongest, number, few)


def links(
    carried: Carried, weighing: Weighing, among: NDArray[np.bool_] | None = None
) -> Iterator[Edges]:
    """Yield the links in order, each both ways round; `among` says whose links count."""
    if not carried.accounts:
        return
    used = weighing.kept[carried.value]
    if among is not None:
        used &= among[carried.account]
    account, value = carried.account[used], carried.value[used]
    connector = carried.connectors[value]
    factors: list[_Factor | Acts] = [
        _factor(carried, weighing.power, account[mine], value[mine], limit)
        for mine, limit in ((connector == n, limit) for n, limit in enumerate(weighing.at_most))
    ]
    factors += acts(carried, weighing, used)
    for first, last in blocks(account, carried.degrees[value], carried.accounts):
        sums = reduce(add, (factor.pairs(first, last) for factor in factors))
        sums.sort_indices()
        pairs = sums.tocoo()
        pairs.data += opened_together(carried, weighing.signed_up, pairs.row + first, pairs.col)
        row = pairs.row.astype(np.int64) + first
        strong = (pairs.data >= weighing.least) & (row != pairs.col)
        yield Edges(row[strong], pairs.col[strong].astype(np.int64), pairs.data[strong])


def acts(carried: Carried, weighing: Weighing, used: NDArray[np.bool_]) -> list[Acts]:
    """Return the acts of each synchronous connector; `used` says which carriers count."""
    found = []
    for position, asked in enumerate(weighing.synchronous, len(weighing.at_most)):
        mine = used & (carried.connectors[carried.value] == position)
        account, value = carried.account[mine], carried.value[mine]
        found.append(Acts(asked, account, value, carried.days, carried.totals[position]))
    return found


def opened_together(carried: Carried, asked: SignUp | None, one: Ids, other: Ids) -> Ids:
    """Return what having been opened close together adds to pairs that share something."""
    if asked is None:
        return np.zeros(len(one), dtype=np.int64)
    first, second = carried.created_us[one], carried.created_us[other]
    known = (first >= 0) & (second >= 0)
    close = known & (np.abs(first - second) <= asked.within_us)
    return np.where(close, millionths(asked.adds), 0)


def strongest_of(edges: Edges, room: Ids) -> Edges:
    """Return each account's strongest links, as many as it has room for; of equal ones the first.

    All links of an account stand together. Sorting them would take longer than finding them, so
    the strongest of each account are taken out in turns; few turns fill most accounts. `room`, by
    account, is what is left of it afterwards.
    """
    taken = []
    while len(edges.one):
        starts = np.flatnonzero(np.diff(edges.one, prepend=-1))
        lengths = np.diff(starts, append=len(edges.one))
        top = edges.strength == np.repeat(np.maximum.reduceat(edges.strength, starts), lengths)
        place = np.cumsum(top)
        place -= np.repeat(place[starts] - top[starts], lengths)
        taken.append(edges.where(top & (place <= room[edges.one])))
        room[edges.one[starts]] -= np.add.reduceat(top.astype(np.int64), starts)
        edges = edges.where(~top & (room[edges.one] > 0))
    return Edges.joined(taken)


def both_ways(edges: Edges, accounts: int) -> Edges:
    """Return each link both ways round, once."""
    shape = (accounts, accounts)
    one_way = csr_array((edges.strength, (edges.one, edges.other)), shape=shape)
    both = one_way.maximum(one_way.T).tocoo()
    return Edges(both.row.astype(np.int64), both.col.astype(np.int64), both.data)


def _factor(carried: Carried, power: Ids, account: Ids, value: Ids, at_most: int | None) -> _Factor:
    """Return a connector's part; its values are renumbered, so no room is left for others."""
    different, place = np.unique(value, return_inverse=True)
    shape = (carried.accounts, len(different))
    carries = csr_array((np.ones(len(value), dtype=np.int64), (account, place)), shape=shape)
    weighted = csr_array((power[value], (account, place)), shape=shape)
    return _Factor(weighted, carries.T.tocsr(), at_most)


def blocks(
    account: Ids, terms: Ids, accounts: int, most: int | None = None
) -> Iterator[tuple[int, int]]:
    """Cut the accounts into runs whose rows of the product have about so many terms together."""
    done = np.cumsum(np.bincount(account, weights=terms, minlength=accounts).astype(np.int64))
    block = done // (most or _BLOCK)
    edges = np.flatnonzero(np.diff(block)) + 1
    yield from zip([0, *edges.tolist()], [*edges.tolist(), accounts], strict=True)


def _joined(labels: Ids, one: Ids, other: Ids) -> Ids:
    """Return labels under which linked accounts, and all that had their labels, are the same."""
    linked = (np.ones(len(one), dtype=np.int8), (labels[one], labels[other]))
    shape = (len(labels), len(labels))
    _, merged = connected_components(coo_array(linked, shape=shape), directed=False)
    renamed: Ids = merged[labels].astype(np.int64)
    return renamed
