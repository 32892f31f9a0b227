"""Lineage: which campaign of today is one that earlier runs knew, though members came and went.

A campaign keeps its id as long as most of what is left of it is together. Of several that could go
on under one id the one with the most known accounts does; of several ids that could go on in one
campaign it keeps that of which it has the most accounts. The others are told as split and merged.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from engine.campaigns.campaign import Campaign, Linkage, campaign_id, is_slice


class Turn(Enum):
    """What became of a campaign."""

    CONTINUED = "continued"  # under its id, though by its members it would have another one
    MERGED = "merged"  # its accounts are in a campaign that goes on under another id
    SPLIT = "split"  # this campaign's accounts were in one that goes on without them


@dataclass(frozen=True, slots=True)
class Lineage:
    """A turn in the life of campaigns."""

    turn: Turn
    campaign: str
    """The campaign of today."""
    other: str
    """Continued: the id it would have had; merged: what went into it; split: what it came from."""
    accounts: int
    """How many accounts of today's campaign were known under the earlier id."""


@dataclass(frozen=True, slots=True)
class _Overlap:
    campaign: Campaign
    known: str
    accounts: int
    ever: int
    """How many accounts were ever known under the earlier id."""

    @property
    def goes_on(self) -> bool:
        """Whether half of the smaller of the two is in both; fewer is an acquaintance."""
        return 2 * self.accounts >= min(len(self.campaign.members), self.ever)

    @property
    def rank(self) -> tuple[int, int, bool, str, str]:
        """The greatest overlap first, then the closest; then an id that changes nothing."""
        own = self.campaign.id
        return (-self.accounts, self.ever, self.known != own, self.known, own)


def continued(
    linkage: Linkage, known: Mapping[str, frozenset[str]]
) -> tuple[Linkage, tuple[Lineage, ...]]:
    """Give campaigns the ids under which they are `known`, with the turns that this took.

    `known` has by id all accounts that ever were in a campaign. Only campaigns of the same links
    continue each other. The result depends on nothing but what is given; no two campaigns have one
    id, and a new campaign never has the id of one that is known.
    """
    if not known:
        return linkage, ()
    overlaps = sorted(_overlaps(linkage.campaigns, known), key=lambda each: each.rank)
    kept: dict[str, str] = {}
    taken: set[str] = set()
    for each in overlaps:
        if each.campaign.id not in kept and each.known not in taken:
            kept[each.campaign.id] = each.known
            taken.add(each.known)
    named = {
        campaign.id: kept.get(campaign.id) or _unknown(campaign, known)
        for campaign in linkage.campaigns
    }
    campaigns = sorted(
        (_renamed(campaign, named) for campaign in linkage.campaigns),
        key=lambda campaign: (campaign.links_name, campaign.id),
    )
    turns = sorted(
        _turns(overlaps, named, taken), key=lambda t: (t.campaign, t.turn.value, t.other)
    )
    return replace(linkage, campaigns=tuple(campaigns)), tuple(turns)


def _renamed(campaign: Campaign, named: Mapping[str, str]) -> Campaign:
    cut = campaign.cut and replace(campaign.cut, campaign=named[campaign.cut.campaign])
    return replace(campaign, id=named[campaign.id], cut=cut)


def _overlaps(
    campaigns: Iterable[Campaign], known: Mapping[str, frozenset[str]]
) -> Iterator[_Overlap]:
    carriers: dict[str, list[str]] = {}
    for name in sorted(known):
        for account in known[name]:
            carriers.setdefault(account, []).append(name)
    links = {campaign.links_name for campaign in campaigns}
    of_links = {name: _links_of(name, known[name], sorted(links)) for name in known}
    for campaign in campaigns:
        shared = Counter(name for a in campaign.account_ids for name in carriers.get(a, ()))
        for name, accounts in shared.items():
            overlap = _Overlap(campaign, name, accounts, len(known[name]))
            if overlap.goes_on and _alike(campaign, name, of_links[name]):
                yield overlap


def _alike(campaign: Campaign, known: str, links: str | None) -> bool:
    """Return whether a known id, made by some links, is one that a campaign can go on under.

    A slice goes on as a slice of its value alone; whatever accounts it has, it is not the campaign.
    """
    if campaign.cut is not None or is_slice(known):
        return links == campaign.links_name
    return links in (campaign.links_name, None)


def _links_of(known: str, accounts: frozenset[str], links: Iterable[str]) -> str | None:
    """Return the links that an id was made by; None when they are not among those of today."""
    for name in links:
        for account in accounts:
            if known in itertools.islice(_ids(name, account), _TRIED):
                return name
    return None


_TRIED = 3


def _unknown(campaign: Campaign, known: Mapping[str, frozenset[str]]) -> str:
    """Return the first id of a campaign that no earlier one has."""
    ids = _ids(campaign.links_name, campaign.account_ids[0])
    return next(name for name in ids if name not in known)


def _ids(links_name: str, first: str) -> Iterator[str]:
    yield campaign_id(links_name, first)
    for number in itertools.count(2):
        yield campaign_id(links_name, f"{first}\0{number}")


def _turns(
    overlaps: Iterable[_Overlap], named: Mapping[str, str], taken: set[str]
) -> Iterator[Lineage]:
    told: set[str] = set()
    for each in overlaps:
        own, name = each.campaign.id, named[each.campaign.id]
        if each.known == name:
            if name != own:
                yield Lineage(Turn.CONTINUED, name, own, each.accounts)
        elif each.known in taken and name not in taken and name not in told:
            told.add(name)
            yield Lineage(Turn.SPLIT, name, each.known, each.accounts)
        elif each.known not in taken and each.known not in told:
            told.add(each.known)
            yield Lineage(Turn.MERGED, name, each.known, each.accounts)
