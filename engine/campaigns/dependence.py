"""What a membership hangs on: one value, without which an account had no link to its campaign.

Such a member is the first to be doubted: a card bought second-hand, a network of a hotel. Every
link inside the campaign is taken once more, without each value in turn; the numbers are exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.campaigns.carriers import Carried, Ids
from engine.campaigns.graph import Weighing, acts, blocks, opened_together
from engine.campaigns.weight import millionths

_TERMS = 1_000_000  # shared values of pairs, looked at together


@dataclass(frozen=True, slots=True)
class _Shared:
    """What pairs share: an account, another one of its campaign, a value both carry."""

    one: Ids
    other: Ids
    value: Ids


def hangs_on(
    carried: Carried, weighing: Weighing, campaign: Ids, links: Ids, strongest: Ids
) -> Ids:
    """Return by account the value that all its links inside its campaign need, -1 for none.

    `campaign` says by account which campaign it belongs to, -1 for none; `links`, how many links it
    has there, and `strongest`, the strength of the strongest of them. Of several such values the
    one that weighs most is returned, then the first. Only accounts all of whose links could be to
    carriers of one value, without which the strongest might break, are looked at, which are few.
    """
    found = np.full(carried.accounts, -1, dtype=np.int64)
    used = weighing.kept[carried.value] & (campaign[carried.account] >= 0)
    used &= carried.connectors[carried.value] < len(weighing.at_most)
    account, value = carried.account[used], carried.value[used]
    asked = np.zeros(carried.accounts, dtype=np.bool_)
    asked[account[_might(carried, weighing, value, links[account], strongest[account])]] = True
    terms = carried.degrees[value] * asked[account]
    for first, last in blocks(account, terms, carried.accounts, _TERMS):
        mine = asked[account] & (account >= first) & (account < last)
        shared = _shared(account, value, mine)
        shared = _of(shared, campaign[shared.one] == campaign[shared.other])
        needed, by = _needed(carried, weighing, campaign, shared, (first, last))
        found[needed] = by
    return found


def _might(
    carried: Carried, weighing: Weighing, value: Ids, links: Ids, strongest: Ids
) -> NDArray[np.bool_]:
    """Return whether each carrier might have no link without its value.

    Without a value a link loses at most what the value weighs, and what the sign-ups add to it.
    """
    together = 0 if weighing.signed_up is None else millionths(weighing.signed_up.adds)
    left = strongest - weighing.power[value] - together
    return (carried.degrees[value] > links) & (left < weighing.least)


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
    size, values = max(1, carried.accounts), max(1, len(carried.degrees))
    keys = shared.one * size + shared.other
    in_step, adds = _in_step(carried, weighing, campaign, block)
    pairs = _different(np.concatenate([keys, in_step]))
    place = np.searchsorted(pairs, keys)
    extra = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(extra, np.searchsorted(pairs, in_step), adds)
    signed_up = opened_together(carried, weighing.signed_up, pairs // size, pairs % size)
    linked, left = _without_each(carried, weighing, shared, place, extra, signed_up)
    breaks = linked[place] & (left < weighing.least)
    links = np.bincount((pairs // size)[linked], minlength=size)
    both, broken = np.unique(shared.one[breaks] * values + shared.value[breaks], return_counts=True)
    account, value = np.divmod(both[broken == links[both // values]], values)
    order = np.lexsort((value, -weighing.power[value], account))
    account, first = np.unique(account[order], return_index=True)
    return account, value[order][first]


def _different(keys: Ids) -> Ids:
    """Return different keys in order: sorting them is faster than `np.unique`, which hashes."""
    ordered = np.sort(keys)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def _without_each(
    carried: Carried,
    weighing: Weighing,
    shared: _Shared,
    place: Ids,
    extra: Ids,
    signed_up: Ids,
) -> tuple[NDArray[np.bool_], Ids]:
    """Return which pairs are linked, and the strength of each value's pair without that value.

    `place` is the pair of each value; `extra` and `signed_up` are by pair.
    """
    power, connector = weighing.power[shared.value], carried.connectors[shared.value]
    sums = np.zeros((len(extra), len(weighing.at_most)), dtype=np.int64)
    np.add.at(sums, (place, connector), power)
    unlimited = np.iinfo(np.int64).max
    limits = np.array([unlimited if n is None else n for n in weighing.at_most], dtype=np.int64)
    capped = np.minimum(sums, limits)
    base = capped.sum(axis=1) + extra
    left = base[place] - capped[place, connector]
    left += np.minimum(sums[place, connector] - power, limits[connector])
    left += np.where(left > 0, signed_up[place], 0)
    return base + np.where(base > 0, signed_up, 0) >= weighing.least, left


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
