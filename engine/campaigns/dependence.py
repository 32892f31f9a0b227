"""What a membership hangs on: one value, without which an account had no link to its campaign.

Such a member is the first to be doubted: a card bought second-hand, a network of a hotel. Every
link inside the campaign is taken once more, without each value in turn; the numbers are exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.campaigns.carriers import Carried, Ids
from engine.campaigns.graph import Weighing, acts, blocks
from engine.campaigns.weight import millionths

_TERMS = 1_000_000  # shared values of pairs, looked at together


@dataclass(frozen=True, slots=True)
class _Shared:
    """What pairs share: an account, another one of its campaign, a value both carry."""

    one: Ids
    other: Ids
    value: Ids


def hangs_on(carried: Carried, weighing: Weighing, campaign: Ids, links: Ids) -> Ids:
    """Return by account the value that all its links inside its campaign need, -1 for none.

    `campaign` says by account which campaign it belongs to, -1 for none; `links`, how many links it
    has there. Of several such values the one that weighs most is returned, then the first. Only
    accounts all of whose links could be to carriers of one value are looked at, which are few.
    """
    found = np.full(carried.accounts, -1, dtype=np.int64)
    used = weighing.kept[carried.value] & (campaign[carried.account] >= 0)
    used &= carried.connectors[carried.value] < len(weighing.at_most)
    account, value = carried.account[used], carried.value[used]
    asked = np.zeros(carried.accounts, dtype=np.bool_)
    asked[account[carried.degrees[value] > links[account]]] = True
    terms = carried.degrees[value] * asked[account]
    for first, last in blocks(account, terms, carried.accounts, _TERMS):
        mine = asked[account] & (account >= first) & (account < last)
        shared = _shared(account, value, mine)
        shared = _of(shared, campaign[shared.one] == campaign[shared.other])
        needed, by = _needed(carried, weighing, campaign, shared, (first, last))
        found[needed] = by
    return found


def _of(shared: _Shared, chosen: NDArray[np.bool_]) -> _Shared:
    return _Shared(shared.one[chosen], shared.other[chosen], shared.value[chosen])


def _shared(account: Ids, value: Ids, mine: NDArray[np.bool_]) -> _Shared:
    """Return all that some carriers share with others; carriers are in order of value."""
    start = np.searchsorted(value, value)
    many = (np.searchsorted(value, value, side="right") - start)[mine]
    offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    other = account[np.repeat(start[mine], many) + offset]
    shared = _Shared(np.repeat(account[mine], many), other, np.repeat(value[mine], many))
    return _of(shared, shared.one != shared.other)


def _needed(
    carried: Carried, weighing: Weighing, campaign: Ids, shared: _Shared, block: tuple[int, int]
) -> tuple[Ids, Ids]:
    """Return accounts of a block and, for each, the value that all its links need."""
    size = max(1, carried.accounts)
    in_step, adds = _in_step(carried, weighing, campaign, block)
    keys = shared.one * size + shared.other
    pairs = np.unique(np.concatenate([keys, in_step]))
    place = np.searchsorted(pairs, keys)
    extra = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(extra, np.searchsorted(pairs, in_step), adds)
    together = np.where(_opened_together(carried, weighing, pairs // size, pairs % size), 1, 0)
    signed_up = together * (millionths(weighing.signed_up.adds) if weighing.signed_up else 0)
    power = weighing.power[shared.value]
    connector = carried.connectors[shared.value]
    sums = np.zeros((len(pairs), max(1, len(weighing.at_most))), dtype=np.int64)
    np.add.at(sums, (place, connector), power)
    limits = np.array([np.iinfo(np.int64).max if n is None else n for n in weighing.at_most])
    capped = np.minimum(sums, limits)
    base = capped.sum(axis=1) + extra
    linked = base + np.where(base > 0, signed_up, 0) >= weighing.least
    before, after = capped[place, connector], sums[place, connector] - power
    left = base[place] - before + np.minimum(after, limits[connector])
    left += np.where(left > 0, signed_up[place], 0)
    breaks = linked[place] & (left < weighing.least)
    number = np.bincount((pairs // size)[linked], minlength=size)
    values = max(1, len(carried.degrees))
    needs, broken = np.unique(
        shared.one[breaks] * values + shared.value[breaks], return_counts=True
    )
    all_of_them = needs[broken == number[needs // values]]
    account, value = all_of_them // values, all_of_them % values
    order = np.lexsort((value, -weighing.power[value], account))
    account, first = np.unique(account[order], return_index=True)
    return account, value[order][first]


def _in_step(
    carried: Carried, weighing: Weighing, campaign: Ids, block: tuple[int, int]
) -> tuple[Ids, Ids]:
    """Return the synchronous pairs of a block, as keys, and what being so adds."""
    used = weighing.kept[carried.value] & (campaign[carried.account] >= 0)
    keys, adds = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for each in acts(carried, weighing, used):
        found = each.together(*block)
        found = found.where(campaign[found.one] == campaign[found.other])
        keys.append(found.one * carried.accounts + found.other)
        adds.append(np.full(len(found.one), millionths(each.asked.adds), dtype=np.int64))
    return np.concatenate(keys), np.concatenate(adds)


def _opened_together(
    carried: Carried, weighing: Weighing, one: Ids, other: Ids
) -> NDArray[np.bool_]:
    if weighing.signed_up is None:
        return np.zeros(len(one), dtype=np.bool_)
    first, second = carried.created_us[one], carried.created_us[other]
    close: NDArray[np.bool_] = np.abs(first - second) <= weighing.signed_up.within_us
    return close & (first >= 0) & (second >= 0)
