"""From shared values to groups: strength of pairs, pairs strong enough, connected components.

The strengths of all pairs are one sparse product: incidence, times weights, times incidence
transposed, in whole millionths. It is taken a block of accounts at a time and never kept, so memory
is bounded by a block however many pairs there are. Components: scipy's `csgraph`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from engine.campaigns.carriers import Carried, Ids
from engine.campaigns.weight import weights

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


def linked_groups(carried: Carried, kept: NDArray[np.bool_], least: int) -> tuple[Ids, Ids]:
    """Link the pairs whose shared, kept values weigh at least `least` millionths together.

    Returns for each account the least account of its group, and the strength of its strongest link
    (0 if it has none).
    """
    labels = np.arange(carried.accounts)
    strongest = np.zeros(carried.accounts, dtype=np.int64)
    for one, other, strength in _links(carried, kept, least):
        np.maximum.at(strongest, one, strength)
        labels = _joined(labels, one, other)
    _, firsts, place = np.unique(labels, return_index=True, return_inverse=True)
    return firsts[place], strongest


def _links(carried: Carried, kept: NDArray[np.bool_], least: int) -> Iterator[tuple[Ids, Ids, Ids]]:
    """Yield links as arrays: an account, another one, their strength; each link both ways round."""
    used = kept[carried.value]
    account, value = carried.account[used], carried.value[used]
    shape = (carried.accounts, len(kept))
    carries = csr_array((np.ones(len(value), dtype=np.int64), (account, value)), shape=shape)
    weighted = csr_array((weights(carried.degrees)[value], (account, value)), shape=shape)
    carried_by = carries.T.tocsr()
    for first, last in _blocks(account, carried.degrees[value], carried.accounts):
        pairs = (weighted[first:last] @ carried_by).tocoo()
        row = pairs.row.astype(np.int64) + first
        strong = (pairs.data >= least) & (row != pairs.col)
        yield row[strong], pairs.col[strong].astype(np.int64), pairs.data[strong]


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
