"""Find campaigns: one pass for each links document, then groups that are found twice only once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.activity.workspace import Workspace
from engine.campaigns.campaign import (
    Campaign,
    Dropped,
    Linkage,
    Member,
    Oversized,
    Split,
    campaign_id,
)
from engine.campaigns.carriers import (
    Carried,
    Ids,
    Period,
    account_names,
    bounds,
    carried,
    organisations,
)
from engine.campaigns.confidence import confidences
from engine.campaigns.dependence import hangs_on
from engine.campaigns.division import Divided, divide
from engine.campaigns.evidence import strongest_ties
from engine.campaigns.graph import PAIR_BUDGET, Weighing, linked_groups, within_budget
from engine.campaigns.joining import joinable, joined
from engine.campaigns.slices import find_slices
from engine.campaigns.weight import MILLION, millionths, powers
from engine.campaigns.work import joined_by_work
from engine.language.model.links import Links


def find_campaigns(
    workspace: Workspace,
    links: Iterable[Links],
    *,
    as_of_us: int,
    since_us: int | None = None,
    pair_budget: int = PAIR_BUDGET,
) -> Linkage:
    """Link the accounts of a workspace, and leave the tables `members` and `slices` there.

    `members(campaign_id, account_id)` has a row for each member of each whole campaign, `slices`
    one for each of each slice (see `leave_members`). Exchanges outside [since_us, as_of_us] and
    accounts opened after as_of_us do not count. Campaigns of different links may overlap; a group
    that two links find alike belongs to the first of them by name.
    Campaigns none of whose accounts sent anything in that time are left out: there is nothing to
    judge. Neither the order of rows nor the number of threads changes anything. Raises `LinkError`
    for a connector that names no field.
    """
    period = Period(since_us, as_of_us)
    ordered = sorted(links, key=lambda each: each.name)
    found = [_linked(workspace, each, period, pair_budget) for each in ordered]
    campaigns = _different(campaign for linkage in found for campaign in linkage.campaigns)
    leave_members(workspace, campaigns)
    active = _active(workspace, period)
    if len(active) < len(campaigns):
        campaigns = tuple(campaign for campaign in campaigns if campaign.id in active)
        leave_members(workspace, campaigns)
    slices = [one for each in ordered for one in _slices(workspace, each, campaigns, period)]
    if slices:
        campaigns = tuple(
            sorted((*campaigns, *slices), key=lambda each: (each.links_name, each.id))
        )
        leave_members(workspace, campaigns)
    return Linkage(
        campaigns,
        tuple(each for linkage in found for each in linkage.oversized),
        tuple(each for linkage in found for each in linkage.dropped_values),
        tuple(each for linkage in found for each in linkage.splits),
    )


def _linked(workspace: Workspace, links: Links, period: Period, budget: int) -> Linkage:
    with carried(workspace, links, period) as carriers:
        kept = within_budget(carriers.degrees, budget)
        weighing = _weighing(links, carriers, kept)
        least = max(2, links.members_min)
        groups = linked_groups(carriers, weighing)
        divided = divide(carriers, weighing, groups, members_min=least, bridge=links.bridge)
        own = organisations(workspace, period.as_of_us)
        able = joinable(divided.label, own)
        group = joined(carriers, weighing, links, divided.label, able)
        worked = joined_by_work(workspace, carriers, links, group, own)
        group = worked.label
        sizes = np.bincount(group, minlength=carriers.accounts)
        right = (sizes >= least) & (sizes <= links.members_max)
        campaign = np.where(right[group], group, -1)
        needed = hangs_on(carriers, weighing, campaign, divided.links, divided.strongest)
        evidence = strongest_ties(workspace, links, carriers, weighing, campaign, needed)
        numbers = np.flatnonzero(campaign >= 0)
        sure = confidences(links, carriers, weighing, campaign, divided.links, needed, evidence)
        known = zip(
            account_names(workspace, numbers),
            numbers.tolist(),
            divided.strongest[numbers].tolist(),
            sure[numbers].tolist(),
            strict=True,
        )
        members = [
            Member(name, strength / MILLION, worked.told(number, evidence), confidence)
            for name, number, strength, confidence in known
        ]
        return Linkage(
            _campaigns(links.name, campaign[numbers], members),
            _oversized(workspace, links, sizes),
            _dropped(links, carriers, ~kept),
            _splits(workspace, links, divided),
        )


def _slices(
    workspace: Workspace, links: Links, campaigns: tuple[Campaign, ...], period: Period
) -> tuple[Campaign, ...]:
    own = [campaign for campaign in campaigns if campaign.links_name == links.name]
    return find_slices(workspace, links.name, links.slices, own, period)


def _weighing(links: Links, carriers: Carried, kept: NDArray[np.bool_]) -> Weighing:
    limits = [
        None if each.at_most is None else millionths(each.at_most) for each in links.connectors
    ]
    times = [each.times for each in links.connectors]
    power = powers(carriers.degrees, carriers.connectors, times)
    least = millionths(links.strength)
    return Weighing(power, kept, least, limits, links.synchronous, links.signed_up)


def _splits(workspace: Workspace, links: Links, divided: Divided) -> tuple[Split, ...]:
    holders = np.array([each.holder for each in divided.divisions], dtype=np.int64)
    named = zip(divided.divisions, account_names(workspace, holders), strict=True)
    return tuple(Split(links.name, each.sizes, holder) for each, holder in named)


def _campaigns(name: str, group: Ids, members: list[Member]) -> tuple[Campaign, ...]:
    """Return the campaigns of members in order of account id, each under its least id."""
    grouped: dict[int, list[Member]] = {}
    for number, member in zip(group.tolist(), members, strict=True):
        grouped.setdefault(number, []).append(member)
    campaigns = (
        Campaign(campaign_id(name, people[0].account_id), name, tuple(people))
        for people in grouped.values()
    )
    return tuple(sorted(campaigns, key=lambda campaign: campaign.id))


def _oversized(workspace: Workspace, links: Links, sizes: Ids) -> tuple[Oversized, ...]:
    large = np.flatnonzero(sizes > max(1, links.members_max))
    return tuple(
        Oversized(campaign_id(links.name, first), links.name, size, first)
        for first, size in zip(account_names(workspace, large), sizes[large].tolist(), strict=True)
    )


def _dropped(links: Links, carriers: Carried, gone: NDArray[np.bool_]) -> tuple[Dropped, ...]:
    dropped = []
    for position, connector in enumerate(links.by_value):
        degrees = carriers.degrees[gone & (carriers.connectors == position)]
        if len(degrees):
            least = int(degrees.min())
            dropped.append(Dropped(links.name, connector.shared, len(degrees), least))
    return tuple(dropped)


def _different(campaigns: Iterable[Campaign]) -> tuple[Campaign, ...]:
    first: dict[tuple[str, ...], Campaign] = {}
    for campaign in campaigns:
        first.setdefault(campaign.account_ids, campaign)
    return tuple(first.values())


def _active(workspace: Workspace, period: Period) -> frozenset[str]:
    """Return the campaigns of `members` that have an account with an exchange."""
    rows = workspace.rows(
        "SELECT DISTINCT campaign_id FROM members SEMI JOIN "
        "(SELECT account_id FROM events WHERE ts_us BETWEEN ? AND ?) USING (account_id)",
        bounds(period),
    )
    return frozenset(campaign for (campaign,) in rows)


def leave_members(workspace: Workspace, campaigns: tuple[Campaign, ...]) -> None:
    """Leave the tables `members` and `slices`: a row for each member of each campaign, or slice.

    `slices` says beside that of which campaign it is a part, which field and value its exchanges
    have, how many they are and of how many.
    """
    workspace.execute("CREATE OR REPLACE TABLE members (campaign_id VARCHAR, account_id VARCHAR)")
    workspace.execute(_CREATE_SLICES)
    whole = [campaign for campaign in campaigns if campaign.cut is None]
    _insert(
        workspace,
        "members",
        [(campaign.id, account) for campaign in whole for account in campaign.account_ids],
    )
    _insert(
        workspace,
        "slices",
        [
            (one.id, account, cut.campaign, cut.field, cut.value, cut.exchanges, cut.of)
            for one in campaigns
            if (cut := one.cut) is not None
            for account in one.account_ids
        ],
    )


def _insert(workspace: Workspace, table: str, rows: Sequence[tuple[str | int, ...]]) -> None:
    if not rows:
        return
    columns = {
        f"c{at}": np.array(column, dtype=object)
        for at, column in enumerate(zip(*rows, strict=True))
    }
    workspace.connection.register("found_members", columns)
    workspace.execute(f"INSERT INTO {table} SELECT {', '.join(columns)} FROM found_members")
    workspace.connection.unregister("found_members")


def _array(values: tuple[str | int, ...]) -> NDArray[np.object_] | NDArray[np.int64]:
    if isinstance(values[0], int):
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=object)


_CREATE_SLICES = """
    CREATE OR REPLACE TABLE slices (
        campaign_id VARCHAR, account_id VARCHAR, part_of VARCHAR, field VARCHAR, value VARCHAR,
        exchanges BIGINT, every BIGINT
    )
"""
