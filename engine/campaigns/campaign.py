"""Campaigns: accounts linked strongly enough to be judged together, with what links them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

IN_STEP = "synchronous"
"""The word before the field in the tie of members that act together."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Something that a member shares with at least one other member of its campaign."""

    shared: str
    """The connector's word, such as `account.payment_id` or `ip/24`."""
    value: str
    accounts: int
    """How many accounts carry the value, members or not; the more, the less it says."""
    weight: float
    """1/log2(1 + accounts), times what its connector says, in whole millionths."""
    needed: bool = False
    """Without it the member would have no link to another one: the first thing to doubt."""


@dataclass(frozen=True, slots=True)
class Member:
    """An account of a campaign and the evidence that it belongs there."""

    account_id: str
    strength: float
    """Strength of its strongest link to another member, in whole millionths."""
    evidence: tuple[Tie, ...]
    """The strongest ties, strongest first, and one that is needed."""
    confidence: int | None = None
    """How sure it is that it belongs there, 0 to 1000 (see `confidence`); of a member of a slice,
    that it belongs to the whole campaign. None: nobody has weighed it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What makes a slice: the part of a campaign's exchanges that have one value in one field."""

    campaign: str
    """The id of the campaign that it is a part of."""
    field: str
    value: str
    exchanges: int
    """How many exchanges of its members have the value."""
    of: int
    """How many exchanges the campaign has in all."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A connected group of linked accounts; members are in order of account id.

    A slice is judged as a campaign is, by no other exchanges than those it is cut to.
    """

    id: str
    links_name: str
    """Of a slice also what it is cut by, so that only slices of one value continue each other."""
    members: tuple[Member, ...]
    cut: Cut | None = None
    """What makes it a slice; None: it is a whole campaign."""

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The members' account ids, sorted."""
        return tuple(member.account_id for member in self.members)


@dataclass(frozen=True, slots=True)
class Oversized:
    """A group above the largest size: reported, never judged, for its links are too weak a net."""

    id: str
    links_name: str
    members: int
    example: str
    """Its first account id, from which the group can be found again."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Values of a connector that linked nobody because all pairs together were too many."""

    links_name: str
    shared: str
    values: int
    fewest_accounts: int
    """The smallest number of accounts that shared one of them."""


@dataclass(frozen=True, slots=True)
class Split:
    """A group that so few accounts held together that its pools are judged one by one."""

    links_name: str
    members: tuple[int, ...]
    """How many accounts each pool has, in order of its first account id."""
    held_by: str
    """The account with the most links from one pool into another."""


@dataclass(frozen=True, slots=True)
class Linkage:
    """What linking found, and what it set aside."""

    campaigns: tuple[Campaign, ...]
    """In order of the links' names, then of id; slices among them."""
    oversized: tuple[Oversized, ...]
    dropped_values: tuple[Dropped, ...]
    splits: tuple[Split, ...] = ()

    @property
    def whole(self) -> tuple[Campaign, ...]:
        """The campaigns that are no slices."""
        return tuple(campaign for campaign in self.campaigns if campaign.cut is None)


SLICE = "/"
"""Between the name of links, which has none, and what slices are cut by."""


def slice_links(links_name: str, field: str, value: str) -> str:
    """Return under which name the slices stand that are cut by a value."""
    return f"{links_name}{SLICE}{field}{SLICE}{hashlib.sha256(value.encode()).hexdigest()[:16]}"


def campaign_id(links_name: str, first_member: str) -> str:
    """Return the id of the group that `first_member`, its least account id, belongs to.

    The same links and the same first member give the same id in every run; so do, for a slice, the
    same links, value and first member.
    """
    text = f"{links_name}\0{first_member}"
    kind = "s" if SLICE in links_name else "c"
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def is_slice(id_: str) -> bool:
    """Return whether an id is that of a slice."""
    return id_.startswith("s-")
