"""What only a campaign has: members, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.fields import FieldRef
from engine.language.model.selection import EVERYTHING, Selection
from engine.language.model.windowed import Windowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """How many accounts the campaign has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payers:
    """How many different parties pay for its members: payment fingerprints, or who has them.

    Fingerprints that only accounts of one organisation have are that organisation's, however many
    there are: a firm with a card for each department is one payer. An account's organisation is the
    one that it was opened for; where that is not recorded, each fingerprint is a payer of its own.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisations:
    """How many independent parties its members are: organisations, and members that have none.

    A member known to belong to no organisation (the column is supplied, its value empty) is a party
    of its own.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Which part of its campaign's exchanges the subject is: 1, or less for a slice.

    Both are counted over the whole period of the run.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers(Windowed):
    """Members with at least `at_least_share` of their events in `of` (and one) in `where`."""

    where: Selection
    of: Selection = EVERYTHING
    at_least_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionIndex(Windowed):
    """1 - observed/expected exact collisions of prompts between members that share a template.

    Near 1: members divide the prompts among themselves. At or below 0.5: they repeat each other, as
    a benchmark or a class does. Exculpatory only (DOMAIN I02). For each value of `field` carried by
    at least two members, with n_a distinct prompt hashes for member a, D distinct in all and k_h
    members sharing hash h: observed = sum k_h(k_h-1)/2, expected = (S^2 - sum n_a^2)/(2D) with
    S = sum n_a. Both are summed over templates. 1 where no two members share a template, for
    then nobody repeats anybody; indeterminate where there is no template at all.
    """

    field: FieldRef
    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared(Windowed):
    """Share of the members that have a value of the field in common with another member.

    With an account field, the account's value; with an exchange field, any value that the member's
    events in `where` carry. A member whose value is missing may or may not share it.

    With `at_least_share` such values must be carried by that share of the member's events in
    `where`: in what many people send, some few things are the same by chance.
    """

    field: FieldRef
    where: Selection = EVERYTHING
    at_least_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenants(Windowed):
    """Share of the members whose events carry at least so many different values of a field.

    An account is one person's or one program's, with a device or two. Behind one that is sold on
    there are people of all sorts: client programs, languages, zones (DOMAIN I34). A member whose
    value is missing in an event may have one more.
    """

    field: FieldRef
    at_least: int
    where: Selection = EVERYTHING
