"""Conduct: what the requests of a campaign are like, in digests and counts, without any text.

A campaign that comes after another one was acted on has other accounts, cards and networks. What it
does not leave behind is its work: the templates, the fixed instructions, the tools. Of these a few
traits are kept, those with most requests, as digests: enough to recognise them, not to read them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.activity.workspace import Workspace

FIELDS = ("prompt_shape", "system_shape", "tools_sig")
"""What may be a trait, each field by itself: a template, a fixed instruction, a set of tools."""

MOST = 64
"""Traits kept of a field: what is not among them is taken for something that nobody else has."""


@dataclass(frozen=True, slots=True)
class Trait:
    """A value that several accounts of a campaign have in their requests."""

    field: str
    digest: str
    """The first half of a SHA-256 (hex) over field and value."""
    requests: int
    """How many of the campaign's requests have it."""
    carriers: int
    """How many of the campaign's accounts have ever had it."""
    others: int
    """How many parties beside the campaign have: an account alone, or another campaign as one."""


@dataclass(frozen=True, slots=True)
class Conduct:
    """What a campaign does; all numbers are of requests unless they say otherwise."""

    requests: int
    accounts: int
    """How many accounts sent any."""
    traits: tuple[Trait, ...]
    """By field, then those with most requests first."""
    models: tuple[tuple[str, int], ...]
    """By digest of the model's name, in order of the digests."""
    hours: tuple[int, ...]
    """By hour of the day, UTC."""


@dataclass(frozen=True, slots=True)
class Whose:
    """A campaign whose conduct is asked for, under a name of the asker's."""

    key: str
    campaign_id: str
    also: frozenset[str] = frozenset()
    """Accounts that are no strangers to it, though no members either."""
    digests: frozenset[str] | None = None
    """The only traits that are looked at; None: those with most requests."""


def conducts(
    workspace: Workspace, asked: Sequence[Whose], *, as_of_us: int
) -> Mapping[str, Conduct]:
    """Return the conduct up to a moment of some campaigns, which stand in `members`, by key.

    A campaign none of whose accounts sent anything is left out.
    """
    if not asked:
        return {}
    _name(workspace, asked)
    try:
        return _read(workspace, as_of_us)
    finally:
        for table in ("asked", "digests", "own", "requests", "traits", "carriers"):
            workspace.execute(f"DROP TABLE IF EXISTS conduct_{table}")


def shared_digests(
    workspace: Workspace, campaigns: Collection[str], digests: Collection[str], *, as_of_us: int
) -> Mapping[str, frozenset[str]]:
    """Return which of some digests each of some campaigns has among its traits."""
    wanted = frozenset(digests)
    asked = [Whose(name, name, digests=wanted) for name in sorted(campaigns)]
    found: dict[str, set[str]] = {}
    if not asked or not wanted:
        return {}
    # All ask for the same digests, which are named once, under the empty key.
    _name(workspace, [Whose(one.key, one.campaign_id) for one in asked])
    try:
        _add_digests(workspace, [("", digest) for digest in sorted(wanted)])
        for field in FIELDS:
            for key, digest in workspace.rows(_SHARED.format(field=field), [as_of_us]):
                found.setdefault(key, set()).add(digest)
    finally:
        for table in ("asked", "digests", "own"):
            workspace.execute(f"DROP TABLE IF EXISTS conduct_{table}")
    return {key: frozenset(found[key]) for key in sorted(found)}


def _name(workspace: Workspace, asked: Sequence[Whose]) -> None:
    workspace.execute(
        "CREATE OR REPLACE TEMP TABLE conduct_asked AS SELECT unnest(?::VARCHAR[]) AS key, "
        "unnest(?::VARCHAR[]) AS campaign_id, unnest(?::BOOLEAN[]) AS narrowed",
        [
            [one.key for one in asked],
            [one.campaign_id for one in asked],
            [one.digests is not None for one in asked],
        ],
    )
    workspace.execute("CREATE OR REPLACE TEMP TABLE conduct_digests (key VARCHAR, digest VARCHAR)")
    _add_digests(
        workspace, [(one.key, digest) for one in asked for digest in sorted(one.digests or ())]
    )
    workspace.execute(_OWN)
    also = [(one.key, account) for one in asked for account in sorted(one.also)]
    workspace.execute(_ALSO, [[key for key, _ in also], [account for _, account in also]])


def _add_digests(workspace: Workspace, pairs: Iterable[tuple[str, str]]) -> None:
    listed = list(pairs)
    workspace.execute(
        "INSERT INTO conduct_digests SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
        [[key for key, _ in listed], [digest for _, digest in listed]],
    )


def _read(workspace: Workspace, as_of_us: int) -> Mapping[str, Conduct]:
    workspace.execute(_CREATE_TRAITS)
    workspace.execute(_CREATE_CARRIERS)
    for field in FIELDS:
        workspace.execute(_TRAITS.format(field=field), [as_of_us, MOST])
        workspace.execute(_CARRIERS.format(field=field), [as_of_us])
    workspace.execute(_REQUESTS, [as_of_us])
    traits: dict[str, list[Trait]] = {}
    for key, *trait in workspace.rows(_COUNTED):
        traits.setdefault(key, []).append(Trait(*trait))
    hours: dict[str, list[int]] = {}
    for key, hour, requests in workspace.rows(_HOURS):
        hours.setdefault(key, [0] * 24)[hour] = requests
    models: dict[str, list[tuple[str, int]]] = {}
    for key, *used in workspace.rows(_MODELS):
        models.setdefault(key, []).append((used[0], used[1]))
    return {
        key: Conduct(
            requests,
            accounts,
            tuple(traits.get(key, ())),
            tuple(models[key]),
            tuple(hours[key]),
        )
        for key, requests, accounts in workspace.rows(_SIZES)
    }


_DIGEST = "left(sha256('excise conduct' || chr(10) || '{field}' || chr(10) || value), 32)"

_OWN = """
    CREATE OR REPLACE TEMP TABLE conduct_own AS
    SELECT DISTINCT key, account_id, true AS member
    FROM conduct_asked JOIN members USING (campaign_id)
"""
_ALSO = """
    INSERT INTO conduct_own
    SELECT key, account_id, false
    FROM (SELECT unnest(?::VARCHAR[]) AS key, unnest(?::VARCHAR[]) AS account_id) a
    ANTI JOIN conduct_own USING (key, account_id)
"""

# What one account alone does is a habit of its own, not a trait of the campaign.
_VALUES = """
    SELECT key, e.{field} AS value, count(*) AS requests
    FROM events e JOIN conduct_own o ON o.account_id = e.account_id AND o.member
    WHERE e.ts_us <= ? AND e.{field} <> ''
    GROUP BY key, value HAVING min(e.account_id) < max(e.account_id)
"""
_SHARED = f"""
    SELECT DISTINCT key, digest FROM (SELECT key, {_DIGEST} AS digest FROM ({_VALUES}))
    SEMI JOIN conduct_digests d USING (digest)
"""
_CREATE_TRAITS = """
    CREATE OR REPLACE TEMP TABLE conduct_traits
    (key VARCHAR, field VARCHAR, value VARCHAR, digest VARCHAR, requests BIGINT)
"""
_TRAITS = f"""
    INSERT INTO conduct_traits
    WITH valued AS (SELECT key, value, {_DIGEST} AS digest, requests FROM ({_VALUES}))
    SELECT key, '{{field}}', value, digest, requests
    FROM valued JOIN conduct_asked USING (key)
    WHERE NOT narrowed OR EXISTS (
        SELECT 1 FROM conduct_digests d WHERE d.key = valued.key AND d.digest = valued.digest
    )
    QUALIFY narrowed OR row_number() OVER (PARTITION BY key ORDER BY requests DESC, digest) <= ?
"""
_CREATE_CARRIERS = """
    CREATE OR REPLACE TEMP TABLE conduct_carriers
    (field VARCHAR, value VARCHAR, account_id VARCHAR, party VARCHAR)
"""
_CARRIERS = """
    INSERT INTO conduct_carriers
    WITH carrying AS (
        SELECT DISTINCT e.{field} AS value, e.account_id
        FROM events e
        SEMI JOIN (SELECT value FROM conduct_traits WHERE field = '{field}') t
            ON t.value = e.{field}
        WHERE e.ts_us <= ?
    ), campaigns AS (
        SELECT account_id, min(campaign_id) AS campaign_id FROM members GROUP BY account_id
    )
    SELECT '{field}', value, account_id, coalesce('c ' || campaign_id, 'a ' || account_id)
    FROM carrying LEFT JOIN campaigns USING (account_id)
"""
# A party is no stranger when all of it that carries the value is the campaign's own.
_COUNTED = """
    WITH parties AS (
        SELECT field, value, party, count(*) AS accounts
        FROM conduct_carriers GROUP BY field, value, party
    ), every AS (
        SELECT field, value, count(*) AS parties FROM parties GROUP BY field, value
    ), mine AS (
        SELECT t.key, t.field, t.value, c.party, count(*) AS accounts,
               count(*) FILTER (o.member) AS members
        FROM conduct_traits t JOIN conduct_carriers c USING (field, value)
        JOIN conduct_own o ON o.key = t.key AND o.account_id = c.account_id
        GROUP BY t.key, t.field, t.value, c.party
    ), own AS (
        SELECT key, field, value, sum(members)::BIGINT AS members,
               count(*) FILTER (mine.accounts = parties.accounts) AS parties
        FROM mine JOIN parties USING (field, value, party) GROUP BY key, field, value
    )
    SELECT key, field, digest, requests, own.members, every.parties - own.parties
    FROM conduct_traits JOIN own USING (key, field, value) JOIN every USING (field, value)
    ORDER BY key, field, requests DESC, digest
"""
_REQUESTS = """
    CREATE OR REPLACE TEMP TABLE conduct_requests AS
    SELECT key, e.account_id, e.model AS value, e.ts_us // 3600000000 % 24 AS hour,
           count(*) AS requests
    FROM events e JOIN conduct_own o ON o.account_id = e.account_id AND o.member
    WHERE e.ts_us <= ? GROUP BY ALL
"""
_SIZES = """
    SELECT key, sum(requests)::BIGINT, count(DISTINCT account_id)
    FROM conduct_requests GROUP BY key ORDER BY key
"""
_MODELS = f"""
    SELECT key, {_DIGEST.format(field="model")} AS model, sum(requests)::BIGINT
    FROM conduct_requests GROUP BY key, model ORDER BY key, model
"""
_HOURS = """
    SELECT key, hour, sum(requests)::BIGINT FROM conduct_requests GROUP BY key, hour
"""
