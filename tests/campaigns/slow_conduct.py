"""Conduct and likeness counted one exchange at a time, without SQL."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from engine.campaigns.conduct import FIELDS, MOST


class Event(NamedTuple):
    """An exchange, as far as conduct goes."""

    account: str
    ts_us: int
    model: str
    values: Mapping[str, str | None]


def digest(field: str, value: str) -> str:
    return hashlib.sha256(f"excise conduct\n{field}\n{value}".encode()).hexdigest()[:32]


def conduct(
    events: Sequence[Event],
    campaigns: Mapping[str, frozenset[str]],
    campaign: str,
    also: frozenset[str],
    only: frozenset[str] | None,
) -> tuple[object, ...] | None:
    """Return (requests, accounts, traits, models, hours) of a campaign."""
    members = campaigns[campaign]
    mine = [event for event in events if event.account in members]
    if not mine:
        return None
    traits = []
    for field in FIELDS:
        ranked = []
        for value in {event.values[field] for event in mine if event.values[field]}:
            sent = [event for event in mine if event.values[field] == value]
            carriers = {event.account for event in sent}
            if len(carriers) < 2:
                continue
            assert value is not None
            others = {
                party(event.account, campaigns)
                for event in events
                if event.values[field] == value and event.account not in members | also
            }
            ranked.append((field, digest(field, value), len(sent), len(carriers), len(others)))
        ranked.sort(key=lambda one: (-one[2], one[1]))
        if only is None:
            ranked = ranked[:MOST]
        traits += [one for one in ranked if only is None or one[1] in only]
    models = Counter(digest("model", event.model) for event in mine)
    hours = Counter(event.ts_us // 3_600_000_000 % 24 for event in mine)
    return (
        len(mine),
        len({event.account for event in mine}),
        sorted(traits, key=lambda one: (one[0], -one[2], one[1])),
        sorted(models.items()),
        [hours[hour] for hour in range(24)],
    )


def party(account: str, campaigns: Mapping[str, frozenset[str]]) -> str:
    """Return the least campaign of an account, or the account."""
    own = sorted(name for name, members in campaigns.items() if account in members)
    return f"campaign {own[0]}" if own else f"account {account}"


def alike(then: tuple[object, ...], now: tuple[object, ...]) -> Fraction:
    """Return S: of every field the sum over traits, the greatest of them."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for field, one, requests, carriers, others in then[2]:  # type: ignore[attr-defined]
        for same, other, again, carry, strangers in now[2]:  # type: ignore[attr-defined]
            if (field, one) == (same, other):
                share = min(Fraction(requests, then[0]), Fraction(again, now[0]))  # type: ignore[arg-type]
                own = min(Fraction(carriers, carriers + others), Fraction(carry, carry + strangers))
                sums[field] += share * own
    return max(sums.values(), default=Fraction(0))
