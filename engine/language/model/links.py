"""Links: how accounts are joined into campaigns."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.span import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Connector:
    """A kind of thing two accounts may share.

    `shared` is `account.payment_id`, `account.device_id`, `device_id`, `ip/24`, `prompt_shape`, or
    any other identifier field. A value shared by fewer than `min_accounts` or more than
    `max_accounts` accounts links nobody. An account counts as carrying a value of an exchange field
    once `min_events` of its exchanges have it. All values of the connector that two accounts share
    add at most `at_most` to their strength, for they are rarely independent (a campus has several
    networks next to each other, and everybody's common phrases go together); None: no limit.
    `times` is how much more one such value says than the weight by its degree: a card more than a
    network.
    """

    shared: str
    min_accounts: int = 2
    max_accounts: int = 500
    min_events: int = 1
    at_most: float | None = None
    times: float = 1.0
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Synchrony:
    """Two accounts that do the same at the same times, again and again.

    What counts are an account's pairs of a value of `shared`, an exchange field, and a time bucket
    of `bucket_us` (from midnight UTC) in which it had that value. Two accounts are synchronous when
    they have at least `min_buckets` such pairs in common, on at least `min_days` different days
    UTC, and these are at least the part `jaccard` of all pairs that either has. A pair that more
    than `max_accounts` accounts have (a launch, a deadline) is never in common, though it counts
    among all. Being synchronous adds `adds` to the strength of the two.
    """

    shared: str
    bucket_us: int
    jaccard: float
    min_buckets: int
    min_days: int = 2
    max_accounts: int = 500
    adds: float = 0.5
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class SignUp:
    """Two accounts opened at most `within_us` apart; adds nothing to those that share nothing."""

    within_us: int
    adds: float = 0.25
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Slicing:
    """Which parts of a mixed campaign's exchanges are judged apart: those with one rare value.

    A value of a field of `by` makes a slice of the exchanges that have it, where `min_accounts`
    members have it at least `per_account` times each and `min_events` times together. It must be
    ten times as common in the campaign as elsewhere, and a minor part of it: a field divides a
    campaign only as long as five of its values do not make up half of what the campaign sends.
    """

    by: tuple[str, ...]
    min_events: int = 500
    min_accounts: int = 5
    per_account: int = 3
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Links:
    """A way of linking: connectors, the strength a pair needs, and sizes of a campaign."""

    name: str
    connectors: tuple[Connector, ...]
    strength: float
    """A pair is linked when the weights of what it shares, 1/log2(1 + degree) each, reach this."""
    members_min: int = 2
    members_max: int = 50_000
    bridge: int = 2
    """Pools that at most so many accounts hold together are campaigns of their own; 0: never.

    Each pool must have `members_min` accounts and hold together firmly itself.
    """
    synchronous: tuple[Synchrony, ...] = ()
    signed_up: SignUp | None = None
    slices: Slicing | None = None
    """None: campaigns are judged as wholes only."""
    span: Span = NOWHERE

    @property
    def by_value(self) -> tuple[Connector | Synchrony, ...]:
        """The connectors that ask for a common value, in the order in which these are numbered."""
        return (*self.connectors, *self.synchronous)
