"""How sure a membership is: one number in whole thousandths, from kinds of evidence that can fail.

A kind of evidence (who pays, devices, networks, words, sign-up, synchrony) says for a member what
its strongest value would say of a link by itself: its weight as a part of the strength that links
need, at most `CERTAIN`, times the part of the other carriers of that value who are members too.
Kinds are taken to fail independently (noisy-or: Pearl, Probabilistic Reasoning in Intelligent
Systems, 1988, 4.3.2). The number is the mean of what all kinds say and of what is left if the one
that says most is wrong, times k/(k+1) of k links: what hangs on one neighbour is worth half. Where
all links need one value (`dependence`) nothing is left if that is wrong, for what else is shared
makes no link.

It orders memberships, it is no probability that an account is guilty of anything: a member that
shares one card and nothing else stays below a half however many share that card, be they honest
colleagues or a pool, and who shares more with honest colleagues is as sure as who shares it with a
pool.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.campaigns.campaign import IN_STEP, Tie
from engine.campaigns.carriers import Carried, Ids
from engine.campaigns.graph import Weighing
from engine.campaigns.weight import millionths
from engine.language.model.links import Links

WHOLE = 1000
"""A confidence of all; numbers here are in thousandths of it."""

CERTAIN = 900
"""What one kind of evidence can say at most: cards are sold, devices are lent."""

_KINDS = {
    "payment": "payment",
    "device": "device",
    "tls": "device",
    "user_agent": "device",
    "ip": "network",
    "asn": "network",
    "signup_ip": "network",
    "signup_asn": "network",
    "prompt": "words",
    "system": "words",
    "prefix": "words",
    "tools": "words",
}
"""The kind of evidence that fields are, by how their names begin; others are kinds of their own."""


def kind_of(shared: str) -> str:
    """Return which kind of evidence a connector's word is: what fails together is one kind."""
    field = shared.removeprefix("account.").partition("/")[0]
    begun = [name for name in _KINDS if field == name or field.startswith(f"{name}_")]
    return _KINDS[max(begun, key=len)] if begun else field


def confidences(
    links: Links,
    carried: Carried,
    weighing: Weighing,
    campaign: Ids,
    neighbours: Ids,
    needed: Ids,
    evidence: Mapping[int, tuple[Tie, ...]],
) -> Ids:
    """Return by account how sure its membership is, 0 to 1000; 0 for those in no campaign.

    `campaign` says by account which campaign it belongs to, -1 for none; `neighbours`, how many
    links it has there; `needed`, the value that all of them need, -1 for none. Of `evidence` only
    the synchronous ties are read. Integers throughout, so neither machine nor order of rows
    changes anything.
    """
    kinds = [kind_of(each.shared) for each in links.by_value]
    names = sorted(set(kinds))
    said = np.zeros((len(names) + 2, carried.accounts), dtype=np.int64)
    account, value, inside = _shared(carried, weighing, campaign)
    position = np.array([names.index(kind) for kind in kinds], dtype=np.int64)
    connector = carried.connectors[value]
    says = _of_values(carried, weighing, value, inside)
    np.maximum.at(said, (position[connector], account), says)
    if weighing.signed_up is not None:
        close = _opened_close(carried, campaign, account, value, weighing.signed_up.within_us)
        said[-2, close] = _part(millionths(weighing.signed_up.adds), weighing)
    for number, ties in evidence.items():
        adds = [millionths(tie.weight) for tie in ties if tie.shared.startswith(f"{IN_STEP} ")]
        said[-1, number] = _part(max(adds, default=0), weighing)
    every = _combined(said)
    left = np.where(needed < 0, _combined(_without_strongest(said)), 0)
    sure: Ids = (every + left) * neighbours // (2 * (neighbours + 1))
    return np.where(campaign >= 0, sure, 0)


def _shared(carried: Carried, weighing: Weighing, campaign: Ids) -> tuple[Ids, Ids, Ids]:
    """Return members, values that another member of theirs has too, and how many have each."""
    used = weighing.kept[carried.value] & (campaign[carried.account] >= 0)
    used &= carried.connectors[carried.value] < len(weighing.at_most)
    account, value = carried.account[used], carried.value[used]
    carriers = campaign[account] * max(1, len(carried.degrees)) + value
    _, place, counts = np.unique(carriers, return_inverse=True, return_counts=True)
    inside = counts[place]
    shared = inside > 1
    return account[shared], value[shared], inside[shared]


def _of_values(carried: Carried, weighing: Weighing, value: Ids, inside: Ids) -> Ids:
    """Return what each value says of a member: the less, the more strangers carry it."""
    unlimited = np.iinfo(np.int64).max
    limits = np.array([unlimited if n is None else n for n in weighing.at_most], dtype=np.int64)
    weight = np.minimum(weighing.power[value], limits[carried.connectors[value]])
    alone = np.minimum(weight * WHOLE // max(1, weighing.least), CERTAIN)
    says: Ids = alone * (inside - 1) // (carried.degrees[value] - 1)
    return says


def _part(adds: int, weighing: Weighing) -> int:
    return min(adds * WHOLE // max(1, weighing.least), CERTAIN)


def _opened_close(carried: Carried, campaign: Ids, account: Ids, value: Ids, within: int) -> Ids:
    """Return members that were opened close to another one with whom they share a value."""
    known = carried.created_us[account] >= 0
    account, value = account[known], value[known]
    opened = carried.created_us[account]
    order = np.lexsort((opened, value, campaign[account]))
    account, value, opened = account[order], value[order], opened[order]
    close: NDArray[np.bool_] = (
        (np.diff(opened) <= within) & (np.diff(value) == 0) & (np.diff(campaign[account]) == 0)
    )
    return np.concatenate([account[:-1][close], account[1:][close]])


def _combined(said: Ids) -> Ids:
    """Return the noisy-or of what kinds say, by account."""
    doubt = np.full(said.shape[1], WHOLE * WHOLE, dtype=np.int64)
    for says in said:
        doubt = doubt * (WHOLE - says) // WHOLE
    return WHOLE - -(-doubt // WHOLE)


def _without_strongest(said: Ids) -> Ids:
    """Return what kinds say without the one that says most, by account: the least that is left."""
    left = said.copy()
    if left.shape[1]:
        left[np.argmax(left, axis=0), np.arange(left.shape[1])] = 0
    return left
