"""Which campaign a case's campaign comes after, or before, and by what that was recognised."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import ExciseError
from engine.ledger.records import SuccessionRecord
from engine.review.wording import ago, counted, utc


@dataclass(frozen=True, slots=True)
class Carried:
    """How much a campaign used something."""

    share: float
    """Of its requests."""
    accounts: int
    others: int
    """Parties beside the campaign that used it, too."""


@dataclass(frozen=True, slots=True)
class Trait:
    """A template, a fixed instruction or a set of tools that both campaigns have."""

    digest: str
    then: Carried
    now: Carried


@dataclass(frozen=True, slots=True)
class Succession:
    """A campaign that goes on where another one was stopped."""

    record: SuccessionRecord
    field: str
    traits: tuple[Trait, ...]
    """Those that say most first."""
    models: float
    hours: float


def successions(records: Iterable[SuccessionRecord]) -> tuple[Succession, ...]:
    """Return successions as a reviewer sees them; ExciseError for one that cannot be read."""
    return tuple(map(_succession, records))


def _succession(record: SuccessionRecord) -> Succession:
    try:
        told = json.loads(record.evidence)
        return Succession(
            record,
            str(told["field"]),
            tuple(map(_trait, told["traits"])),
            float(told["models"]),
            float(told["hours"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        message = f"campaign {record.campaign_id}: what it succeeds cannot be read"
        raise ExciseError(message) from error


def _trait(told: Mapping[str, Any]) -> Trait:
    return Trait(str(told["digest"]), _carried(told["then"]), _carried(told["now"]))


def _carried(told: Mapping[str, Any]) -> Carried:
    return Carried(float(told["share"]), int(told["accounts"]), int(told["others"]))


def headline(one: Succession, campaign: str | None) -> str:
    """Return what the succession is to a campaign: `succeeds c-1`, `succeeded by c-2`."""
    if campaign == one.record.other_id:
        return f"succeeded by {one.record.campaign_id}"
    return f"succeeds {one.record.other_id}"


def sentences(one: Succession) -> tuple[str, ...]:
    """Return when it began, what is alike, and how far each trait is theirs alone."""
    record = one.record
    share = f"{float(record.likeness) * 100:.4g} %"
    begun = (
        f"{record.began:,} of {counted(record.accounts, 'account')} began after the action of "
        f"{utc(record.acted_us)}, half of them within {ago(record.half_us - record.acted_us)}"
    )
    alike = f"{share} of what both send has the same {one.field}, which is theirs alone"
    beside = f"models are alike to {one.models:.2f}, hours of the day to {one.hours:.2f}"
    return (begun, alike, *map(_told, one.traits), f"{beside}: these decide nothing")


def _told(trait: Trait) -> str:
    then, now = trait.then, trait.now
    return (
        f"{trait.digest[:12]}: {then.share * 100:.4g} % then, {now.share * 100:.4g} % now; "
        f"of its accounts {then.accounts:,} and {now.accounts:,}, of others {then.others:,} "
        f"and {now.others:,}"
    )
