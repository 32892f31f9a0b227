"""Work: what most of an account's exchanges are about, by which strangers are one hand's.

A pool may pay for each account with another card, use a device and a network for each, and have
opened them hour by hour: what its accounts still have in common is what they were opened for. A
template or an instruction is a hand's own work when nearly all who use it do little else and were
opened in one season. Of a library, a benchmark or a phrase that is not so: its users came over
years, and do other things as well. Who began when the others had ended goes on where they were
stopped perhaps (see `succession`), and is not one with them.

Words alone accuse nobody: those of a tool launched last week look the same. So a team on a card or
in an office of its own, which took up such a tool, stays apart: it was opened in a sitting, where a
hand deals its cards to whatever it opens next; and it has an address, where a hand that rents
residential proxies leaves by another one each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.activity.workspace import Workspace
from engine.campaigns.campaign import Tie
from engine.campaigns.carriers import Carried, Ids
from engine.campaigns.conduct import FIELDS
from engine.campaigns.own_work import is_looked_at
from engine.campaigns.synchrony import DAY_US
from engine.campaigns.weight import MILLION, weight
from engine.language.model.links import Links

FEWEST = 20
"""Independent parties that do one work: organisations, and accounts without one (DOMAIN I01)."""

BESIDE, DAYS = 3, 2
"""Accounts of others that are opened close to one of a purse, and on how many days, if it is a
hand's: when many take up a new tool, one other now and then is chance."""


TEAM = 3
"""Accounts of a team; two on a card are one person's."""


@dataclass(frozen=True, slots=True)
class Worked:
    """Groups after those of one work are together, by number of account."""

    label: Ids
    """The least account of its group."""
    ties: Mapping[int, Tie]
    """What accounts were joined by."""

    def told(self, number: int, evidence: Mapping[int, tuple[Tie, ...]]) -> tuple[Tie, ...]:
        """Return what ties an account to its campaign, its work among it."""
        others, tie = evidence.get(number, ()), self.ties.get(number)
        known = {(each.shared, each.value) for each in others}
        if tie is None or (tie.shared, tie.value) in known:
            return others
        return (*others, tie)


def joined_by_work(
    workspace: Workspace, carried: Carried, links: Links, group: Ids, organisation: Ids
) -> Worked:
    """Return the labels of groups, those of one work under the least account's.

    A group goes where more than half of its accounts work. One that is held together by a card, a
    device or a network goes only if accounts of it were opened on several days beside others', or
    more than half of them roam.
    Nothing is joined where the links ask for no words or no sign-ups, nor to more accounts than
    they allow.
    """
    if links.signed_up is None or not is_looked_at(links):
        return Worked(group, {})
    rows = workspace.arrays(_WORKERS)
    place = _majority(group, _together(rows["account"], rows["run"], carried.accounts))
    beside = _beside(carried.created_us, group, place, links.signed_up.within_us)
    team = _held_by_one(carried, links, group) & ~_roaming(rows["account"][rows["roams"]], group)
    place[(team & ~_dealt(carried, group, beside))[group]] = -1
    place = _enough(place, organisation, links.members_max)
    label = group.copy()
    named = np.flatnonzero(place >= 0)
    least = np.full(carried.accounts, carried.accounts)
    np.minimum.at(least, place[named], group[named])
    label[named] = least[place[named]]
    return Worked(label, _ties(workspace, place))


def _together(account: Ids, run: Ids, accounts: int) -> Ids:
    """Return by account with whom it works, under one number for all; -1 for those who do not."""
    size = accounts + int(run.max(initial=-1)) + 1
    pairs = (np.ones(len(account), dtype=np.int8), (account, accounts + run))
    _, found = connected_components(coo_array(pairs, shape=(size, size)), directed=False)
    place = np.full(accounts, -1, dtype=np.int64)
    _, place[account] = np.unique(found[account], return_inverse=True)
    return place


def _majority(group: Ids, place: Ids) -> Ids:
    """Return by account where more than half of its group works; -1: nowhere."""
    works = np.flatnonzero(place >= 0)
    sizes = np.bincount(group, minlength=len(group))
    span = int(place.max(initial=0)) + 1
    pairs, counts = np.unique(group[works] * span + place[works], return_counts=True)
    most = 2 * counts > sizes[pairs // span]
    of_group = np.full(len(group), -1, dtype=np.int64)
    of_group[pairs[most] // span] = pairs[most] % span
    moved: Ids = of_group[group]
    return moved


def _held_by_one(carried: Carried, links: Links, group: Ids) -> NDArray[np.bool_]:
    """Return by group whether half of its accounts, a team at least, carry one thing but words."""
    telling = np.zeros(len(links.by_value), dtype=np.bool_)
    telling[: len(links.connectors)] = [each.shared not in FIELDS for each in links.connectors]
    used = telling[carried.connectors[carried.value]]
    values = len(carried.degrees)
    pairs, counts = np.unique(
        group[carried.account[used]] * values + carried.value[used], return_counts=True
    )
    sizes = np.bincount(group, minlength=len(group))
    held = np.zeros(len(group), dtype=np.bool_)
    held[
        (pairs // max(1, values))[(counts >= TEAM) & (2 * counts >= sizes[pairs // max(1, values)])]
    ] = True
    return held


def _roaming(account: Ids, group: Ids) -> NDArray[np.bool_]:
    """Return by group whether more than half of its accounts roam, given those that do."""
    roams = np.bincount(group[np.unique(account)], minlength=len(group))
    roaming: NDArray[np.bool_] = 2 * roams > np.bincount(group, minlength=len(group))
    return roaming


def _beside(created_us: Ids, group: Ids, place: Ids, within_us: int) -> NDArray[np.bool_]:
    """Return by account whether several of other groups with its work were opened close to it."""
    known = np.flatnonzero((created_us >= 0) & (place >= 0))
    moments, rank = np.unique(created_us[known], return_inverse=True)
    since = np.searchsorted(moments, moments - within_us)[rank]
    until = np.searchsorted(moments, moments + within_us, side="right")[rank]
    size = len(moments) + 1

    def around(of: Ids) -> Ids:
        keys = np.sort(of * size + rank)
        return np.searchsorted(keys, of * size + until) - np.searchsorted(keys, of * size + since)

    beside = np.zeros(len(group), dtype=np.bool_)
    beside[known] = around(place[known]) - around(group[known]) >= BESIDE
    return beside


def _dealt(carried: Carried, group: Ids, beside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return by group whether half of its accounts, on several days, were opened beside others."""
    there = np.flatnonzero(beside)
    days = carried.created_us[there] // DAY_US
    several = np.zeros(len(group), dtype=np.int64)
    span = int(days.max(initial=0)) + 1
    np.add.at(several, np.unique(group[there] * span + days) // span, 1)
    sizes = np.bincount(group, minlength=len(group))
    many = 2 * np.bincount(group[there], minlength=len(group)) >= sizes
    dealt: NDArray[np.bool_] = many & (several >= DAYS)
    return dealt


def _enough(place: Ids, organisation: Ids, members_max: int) -> Ids:
    """Return the places without those of too few parties, or of too many accounts."""
    there = np.flatnonzero(place >= 0)
    party = np.where(organisation >= 0, organisation, len(place) + np.arange(len(place)))[there]
    span = int(party.max(initial=0)) + 1
    parties = np.unique(place[there] * span + party) // span
    right = np.bincount(parties, minlength=int(place.max(initial=0)) + 1) >= FEWEST
    right &= np.bincount(place[there], minlength=len(right)) <= members_max
    return np.where(right[place] & (place >= 0), place, -1)


def _ties(workspace: Workspace, place: Ids) -> dict[int, Tie]:
    found = {}
    for number, field, value, carriers in workspace.rows(_TOLD):
        if place[number] >= 0:
            found[number] = Tie(field, value, carriers, weight(carriers) / MILLION)
    return found


_WORKERS = """
    SELECT number AS account, run, roams FROM link_work JOIN link_accounts USING (account_id)
    ORDER BY run, number
"""
_TOLD = """
    SELECT number, field, value, carriers FROM link_work JOIN link_accounts USING (account_id)
    QUALIFY row_number() OVER (PARTITION BY number ORDER BY exchanges DESC, field, value) = 1
    ORDER BY number
"""
