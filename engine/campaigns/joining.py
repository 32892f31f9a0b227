"""Join groups that one hand runs, though no two of their accounts are linked.

A pool that pays with a card for every few accounts, and has a device for each, falls into groups of
a card. What they leave behind together are its exits: networks that hardly anybody else uses, each
account behind others, so that no pair shares enough. Groups are joined by what they share as one:
several values that are theirs alone, whose carriers were opened in one season. An office, a campus
or a VPN has few exits, or is used by everybody, and its firms and people came over years.

Words join no groups: strangers take the same ones from a library or a benchmark.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from engine.campaigns.carriers import Carried, Ids
from engine.campaigns.conduct import FIELDS
from engine.campaigns.graph import STRONGEST, Weighing, blocks, both_ways, strongest_of
from engine.campaigns.pools import Edges, communities, pools
from engine.campaigns.weight import MILLION
from engine.language.model.links import Links

FEWEST = 3
"""Accounts of a group that is joined, groups that share a value, and groups that are joined."""

VALUES = 5
"""Shared values of a group: more than the networks of one building."""

COMMON = 2
"""Shared values of two groups that go together: one may be chance, or a hosting company's."""

PART = 10
"""At least one in so many of the values of the group with fewer is shared with the other one."""

_FOCUS = (4, 5)
"""Part of the accounts with a value that are in such groups, and opened in one season."""

_SEASON_US = 30 * 86_400_000_000
"""How long a hand may take to open the accounts behind one value."""


@dataclass(frozen=True, slots=True)
class _Held:
    """Which account of which group carries which value; the rows in order of value and moment."""

    account: Ids
    party: Ids
    """Number of the account's group."""
    value: Ids
    created_us: Ids

    def where(self, chosen: NDArray[np.bool_]) -> _Held:
        return _Held(
            self.account[chosen], self.party[chosen], self.value[chosen], self.created_us[chosen]
        )


def joinable(group: Ids, organisation: Ids) -> NDArray[np.bool_]:
    """Return by account whether its group may be joined to others.

    Accounts of one organisation are a customer, who answers under a name.
    """
    least = np.full(len(group), np.iinfo(np.int64).max)
    most = np.full(len(group), -1)
    np.minimum.at(least, group, organisation)
    np.maximum.at(most, group, organisation)
    customer = (least == most) & (most >= 0)
    able: NDArray[np.bool_] = ~customer[group]
    return able


def joined(
    carried: Carried, weighing: Weighing, links: Links, group: Ids, able: NDArray[np.bool_]
) -> Ids:
    """Return the labels of groups, those that go together under the least account's.

    `able` says by account whether its group may be joined. Groups that would together be more
    accounts than the links allow stay apart, and so do all where the links ask for no sign-ups.
    """
    if links.signed_up is None:
        return group
    sizes = np.bincount(group, minlength=carried.accounts)
    large = able & (sizes[group] >= FEWEST)
    parties = np.unique(group[large])
    held = _held(carried, weighing, links, large, np.searchsorted(parties, group))
    held = _lasting(held, carried.degrees, sizes[parties])
    if not len(held.party):
        return group
    together = _together(held, len(parties), links.bridge)
    _, place, counts = np.unique(together, return_inverse=True, return_counts=True)
    members = np.bincount(place, weights=sizes[parties]).astype(np.int64)
    right = ((counts >= FEWEST) & (members <= links.members_max))[place]
    new = np.arange(carried.accounts)
    new[parties[right]] = parties[together[right]]
    label: Ids = new[group]
    return label


def _held(
    carried: Carried, weighing: Weighing, links: Links, able: NDArray[np.bool_], party: Ids
) -> _Held:
    """Return what accounts of groups carry that may join them."""
    telling = np.zeros(len(links.by_value), dtype=np.bool_)
    telling[: len(links.connectors)] = [each.shared not in FIELDS for each in links.connectors]
    used = (weighing.kept & telling[carried.connectors])[carried.value] & able[carried.account]
    used &= carried.created_us[carried.account] >= 0
    account, value = carried.account[used], carried.value[used]
    created = carried.created_us[account]
    order = np.lexsort((account, created, value))
    return _Held(account[order], party[account[order]], value[order], created[order])


def _lasting(held: _Held, degrees: Ids, sizes: Ids) -> _Held:
    """Leave out values that are not the groups' own and groups that share too few, until all are.

    At least half of the accounts of a group must have such values: one borrowed by a few of them
    says nothing of the others.
    """
    while True:
        left = held.where(_own(held, degrees)[held.value])
        shared = np.unique(left.party * len(degrees) + left.value) // len(degrees)
        _, first = np.unique(left.account, return_index=True)
        values = np.bincount(shared, minlength=len(sizes))
        people = np.bincount(left.party[first], minlength=len(sizes))
        left = left.where(((values >= VALUES) & (2 * people >= sizes))[left.party])
        if len(left.party) == len(held.party):
            return left
        held = left


def _own(held: _Held, degrees: Ids) -> NDArray[np.bool_]:
    """Return by value whether it is the groups' own: shared by several, and by few beside them."""
    parties = int(held.party.max(initial=0)) + 1
    pairs = np.unique(held.value * parties + held.party)
    several = np.bincount(pairs // parties, minlength=len(degrees)) >= FEWEST
    part, of = _FOCUS
    own: NDArray[np.bool_] = several & (of * _in_season(held, degrees) >= part * degrees)
    return own


def _in_season(held: _Held, degrees: Ids) -> Ids:
    """Return by value how many accounts with it were opened in the season with most of them."""
    # Moments by their rank: microseconds of decades, times values, are more than 64 bits hold.
    moments, rank = np.unique(held.created_us, return_inverse=True)
    over = np.searchsorted(moments, moments + _SEASON_US, side="right")
    size = len(moments) + 1
    until = np.searchsorted(held.value * size + rank, held.value * size + over[rank])
    most = np.zeros(len(degrees), dtype=np.int64)
    np.maximum.at(most, held.value, until - np.arange(len(rank)))
    return most


def _together(held: _Held, parties: int, bridge: int) -> Ids:
    """Return the groups' labels, by number, those under one that share enough.

    As of accounts: what no more than a few groups hold together is two hands' (see `pools`).
    """
    few = both_ways(_links(held, parties), parties)
    proposed = communities(np.arange(parties), few)
    return pools(proposed, few, members_min=FEWEST, bridge=bridge)


def _links(held: _Held, parties: int) -> Edges:
    """Return the strongest few links of each group, a block of groups at a time (see `graph`)."""
    pairs = np.unique(held.value * parties + held.party)
    value, party = np.divmod(pairs, parties)
    _, place, degrees = np.unique(value, return_inverse=True, return_counts=True)
    shape = (parties, len(degrees))
    carries = csr_array((np.ones(len(party), dtype=np.int64), (party, place)), shape=shape)
    carried_by = carries.T.tocsr()
    held_by = np.bincount(party, minlength=parties)
    room = np.full(parties, STRONGEST)
    found = []
    for first, last in blocks(party, degrees[place], parties):
        product = carries[first:last] @ carried_by
        product.sort_indices()
        common = product.tocoo()
        one, other = common.row.astype(np.int64) + first, common.col.astype(np.int64)
        fewer = np.minimum(held_by[one], held_by[other])
        enough = (common.data >= COMMON) & (PART * common.data >= fewer) & (one != other)
        links = Edges(one, other, common.data * MILLION).where(enough)
        found.append(strongest_of(links, room))
    return Edges.joined(found)
