"""How far each member of a campaign takes part in what the campaign does: exact counts.

A member may be there by a card that was sold to it, or by a network that others use. What marks the
campaign are the values of a field (a template, a fixed instruction, a set of tools) that at least a
tenth of its active accounts and at least three of them have, and `LIFT` times as large a part of
them as of all other active accounts (DOMAIN I01). A member's conduct is the part of its exchanges
that have such a mark, or that are picked by what the campaign was found by, where that is as
much commoner among its exchanges: that most of them are the first of their session is not conduct.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from engine.activity.workspace import Workspace
from engine.campaigns.conduct import FIELDS
from engine.campaigns.weight import MILLION

LIFT = 5
"""How many times commoner among its accounts than among others a mark of a campaign is."""

FEWEST = 3
"""Accounts that a mark must have: what two friends do is not what a campaign does."""

PART = 10
"""At least one in so many accounts has a mark; and at least one in so many exchanges of a campaign
must be what it does, or it is not known what that is."""

SAMPLE, STRANGERS = 200, 2_000
"""Accounts of a campaign, and of those in no campaign, that a query of exchanges is tried on."""

Membership = tuple[str, str]
"""A campaign and an account."""

_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Participation:
    """What a member does, beside what its campaign does."""

    requests: int
    shown: int
    """Its exchanges in which it does what the campaign does."""
    unknown: int
    """Those others that lack a field by whose values the campaign is marked."""
    known: bool
    """Whether it is known what the campaign does; where it is not, nobody can be told apart."""
    days_before: float
    """From its first exchange to that of the middle one of all active members; 0 if it is later.

    Of the activity read; what was before is not known.
    """
    same_hours: float
    """The intersection of its hours of the day, UTC, with those of the other members, 0 to 1."""
    same_models: float

    @property
    def numbers(self) -> Mapping[str, tuple[float, float]]:
        """The smallest and the largest value that each number could have, by its name."""
        least, most = self.shown / self.requests, (self.shown + self.unknown) / self.requests
        return {
            "requests": (self.requests, self.requests),
            "conduct": (least, most) if self.known else (0.0, 1.0),
            "days_before": (self.days_before, self.days_before),
            "same_hours": (self.same_hours, self.same_hours),
            "same_models": (self.same_models, self.same_models),
        }


@dataclass(frozen=True, slots=True)
class Picked:
    """Exchanges of a member that a query picks, without those that are marked."""

    exchanges: int
    lacking: int
    """Those of them that lack a field by whose values the campaign is marked."""


class Members:
    """The active members of some campaigns, in the tables of a workspace.

    Reads `events`, `members`, and the `roll` of active accounts.
    """

    def __init__(self, workspace: Workspace, campaigns: Collection[str], *, as_of_us: int) -> None:
        """Look for what marks the campaigns."""
        self._workspace, self._as_of_us = workspace, as_of_us
        workspace.execute(_OWN, [sorted(campaigns)])
        workspace.execute(_CREATE_MARKS)
        for field in FIELDS:
            workspace.execute(_MARKS.format(field=field), [as_of_us, as_of_us])

    def close(self) -> None:
        """Drop the tables."""
        for table in ("part_own", "part_marks", "part_chosen", "part_sample"):
            self._workspace.execute(f"DROP TABLE IF EXISTS {table}")

    def marked(self) -> Mapping[Membership, Participation]:
        """Return how far each member takes part as far as its campaign is marked."""
        rows = self._workspace.rows(_SHOWN, [self._as_of_us])
        hours = self._alike("e.ts_us // 3600000000 % 24")
        models = self._alike("e.model")
        return with_known(
            {
                (campaign, account): Participation(
                    requests=requests,
                    shown=shown,
                    unknown=unknown,
                    known=False,
                    days_before=max(0, middle_us - first_us) / _DAY_US,
                    same_hours=hours[campaign, account],
                    same_models=models[campaign, account],
                )
                for campaign, account, first_us, middle_us, requests, shown, unknown in rows
            }
        )

    def picked(self, chosen: Collection[Membership], events: str) -> Mapping[Membership, Picked]:
        """Return how many unmarked exchanges of some members are among those of a query.

        `events` is the SQL of their `event_id`; it may read `part_chosen (account_id)`.
        """
        ordered = sorted(chosen)
        pairs = [[campaign for campaign, _ in ordered], [account for _, account in ordered]]
        self._workspace.execute(_CHOSEN, pairs)
        rows = self._workspace.rows(_PICKED.format(events=events), [self._as_of_us])
        return {(campaign, account): Picked(*counts) for campaign, account, *counts in rows}

    def sample(self, campaigns: Collection[str]) -> None:
        """Choose accounts of some campaigns and of none, in the order of hashes of their ids."""
        self._workspace.execute(_SAMPLE, [sorted(campaigns)])

    def characteristic(self, events: str) -> frozenset[str]:
        """Return the sampled campaigns of which a query picks `LIFT` times as large a part.

        Of their exchanges, as of those of accounts in no campaign. `events` is the SQL of their
        `event_id`; it may read `part_sample (account_id)`.
        """
        rows = self._workspace.rows(_SHARES.format(events=events), [self._as_of_us])
        counts = {campaign: (picked, requests) for campaign, picked, requests in rows}
        strange, requests = counts.pop("", (0, 1))
        return frozenset(
            campaign
            for campaign, (picked, sent) in counts.items()
            if picked and picked * requests >= LIFT * strange * sent
        )

    def _alike(self, kind: str) -> Mapping[Membership, float]:
        """Return how far a distribution of each member is that of the other members."""
        rows = self._workspace.rows(_ALIKE.format(kind=kind), [self._as_of_us])
        return {(campaign, account): part / MILLION for campaign, account, part in rows}


def with_picked(
    marked: Mapping[Membership, Participation], picked: Mapping[Membership, Picked]
) -> Mapping[Membership, Participation]:
    """Return participations to which exchanges known by their selection are added."""
    nothing = Picked(0, 0)
    added = {
        member: replace(
            one,
            shown=one.shown + picked.get(member, nothing).exchanges,
            unknown=one.unknown - picked.get(member, nothing).lacking,
        )
        for member, one in marked.items()
    }
    return with_known(added)


def with_known(
    members: Mapping[Membership, Participation],
) -> Mapping[Membership, Participation]:
    """Return participations that say whether it is known what their campaign does."""
    shown, requests = Counter[str](), Counter[str]()
    for (campaign, _), one in members.items():
        requests[campaign] += one.requests
        shown[campaign] += one.shown
    known = {campaign: PART * shown[campaign] >= requests[campaign] for campaign in requests}
    return {
        (campaign, account): replace(one, known=known[campaign])
        for (campaign, account), one in members.items()
    }


_OWN = """
    CREATE OR REPLACE TEMP TABLE part_own AS
    SELECT DISTINCT campaign_id, account_id, first_us
    FROM (SELECT unnest(?::VARCHAR[]) AS campaign_id)
    JOIN members USING (campaign_id) JOIN roll USING (account_id)
"""
_CREATE_MARKS = """
    CREATE OR REPLACE TEMP TABLE part_marks (campaign_id VARCHAR, field VARCHAR, value VARCHAR)
"""
_MARKS = f"""
    INSERT INTO part_marks
    WITH carrying AS (
        SELECT DISTINCT o.campaign_id, e.{{field}} AS value, o.account_id
        FROM events e JOIN part_own o USING (account_id)
        WHERE e.ts_us <= ? AND e.{{field}} <> ''
    ), sizes AS (
        SELECT campaign_id, count(*) AS size FROM part_own GROUP BY campaign_id
    ), likely AS (
        SELECT campaign_id, value, count(*) AS mine, any_value(size) AS size
        FROM carrying JOIN sizes USING (campaign_id) GROUP BY campaign_id, value
        HAVING mine >= {FEWEST} AND {PART} * mine >= any_value(size)
    ), everybody AS (
        SELECT value, count(DISTINCT account_id) AS carriers
        FROM (SELECT e.{{field}} AS value, e.account_id FROM events e WHERE e.ts_us <= ?)
        SEMI JOIN likely USING (value) GROUP BY value
    )
    SELECT campaign_id, '{{field}}', value
    FROM likely JOIN everybody USING (value), (SELECT count(*) AS active FROM roll)
    WHERE mine * (active - size) >= {LIFT} * (carriers - mine) * size
"""
_MARKED = " OR ".join(
    f"(o.campaign_id, e.{field}) IN "
    f"(SELECT (campaign_id, value) FROM part_marks WHERE field = '{field}')"
    for field in FIELDS
)
# Where no tools are recorded there were none; of a text that is not there nothing is known.
_LACKING = " OR ".join(
    f"(e.{field} IS NULL AND o.campaign_id IN "
    f"(SELECT campaign_id FROM part_marks WHERE field = '{field}'))"
    for field in FIELDS
    if field != "tools_sig"
)
_TOLD = f"""
    SELECT o.campaign_id, o.account_id, e.event_id, coalesce({_MARKED}, false) AS does,
           {_LACKING} AS lacks
    FROM events e JOIN part_own o USING (account_id) WHERE e.ts_us <= ?
"""
_SHOWN = f"""
    WITH counted AS (
        SELECT campaign_id, account_id, count(*) AS requests, count(*) FILTER (does) AS shown,
               count(*) FILTER (lacks AND NOT does) AS unknown
        FROM ({_TOLD}) GROUP BY campaign_id, account_id
    ), middles AS (
        SELECT campaign_id, list_sort(list(first_us))[(count(*) + 1) // 2] AS middle_us
        FROM part_own GROUP BY campaign_id
    )
    SELECT campaign_id, account_id, first_us, middle_us, requests, shown, unknown
    FROM counted JOIN part_own USING (campaign_id, account_id) JOIN middles USING (campaign_id)
    ORDER BY campaign_id, account_id
"""
_SAMPLE = f"""
    CREATE OR REPLACE TEMP TABLE part_sample AS
    WITH everybody AS (
        SELECT campaign_id, account_id, {SAMPLE} AS most
        FROM part_own SEMI JOIN (SELECT unnest(?::VARCHAR[]) AS campaign_id) USING (campaign_id)
        UNION ALL
        SELECT '', account_id, {STRANGERS} FROM roll ANTI JOIN members USING (account_id)
    )
    SELECT campaign_id, account_id FROM everybody
    QUALIFY row_number() OVER (PARTITION BY campaign_id ORDER BY md5(account_id)) <= most
"""
_SHARES = """
    SELECT campaign_id, count(*) FILTER (event_id IN ({events})), count(*)
    FROM events JOIN part_sample USING (account_id) WHERE ts_us <= ? GROUP BY campaign_id
"""
_CHOSEN = """
    CREATE OR REPLACE TEMP TABLE part_chosen AS
    SELECT unnest(?::VARCHAR[]) AS campaign_id, unnest(?::VARCHAR[]) AS account_id
"""
_PICKED = f"""
    SELECT campaign_id, account_id, count(*), count(*) FILTER (lacks)
    FROM ({_TOLD}) SEMI JOIN part_chosen USING (campaign_id, account_id)
    WHERE NOT does AND event_id IN ({{events}}) GROUP BY campaign_id, account_id
"""
_ALIKE = f"""
    WITH own AS (
        SELECT o.campaign_id, o.account_id, {{kind}} AS kind, count(*)::HUGEINT AS n
        FROM events e JOIN part_own o USING (account_id) WHERE e.ts_us <= ?
        GROUP BY o.campaign_id, o.account_id, {{kind}}
    ), kinds AS (
        SELECT campaign_id, kind, sum(n) AS n FROM own GROUP BY campaign_id, kind
    ), accounts AS (
        SELECT campaign_id, account_id, sum(n) AS n FROM own GROUP BY campaign_id, account_id
    ), wholes AS (
        SELECT campaign_id, sum(n) AS n FROM own GROUP BY campaign_id
    )
    SELECT o.campaign_id, o.account_id, coalesce(
        sum(least(o.n * (w.n - a.n), (k.n - o.n) * a.n)) * {MILLION}
        // nullif(any_value(a.n * (w.n - a.n)), 0), 0)::BIGINT
    FROM own o JOIN kinds k USING (campaign_id, kind)
    JOIN accounts a ON a.campaign_id = o.campaign_id AND a.account_id = o.account_id
    JOIN wholes w ON w.campaign_id = o.campaign_id
    GROUP BY o.campaign_id, o.account_id
"""
