"""From shared values to groups: strength of pairs, pairs strong enough, connected components.

The strengths of all pairs are one sparse product: incidence, times weights, times incidence
transposed, in whole millionths. It is taken a block of accounts at a time and never kept, so memory
is bounded by a block however many pairs there are. Components: scipy's `csgraph`.
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

PAIR_BUDGET = 20_000_000
"""Most pairs that all values of one links document may make; a few seconds of work."""

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


def linked_groups(
    carried: Carried, power: Ids, kept: NDArray[np.bool_], least: int, at_most: Sequence[int | None]
) -> tuple[Ids, Ids]:
    """Link the pairs whose shared, kept values weigh at least `least` millionths together.

    `power` is the weight of each value, `at_most` says by connector how much it may add to a pair,
    both in millionths. Returns for each account
    the least account of its group, and the strength of its strongest link (0 if it has none).
    """
    labels = np.arange(carried.accounts)
    strongest = np.zeros(carried.accounts, dtype=np.int64)
    for one, other, strength in _links(carried, power, kept, least, at_most):
        np.maximum.at(strongest, one, strength)
        labels = _joined(labels, one, other)
    _, firsts, place = np.unique(labels, return_index=True, return_inverse=True)
    return firsts[place], strongest


def _links(
    carried: Carried, power: Ids, kept: NDArray[np.bool_], least: int, at_most: Sequence[int | None]
) -> Iterator[tuple[Ids, Ids, Ids]]:
    """Yield links as arrays: an account, another one, their strength; each link both ways round."""
    if not carried.accounts:
        return
    used = kept[carried.value]
    account, value = carried.account[used], carried.value[used]
    connector = carried.connectors[value]
    factors = [
        _factor(carried, power, account[connector == number], value[connector == number], limit)
        for number, limit in enumerate(at_most)
    ]
    for first, last in _blocks(account, carried.degrees[value], carried.accounts):
        pairs = reduce(add, (factor.pairs(first, last) for factor in factors)).tocoo()
        row = pairs.row.astype(np.int64) + first
        strong = (pairs.data >= least) & (row != pairs.col)
        yield row[strong], pairs.col[strong].astype(np.int64), pairs.data[strong]


def _factor(carried: Carried, power: Ids, account: Ids, value: Ids, at_most: int | None) -> _Factor:
    """Return a connector's part; its values are renumbered, so no room is left for others."""
    different, place = np.unique(value, return_inverse=True)
    shape = (carried.accounts, len(different))
    carries = csr_array((np.ones(len(value), dtype=np.int64), (account, place)), shape=shape)
    weighted = csr_array((power[value], (account, place)), shape=shape)
    return _Factor(weighted, carries.T.tocsr(), at_most)


def _blocks(account: Ids, terms: Ids, accounts: int) -> Iterator[tuple[int, int]]:
    """Cut the accounts into runs whose rows of the product have about `_BLOCK` terms together."""
    done = np.cumsum(np.bincount(account, weights=terms, minlength=accounts).astype(np.int64))
    block = done // _BLOCK
    edges = np.flatnonzero(np.diff(block)) + 1
    yield from zip([0, *edges.tolist()], [*edges.tolist(), accounts], strict=True)


def _joined(labels: Ids, one: Ids, other: Ids) -> Ids:
    """Return labels under which linked accounts, and all that had their labels, are the same."""
    links = (np.ones(len(one), dtype=np.int8), (labels[one], labels[other]))
    shape = (len(labels), len(labels))
    _, merged = connected_components(coo_array(links, shape=shape), directed=False)
    renamed: Ids = merged[labels].astype(np.int64)
    return renamed
