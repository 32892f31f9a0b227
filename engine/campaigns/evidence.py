"""What ties each member to its campaign: the shared values, strongest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.activity.workspace import Workspace
from engine.campaigns.campaign import IN_STEP, Tie
from engine.campaigns.carriers import Carried, Ids, account_names, value_names
from engine.campaigns.graph import Weighing, acts, blocks
from engine.campaigns.synchrony import Together
from engine.campaigns.weight import MILLION
from engine.language.model.links import Links

MOST_TIES = 5
"""Ties kept for a member; the rest could only repeat what these show."""


def strongest_ties(
    workspace: Workspace,
    links: Links,
    carried: Carried,
    weighing: Weighing,
    campaign: Ids,
    needed: Ids,
) -> dict[int, tuple[Tie, ...]]:
    """Return, by number of account, what each member shares with another one of its campaign.

    `campaign` says by account which campaign it belongs to, -1 for none, `needed` what
    all its links need. Values that are not kept weighed nothing and prove nothing.
    """
    power = weighing.power
    counts = weighing.kept & (power > 0)
    account, value = _best(*_shared(carried, counts, campaign), power, needed)
    different, place = np.unique(value, return_inverse=True)
    names = value_names(workspace, different)
    ties = [
        Tie(links.connectors[connector].shared, name, degree, weight / MILLION)
        for name, connector, degree, weight in zip(
            names,
            carried.connectors[different].tolist(),
            carried.degrees[different].tolist(),
            power[different].tolist(),
            strict=True,
        )
    ]
    alone = (value == needed[account]).tolist()
    mine = [
        replace(ties[index], needed=True) if only else ties[index]
        for index, only in zip(place.tolist(), alone, strict=True)
    ]
    found = dict(_by_account(account, mine))
    for number, tie in _in_step(workspace, carried, weighing, campaign):
        ordered = sorted((*found.get(number, ()), tie), key=lambda each: -each.weight)
        found[number] = tuple(ordered)
    return found


def _in_step(
    workspace: Workspace, carried: Carried, weighing: Weighing, campaign: Ids
) -> Iterator[tuple[int, Tie]]:
    """Yield members with the other one of their campaign that they are most in step with."""
    used = weighing.kept[carried.value] & (campaign[carried.account] >= 0)
    for each in acts(carried, weighing, used):
        for first, last in blocks(each.account, carried.degrees[each.value], carried.accounts):
            best = _most_in_step(each.together(first, last), campaign)
            names = account_names(workspace, best.other)
            columns = (best.one, best.common, best.either, best.days)
            rows = zip(*(column.tolist() for column in columns), names, strict=True)
            for number, common, either, days, name in rows:
                told = f"{common} of {either} times, on {days} days, with {name}"
                yield number, Tie(f"{IN_STEP} {each.asked.shared}", told, 2, each.asked.adds)


def _most_in_step(found: Together, campaign: Ids) -> Together:
    """Return for each account the one of its campaign that it has most in common with."""
    inside = found.where(campaign[found.one] == campaign[found.other])
    order = np.lexsort((inside.other, -inside.common, inside.one))
    _, first = np.unique(inside.one[order], return_index=True)
    return inside.where(order[first])


def _shared(carried: Carried, kept: NDArray[np.bool_], campaign: Ids) -> tuple[Ids, Ids]:
    """Return the members and values of which another member of the campaign has the same."""
    used = kept[carried.value] & (campaign[carried.account] >= 0)
    account, value = carried.account[used], carried.value[used]
    carriers = campaign[account] * len(carried.degrees) + value
    _, place, counts = np.unique(carriers, return_inverse=True, return_counts=True)
    shared = counts[place] > 1
    return account[shared], value[shared]


def _best(account: Ids, value: Ids, power: Ids, needed: Ids) -> tuple[Ids, Ids]:
    """Return the strongest few of each account, strongest first, and what it needs."""
    order = np.lexsort((value, -power[value], account))
    account, value = account[order], value[order]
    rank = np.arange(len(account)) - np.searchsorted(account, account)
    told = (rank < MOST_TIES) | (value == needed[account])
    return account[told], value[told]


def _by_account(account: Ids, ties: list[Tie]) -> Iterator[tuple[int, tuple[Tie, ...]]]:
    different, first = np.unique(account, return_index=True)
    edges = [*first.tolist(), len(ties)]
    for number, start, end in zip(different.tolist(), edges, edges[1:], strict=False):
        yield number, tuple(ties[start:end])
