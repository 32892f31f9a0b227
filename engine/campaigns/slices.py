"""Slices: the parts of a mixed campaign's exchanges that carry one rare value, judged apart.

Behind a reseller's accounts are people of many kinds. One of them who extracts the model sends a
twentieth of what the accounts send, too little to show in any share of the whole. What he sends
still has one template, one instruction or one set of tools, which hardly anybody else has; cut to
that, the campaign shows what that part of it is like. Being cut says nothing against anybody: the
product of an honest customer has a template as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.activity.workspace import Workspace
from engine.campaigns.campaign import Campaign, Cut, Member, Tie, campaign_id, slice_links
from engine.campaigns.carriers import Period, bounds
from engine.campaigns.weight import MILLION, weight
from engine.language.model.links import Slicing

LIFT = 10
"""How many times as common a value must be in the campaign as elsewhere (DOMAIN I01)."""

HANDFUL = 5
"""Where so few values make up half of what a campaign sends, it does not serve many people."""

TOLD = 2
"""End users that are named for a member: those who sent most of its part of the slice."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A value of a campaign that may make a slice."""

    campaign: str
    field: str
    value: str
    exchanges: int
    of: int

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.campaign, self.field, self.value)

    @property
    def cut(self) -> Cut:
        return Cut(self.campaign, self.field, self.value, self.exchanges, self.of)


_Key = tuple[str, str, str]


def find_slices(
    workspace: Workspace,
    links_name: str,
    slicing: Slicing | None,
    campaigns: Iterable[Campaign],
    period: Period,
) -> tuple[Campaign, ...]:
    """Return the slices of some campaigns, which the same links found and which `members` has.

    The result depends on nothing but the activity. Of two slices that are mostly the same
    exchanges, by their template and by their tools perhaps, there is one: the larger.
    """
    whole = {campaign.id: campaign for campaign in campaigns}
    if slicing is None or not whole:
        return ()
    try:
        _collect(workspace, slicing, sorted(whole), period)
        parts = _different(_parts(workspace), _overlaps(workspace, slicing, period))
        _narrow(workspace, parts)
        carriers = _carriers(workspace, slicing, period)
    finally:
        for table in ("whole", "carried", "parts"):
            workspace.execute(f"DROP TABLE IF EXISTS slice_{table}")
    found = (
        _slice(links_name, part, whole[part.campaign], carriers[part.key])
        for part in parts
        if part.key in carriers
    )
    return tuple(sorted(found, key=lambda each: (each.links_name, each.id)))


def _collect(
    workspace: Workspace, slicing: Slicing, campaigns: Sequence[str], period: Period
) -> None:
    """Leave what members carry in `slice_carried`, what makes a slice in `slice_parts`."""
    workspace.execute(_WHOLE, [*bounds(period), campaigns])
    workspace.execute(_CREATE_CARRIED)
    workspace.execute(_CREATE_PARTS)
    everything = int(workspace.value(_EVERYTHING, bounds(period)))
    for field in slicing.by:
        workspace.execute(_CARRIED.format(field=field), bounds(period))
        least = [slicing.per_account, slicing.min_events, slicing.min_accounts]
        parameters = [*least, *bounds(period), HANDFUL, everything, LIFT]
        workspace.execute(_PARTS.format(field=field), parameters)


def _parts(workspace: Workspace) -> Iterator[_Part]:
    """Yield what may make a slice, the largest of each campaign first."""
    for row in workspace.rows(_LARGEST_FIRST):
        yield _Part(*row)


def _overlaps(
    workspace: Workspace, slicing: Slicing, period: Period
) -> Mapping[frozenset[_Key], int]:
    """Return how many exchanges parts of a campaign by different fields have in common."""
    found: dict[frozenset[_Key], int] = {}
    for place, one in enumerate(slicing.by):
        for other in slicing.by[place + 1 :]:
            query = _OVERLAPS.format(one=one, other=other)
            for campaign, first, second, exchanges in workspace.rows(query, bounds(period)):
                pair = frozenset(((campaign, one, first), (campaign, other, second)))
                found[pair] = exchanges
    return found


def _different(
    parts: Iterable[_Part], overlaps: Mapping[frozenset[_Key], int]
) -> tuple[_Part, ...]:
    """Return the parts without those that mostly are a larger one by another name."""
    kept: list[_Part] = []
    for part in parts:
        for other in kept:
            both = overlaps.get(frozenset((part.key, other.key)), 0)
            if 2 * both > part.exchanges + other.exchanges - both:
                break
        else:
            kept.append(part)
    return tuple(kept)


def _narrow(workspace: Workspace, parts: Sequence[_Part]) -> None:
    """Leave in `slice_parts` those that are slices."""
    columns = [[part.key[place] for part in parts] for place in range(3)]
    workspace.execute(_NARROW, columns)


def _carriers(
    workspace: Workspace, slicing: Slicing, period: Period
) -> Mapping[_Key, dict[str, tuple[Tie, ...]]]:
    """Return by slice the members that are in it, each with what it has in common with them."""
    found: dict[_Key, dict[str, tuple[Tie, ...]]] = {}
    for field in slicing.by:
        parameters = [*bounds(period), slicing.per_account]
        for campaign, value, account, accounts in workspace.rows(
            _MEMBERS.format(field=field), parameters
        ):
            ties = found.setdefault((campaign, field, value), {})
            ties[account] = (_tie(field, value, accounts),)
        parameters = [*bounds(period), TOLD]
        for campaign, value, account, user, accounts in workspace.rows(
            _END_USERS.format(field=field), parameters
        ):
            ties = found.get((campaign, field, value), {})
            if account in ties:
                ties[account] = (*ties[account], _tie("end_user_id", user, accounts))
    return found


def _tie(field: str, value: str, accounts: int) -> Tie:
    return Tie(field, value, accounts, weight(accounts) / MILLION)


def _slice(
    links_name: str, part: _Part, campaign: Campaign, ties: Mapping[str, tuple[Tie, ...]]
) -> Campaign:
    members = tuple(_member(one, ties) for one in campaign.members if one.account_id in ties)
    own = slice_links(links_name, part.field, part.value)
    return Campaign(campaign_id(own, members[0].account_id), own, members, part.cut)


def _member(one: Member, ties: Mapping[str, tuple[Tie, ...]]) -> Member:
    return replace(one, evidence=(*ties[one.account_id], *one.evidence))


_WHOLE = """
    CREATE OR REPLACE TEMP TABLE slice_whole AS
    SELECT campaign_id, count(*) AS exchanges
    FROM events JOIN members USING (account_id)
    WHERE ts_us BETWEEN ? AND ? AND campaign_id IN (SELECT unnest(?::VARCHAR[]))
    GROUP BY campaign_id
"""
_EVERYTHING = "SELECT count(*) FROM events WHERE ts_us BETWEEN ? AND ?"
_CREATE_CARRIED = """
    CREATE OR REPLACE TEMP TABLE slice_carried
    (campaign_id VARCHAR, field VARCHAR, value VARCHAR, account_id VARCHAR, exchanges BIGINT)
"""
_CREATE_PARTS = """
    CREATE OR REPLACE TEMP TABLE slice_parts
    (campaign_id VARCHAR, field VARCHAR, value VARCHAR, exchanges BIGINT)
"""
_CARRIED = """
    INSERT INTO slice_carried
    SELECT campaign_id, '{field}', {field}, account_id, count(*)
    FROM events JOIN members USING (account_id) SEMI JOIN slice_whole USING (campaign_id)
    WHERE ts_us BETWEEN ? AND ? AND {field} <> ''
    GROUP BY ALL
"""
# In whole numbers: more than LIFT times as large a part of the campaign as of all that others send.
_PARTS = """
    INSERT INTO slice_parts
    WITH inside AS (
        SELECT campaign_id, value, sum(exchanges) AS every,
               coalesce(sum(exchanges) FILTER (enough), 0) AS exchanges,
               count(*) FILTER (enough) AS accounts
        FROM (SELECT *, exchanges >= ? AS enough FROM slice_carried WHERE field = '{field}')
        GROUP BY campaign_id, value
    ), candidates AS (
        SELECT * FROM inside WHERE exchanges >= ? AND accounts >= ?
    ), anywhere AS (
        SELECT {field} AS value, count(*) AS exchanges
        FROM events SEMI JOIN candidates c ON c.value = events.{field}
        WHERE ts_us BETWEEN ? AND ? GROUP BY {field}
    ), ranked AS (
        SELECT campaign_id, every,
               row_number() OVER (PARTITION BY campaign_id ORDER BY every DESC) AS place
        FROM inside
    ), largest AS (
        SELECT campaign_id, sum(every) AS exchanges FROM ranked WHERE place <= ?
        GROUP BY campaign_id
    )
    SELECT c.campaign_id, '{field}', c.value, c.exchanges
    FROM candidates c
    JOIN slice_whole w USING (campaign_id)
    JOIN largest l USING (campaign_id)
    JOIN anywhere a USING (value)
    WHERE 2 * l.exchanges < w.exchanges
      AND c.every::HUGEINT * (? - w.exchanges)
        >= ?::HUGEINT * (a.exchanges - c.every) * w.exchanges
"""
_LARGEST_FIRST = """
    SELECT campaign_id, field, value, p.exchanges, w.exchanges
    FROM slice_parts p JOIN slice_whole w USING (campaign_id)
    ORDER BY campaign_id, p.exchanges DESC, field, value
"""
_OVERLAPS = """
    SELECT one.campaign_id, one.value, other.value, count(*)
    FROM events e JOIN members m USING (account_id)
    JOIN slice_parts one
      ON one.campaign_id = m.campaign_id AND one.field = '{one}' AND one.value = e.{one}
    JOIN slice_parts other
      ON other.campaign_id = m.campaign_id AND other.field = '{other}' AND other.value = e.{other}
    WHERE ts_us BETWEEN ? AND ? GROUP BY ALL
"""
_NARROW = """
    CREATE OR REPLACE TEMP TABLE slice_parts AS
    SELECT unnest(?::VARCHAR[]) AS campaign_id, unnest(?::VARCHAR[]) AS field,
           unnest(?::VARCHAR[]) AS value
"""
_MEMBERS = """
    WITH mine AS (SELECT * FROM slice_parts WHERE field = '{field}'),
    degrees AS (
        SELECT {field} AS value, count(DISTINCT account_id) AS accounts
        FROM events SEMI JOIN mine ON mine.value = events.{field}
        WHERE ts_us BETWEEN ? AND ? GROUP BY {field}
    )
    SELECT campaign_id, value, account_id, degrees.accounts
    FROM slice_carried JOIN mine USING (campaign_id, field, value) JOIN degrees USING (value)
    WHERE exchanges >= ?
"""
_END_USERS = """
    WITH users AS (
        SELECT p.campaign_id, p.value, e.account_id, e.end_user_id, count(*) AS exchanges
        FROM events e JOIN members m USING (account_id)
        JOIN slice_parts p
          ON p.campaign_id = m.campaign_id AND p.field = '{field}' AND p.value = e.{field}
        WHERE ts_us BETWEEN ? AND ? AND e.end_user_id <> '' GROUP BY ALL
    )
    SELECT campaign_id, value, account_id, end_user_id,
           count(*) OVER (PARTITION BY campaign_id, value, end_user_id) AS accounts
    FROM users
    QUALIFY row_number() OVER (
        PARTITION BY campaign_id, value, account_id ORDER BY exchanges DESC, end_user_id
    ) <= ?
    ORDER BY campaign_id, value, account_id, exchanges DESC, end_user_id
"""
