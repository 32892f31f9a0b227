"""Where a pass reads from: the measured events, each with the subject it counts for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from engine.language.words import SubjectKind
from engine.signals.guards import EVENTS
from engine.signals.sql import (
    Condition,
    Sql,
    bigint,
    coalesce,
    compare,
    every,
    hugeint,
    integer,
    is_known,
    name,
    where,
)

MEASURED = "measured"
ACCOUNTS = "measured_accounts"
ORGANISATIONS = "measured_organisations"

SETTLED = "settled"
"""Column: the row's file says to which organisation an account belongs, or that it has none."""
IDENTITY = "event_id"
"""Column: the event's own id, where the stage keeps it."""
CAMPAIGNS = "measured_campaigns"
MEMBERS = "measured_members"
LOW_BITS = 2**62
"""A wide sum is fetched as quotient and remainder by this."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Campaigns by their numbers, both included."""

    first: int
    last: int

    def condition(self) -> Condition:
        """Return what holds for events of these campaigns."""
        campaign = subject(SubjectKind.CAMPAIGN)
        return exp.Between(this=campaign, low=integer(self.first), high=integer(self.last))


def subject(kind: SubjectKind) -> Sql:
    """Return the expression of the subject's number."""
    match kind:
        case SubjectKind.ACCOUNT:
            return name("account", EVENTS)
        case SubjectKind.ORGANISATION:
            return name("organisation", EVENTS)
        case SubjectKind.CAMPAIGN:
            return name("campaign", "c")


def scan(kind: SubjectKind, query: exp.Select, condition: Condition) -> exp.Select:
    """Return the query over the events that count for subjects of a kind."""
    query = query.from_(exp.alias_(exp.to_table(MEASURED), EVENTS, table=True), copy=False)
    if kind is SubjectKind.CAMPAIGN:
        query = query.join(
            exp.alias_(exp.to_table(MEMBERS), "c", table=True),
            on=compare(exp.EQ, name("account", "c"), name("account", EVENTS)),
            copy=False,
        )
    if kind is SubjectKind.ORGANISATION:
        condition = every((is_known(name("organisation", EVENTS)), condition))
    return where(query, condition)


def narrow(part: str, expression: Sql) -> tuple[tuple[str, Sql], ...]:
    """Return the column of a part that fits 64 bits."""
    return ((part, bigint(coalesce(expression, integer(0)))),)


def wide(part: str, expression: Sql) -> tuple[tuple[str, Sql], ...]:
    """Return the columns of a part that may not."""
    total = coalesce(hugeint(expression), hugeint(integer(0)))
    divisor = hugeint(integer(LOW_BITS))
    return (
        (f"{part}_high", bigint(compare(exp.IntDiv, total, divisor))),
        (f"{part}_low", bigint(compare(exp.Mod, total.copy(), divisor.copy()))),
    )
