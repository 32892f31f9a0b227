"""Succession: a campaign that goes on where another one was stopped, with other accounts.

What the two have in common is the part of their requests with the same traits, each counted for as
much as it is theirs alone:

    S = max over fields of  sum over traits of  w * min(p, q)

p and q are the shares of a trait among all requests of the one and of the other (the intersection
of two histograms; Swain and Ballard 1991). w = n / (n + u) where n accounts of a campaign have the
trait and u parties outside of it have, the lesser of then and now: what everybody uses, a prompt
library or the default of an SDK, weighs next to nothing. Whatever is not recorded, or is not among
the traits that were kept, is nothing in common, so S never says too much (DOMAIN I24).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.campaigns.conduct import FIELDS, Conduct, Trait
from engine.campaigns.weight import MILLION

LIKENESS = Fraction(8, 10)
"""The least S with which a campaign is told to succeed another one (DOMAIN I24)."""

WITHIN_US = 7 * 86_400_000_000
"""How soon after an action half of the accounts of a successor have begun.

Stocks of accounts that were opened before are put to use within a day (DOMAIN I24); a week leaves
room for those who must first open new ones.
"""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A campaign that was acted on."""

    campaign_id: str
    acted_us: tuple[int, ...]
    """When, earliest first."""
    accounts: frozenset[str]
    """All that were ever known in it."""
    conducts: tuple[Conduct, ...]
    """What it did, as kept when the actions were proposed, oldest first."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """When an account of a campaign began, as far as is known."""

    account_id: str
    first_us: int
    """Its first exchange in the activity."""
    opened_us: int | None
    """When it was opened."""


@dataclass(frozen=True, slots=True)
class Onset:
    """How a campaign began after an action."""

    acted_us: int
    half_us: int
    """When half of its accounts had begun."""
    began: int
    """How many of its accounts began after the action."""
    accounts: int
    """How many it has that were active."""


@dataclass(frozen=True, slots=True)
class Common:
    """A trait of both campaigns."""

    then: Trait
    now: Trait


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two campaigns have in common."""

    field: str
    """The field whose traits say most."""
    millionths: int
    """S, rounded down."""
    common: tuple[Common, ...]
    """The traits of that field that both have, those that say most first."""
    then: int
    """How many requests the earlier campaign had."""
    now: int
    models: int
    """The intersection of the shares of models, in millionths; it decides nothing."""
    hours: int
    """The same of the hours of the day."""


@dataclass(frozen=True, slots=True)
class Succession:
    """A campaign that succeeds another one."""

    campaign_id: str
    other_id: str
    onset: Onset
    likeness: Likeness


def onset(
    stopped: Stopped, accounts: Sequence[Beginning], since_us: int, within_us: int = WITHIN_US
) -> Onset | None:
    """Return how a campaign began after the latest action that it began after; None: it did not.

    `since_us` is where the activity begins. That an account was not there before an action is known
    only if the activity reaches back as long before it as is looked after it, or if the account was
    opened later. Accounts that were known in the stopped campaign are not new.
    """
    for acted_us in reversed(stopped.acted_us):
        reaches_back = since_us <= acted_us - within_us
        fresh = sorted(
            one.first_us
            for one in accounts
            if one.account_id not in stopped.accounts
            and one.first_us > acted_us
            and (reaches_back or (one.opened_us is not None and one.opened_us > acted_us))
        )
        half = (len(accounts) + 1) // 2
        if accounts and len(fresh) >= half and fresh[half - 1] <= acted_us + within_us:
            return Onset(acted_us, fresh[half - 1], len(fresh), len(accounts))
    return None


def likeness(then: Conduct, now: Conduct) -> Likeness:
    """Return what two campaigns have in common; the first field wins where several say as much."""
    if not then.requests or not now.requests:
        return Likeness(FIELDS[0], 0, (), then.requests, now.requests, 0, 0)
    best, field, common = Fraction(0), FIELDS[0], list[Common]()
    for name in FIELDS:
        shared = _common(name, then, now)
        says = sum((_says(one, then, now) for one in shared), Fraction(0))
        if says > best:
            best, field, common = says, name, shared
    common.sort(key=lambda one: (-_says(one, then, now), one.now.digest))
    return Likeness(
        field,
        _floor(best),
        tuple(common),
        then.requests,
        now.requests,
        _alike(then.models, now.models),
        _alike(enumerate(then.hours), enumerate(now.hours)),
    )


def _common(field: str, then: Conduct, now: Conduct) -> list[Common]:
    known = {one.digest: one for one in then.traits if one.field == field}
    return [
        Common(known[one.digest], one)
        for one in now.traits
        if one.field == field and one.digest in known
    ]


def _says(one: Common, then: Conduct, now: Conduct) -> Fraction:
    least = min(
        Fraction(one.then.requests, then.requests), Fraction(one.now.requests, now.requests)
    )
    return least * min(_own(one.then), _own(one.now))


def _own(trait: Trait) -> Fraction:
    """Return the part of all who have a trait that is the campaign's."""
    return Fraction(trait.carriers, trait.carriers + trait.others)


def _alike(one: Iterable[tuple[object, int]], other: Iterable[tuple[object, int]]) -> int:
    """Return the intersection of two histograms, in millionths."""
    first, second = dict(one), dict(other)
    whole, total = sum(first.values()), sum(second.values())
    shared = (min(n * total, second.get(key, 0) * whole) for key, n in first.items())
    return sum(shared) * MILLION // (whole * total)


def _floor(share: Fraction) -> int:
    return share.numerator * MILLION // share.denominator


def nearest(likenesses: Iterable[Likeness]) -> Likeness:
    """Return the greatest likeness, of equal ones the last."""
    found = list(likenesses)
    return max(reversed(found), key=lambda one: one.millionths)
