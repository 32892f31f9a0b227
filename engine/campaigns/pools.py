"""Pools: the parts of a group that hang together by no more than a few accounts.

One account with a bought card can tie two hands' accounts into one group. The Leiden algorithm
proposes parts; which of them stand is decided by counting alone. A part is a pool when few accounts
hold it to the rest, and it holds together by many times as many links itself. A chain, a star or a
loose group has no such parts and stays whole, whatever was proposed.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

Ids = NDArray[np.int64]

FIRMER = 4
"""How many times more links an account of a pool has in it than accounts hold it to the rest."""

_SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Edges:
    """Links between numbered accounts, each both ways round, with strengths in millionths."""

    one: Ids
    other: Ids
    strength: Ids

    def where(self, chosen: NDArray[np.bool_]) -> Edges:
        """Return the links chosen."""
        return Edges(self.one[chosen], self.other[chosen], self.strength[chosen])

    @classmethod
    def joined(cls, parts: list[Edges]) -> Edges:
        """Return all links of several arrays of them."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(
            np.concatenate([nothing, *(part.one for part in parts)]),
            np.concatenate([nothing, *(part.other for part in parts)]),
            np.concatenate([nothing, *(part.strength for part in parts)]),
        )


def communities(label: Ids, edges: Edges) -> Ids:
    """Return labels under which accounts that are linked closely are together: a proposal.

    Accounts without links keep their label; communities are named by their least account.
    """
    from graspologic_native import leiden  # noqa: PLC0415 - for runs with a group large enough

    once = edges.where(edges.one < edges.other)
    if not len(once.one):
        return label
    order = np.lexsort((once.other, once.one))
    columns = (once.one[order], once.other[order], once.strength[order])
    weighed = zip(*(column.tolist() for column in columns), strict=True)
    _, found = leiden([(str(a), str(b), float(w)) for a, b, w in weighed], seed=_SEED)
    accounts = np.array(sorted(map(int, found)), dtype=np.int64)
    community = [found[str(account)] for account in accounts.tolist()]
    _, first, place = np.unique(community, return_index=True, return_inverse=True)
    proposed = label.copy()
    proposed[accounts] = accounts[first[place]]
    return proposed


def pools(label: Ids, edges: Edges, *, members_min: int, bridge: int) -> Ids:
    """Merge the parts that `label` names, least account first, until each stands by itself.

    A part stands when it has `members_min` accounts, at most `bridge` accounts hold it to all
    others, and so many accounts of it have, among themselves, `FIRMER` times as many links each.
    What does not stand goes, smallest first, to the part that it is tied to most for its size.
    """
    merging = _Merging(label.copy(), edges, members_min, bridge)
    merging.run()
    return merging.label


class _Merging:
    """Parts on their way to be pools."""

    def __init__(self, label: Ids, edges: Edges, members_min: int, bridge: int) -> None:
        shape = (len(label), len(label))
        self.label = label
        self._links = csr_array((edges.strength, (edges.one, edges.other)), shape=shape)
        self._weight = np.asarray(self._links.sum(axis=1)).ravel()
        self._members_min, self._bridge = members_min, bridge
        outward = label[edges.one] != label[edges.other]
        self._parts = dict(self._divided(np.unique(edges.one[outward])))

    def _divided(self, touching: Ids) -> Iterator[tuple[int, Ids]]:
        """Yield the parts, by label, that have links to others."""
        wanted = np.flatnonzero(np.isin(self.label, self.label[touching]))
        order = wanted[np.argsort(self.label[wanted], kind="stable")]
        names, first = np.unique(self.label[order], return_index=True)
        edges = [*first.tolist(), len(order)]
        for name, start, end in zip(names.tolist(), edges, edges[1:], strict=False):
            yield name, order[start:end]

    def run(self) -> None:
        weak = [(len(mine), name) for name, mine in self._parts.items() if not self._stands(name)]
        heapq.heapify(weak)
        while weak:
            size, name = heapq.heappop(weak)
            if name not in self._parts or len(self._parts[name]) != size:
                continue  # has grown since
            neighbour = self._nearest(name)
            if neighbour is None:
                continue
            merged = self._merge(name, neighbour)
            if not self._stands(merged):
                heapq.heappush(weak, (len(self._parts[merged]), merged))

    def _stands(self, name: int) -> bool:
        mine = self._parts[name]
        if len(mine) < self._members_min:
            return False
        rows = self._links[mine].tocoo()
        inside = self.label[rows.col] == name
        holders = _fewest_between(rows.row[~inside], rows.col[~inside])
        if holders > self._bridge:
            return False
        place = np.searchsorted(mine, rows.col[inside])
        firm = _core(rows.row[inside], place, len(mine), FIRMER * max(1, holders))
        return firm >= self._members_min

    def _nearest(self, name: int) -> int | None:
        """Return the part that shares most with this one, for the weight it has; None: no part."""
        rows = self._links[self._parts[name]].tocoo()
        labels = self.label[rows.col]
        names, place = np.unique(labels, return_inverse=True)
        shared = np.zeros(len(names), dtype=np.int64)
        np.add.at(shared, place, rows.data)
        ties = {
            other: Fraction(weight, int(self._weight[self._parts[other]].sum()))
            for other, weight in zip(names.tolist(), shared.tolist(), strict=True)
            if other != name
        }
        return min(ties, key=lambda other: (-ties[other], other), default=None)

    def _merge(self, one: int, other: int) -> int:
        first, gone = min(one, other), max(one, other)
        self._parts[first] = np.sort(np.concatenate([self._parts[first], self._parts.pop(gone)]))
        self.label[self._parts[first]] = first
        return first


def _fewest_between(one: Ids, other: Ids) -> int:
    """Return how few accounts must go for no link to remain: by König's theorem, a matching."""
    if not len(one):
        return 0
    _, row = np.unique(one, return_inverse=True)
    _, column = np.unique(other, return_inverse=True)
    links = csr_array((np.ones(len(row), dtype=np.int8), (row, column)))
    return int((maximum_bipartite_matching(links) >= 0).sum())


def _core(one: Ids, other: Ids, accounts: int, links: int) -> int:
    """Return how many accounts have at least so many links to one another."""
    left = np.full(accounts, fill_value=True)
    while True:
        degree = np.bincount(one[left[one] & left[other]], minlength=accounts)
        stay = left & (degree >= links)
        if (stay == left).all():
            return int(stay.sum())
        left = stay
