"""Divide groups that hang on a few accounts into pools, and say which were divided.

Pools are looked for among the strongest links of each account. Only where that finds any are all
links between them taken once more, and the same rule applied to all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.campaigns.carriers import Carried, Ids
from engine.campaigns.graph import Groups, Weighing, links
from engine.campaigns.pools import Edges, communities, pools


@dataclass(frozen=True, slots=True)
class Division:
    """A group that was divided; accounts by number."""

    sizes: tuple[int, ...]
    """How many accounts each pool has, in order of its least account."""
    holder: int
    """The account with the most links into another pool."""


@dataclass(frozen=True, slots=True)
class Divided:
    """Groups after division, by number of account."""

    label: Ids
    """The least account of its group."""
    strongest: Ids
    """Strength of its strongest link inside the group, 0 if it has none."""
    links: Ids
    """How many links it has inside the group."""
    divisions: tuple[Division, ...]


def divide(
    carried: Carried, weighing: Weighing, groups: Groups, *, members_min: int, bridge: int
) -> Divided:
    """Divide what at most `bridge` accounts hold together into pools of `members_min` or more."""
    whole = groups.label
    sizes = np.bincount(whole, minlength=len(whole))
    backbone = groups.backbone.where(sizes[whole[groups.backbone.one]] >= 2 * members_min)
    undivided = Divided(whole, groups.strongest, groups.links, ())
    if not bridge or not len(backbone.one):
        return undivided
    proposed = communities(whole, backbone)
    proposed = pools(proposed, backbone, members_min=members_min, bridge=bridge)
    if not _apart(whole, proposed).any():
        return undivided
    label, between = _crossed(carried, weighing, whole, proposed, bridge)
    inside = backbone.where(_same(label, backbone))
    everything = Edges.joined([inside, between])
    label = pools(label, everything, members_min=members_min, bridge=bridge)
    apart = _apart(whole, label)
    strongest = np.where(apart, 0, groups.strongest)
    number = np.where(apart, 0, groups.links)
    for edges in links(carried, weighing, apart):
        same = edges.where(_same(label, edges))
        np.maximum.at(strongest, same.one, same.strength)
        number += np.bincount(same.one, minlength=len(whole))
    return Divided(label, strongest, number, tuple(_divisions(whole, label, apart, everything)))


def _apart(whole: Ids, label: Ids) -> NDArray[np.bool_]:
    """Return by account whether its group is in several parts."""
    several: NDArray[np.bool_] = _parts(whole, label)[whole] > 1
    return several


def _parts(whole: Ids, label: Ids) -> Ids:
    """Return in how many parts each group is, by its least account."""
    return np.bincount(whole[np.unique(label)], minlength=len(whole))


def _same(label: Ids, edges: Edges) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = label[edges.one] == label[edges.other]
    return same


def _crossed(
    carried: Carried, weighing: Weighing, whole: Ids, label: Ids, bridge: int
) -> tuple[Ids, Edges]:
    """Return all links between parts, and the labels without those of groups that are no pools.

    A group with more links between its parts than so few accounts could have is whole, and its
    links are not kept.
    """
    most = 2 * bridge * np.bincount(whole, minlength=len(whole)) * _parts(whole, label)
    counted = np.zeros(len(whole), dtype=np.int64)
    between: list[Edges] = []
    for edges in links(carried, weighing, _apart(whole, label)):
        across = edges.where(~_same(label, edges))
        counted += np.bincount(whole[across.one], minlength=len(whole))
        between.append(across.where((counted <= most)[whole[across.one]]))
    label = np.where((counted > most)[whole], whole, label)
    crossing = Edges.joined(between)
    return label, crossing.where(~_same(label, crossing))


def _divisions(
    whole: Ids, label: Ids, apart: NDArray[np.bool_], edges: Edges
) -> Iterator[Division]:
    across = edges.one[~_same(label, edges)]
    outward = np.bincount(across, minlength=len(whole))
    for group in np.unique(whole[apart]).tolist():
        mine = np.flatnonzero(whole == group)
        _, sizes = np.unique(label[mine], return_counts=True)
        yield Division(tuple(sizes.tolist()), int(mine[np.argmax(outward[mine])]))
