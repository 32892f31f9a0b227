"""Which campaigns of a run succeed others that were acted on; what each did is kept for the next.

The ledger keeps the conduct of a campaign from the run that proposes an action, because a decision
comes when the activity is gone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from engine.activity.workspace import Workspace
from engine.batch.recording import to_json
from engine.campaigns.campaign import Linkage
from engine.campaigns.conduct import Conduct, Trait, Whose, conducts, shared_digests
from engine.campaigns.succession import (
    LIKENESS,
    Beginning,
    Onset,
    Stopped,
    Succession,
    likeness,
    nearest,
    onset,
)
from engine.campaigns.weight import MILLION
from engine.ledger.queries import Queries
from engine.ledger.records import SuccessionRecord

LEAST = LIKENESS.numerator * MILLION // LIKENESS.denominator

TOLD = 5
"""Traits that the evidence names; the rest could only add to what these show."""

_Pair = tuple[str, Stopped, Onset]


def stopped_campaigns(ledger: Queries) -> tuple[Stopped, ...]:
    """Return the campaigns that were acted on and whose conduct is known, by id."""
    acted = ledger.campaigns_acted_on()
    if not acted:
        return ()
    known: dict[str, list[Conduct]] = {}
    for kept in ledger.conducts():
        known.setdefault(kept.campaign_id, []).append(conduct_of(json.loads(kept.conduct)))
    accounts = ledger.campaign_accounts()
    return tuple(
        Stopped(
            campaign,
            moments,
            accounts.get(campaign, frozenset()),
            tuple(dict.fromkeys(known[campaign])),
        )
        for campaign, moments in sorted(acted.items())
        if campaign in known
    )


def successions(
    workspace: Workspace, linkage: Linkage, stopped: Sequence[Stopped], *, as_of_us: int
) -> tuple[Succession, ...]:
    """Return, by id, which campaigns succeed which; the roll stands in the workspace."""
    pairs = _begun_after(workspace, linkage, stopped)
    digests = {
        one.campaign_id: frozenset(t.digest for c in one.conducts for t in c.traits)
        for _, one, _ in pairs
    }
    shared = shared_digests(
        workspace,
        {campaign for campaign, _, _ in pairs},
        frozenset().union(*digests.values()),
        as_of_us=as_of_us,
    )
    asked = [
        Whose(f"{campaign} {one.campaign_id}", campaign, one.accounts, digests[one.campaign_id])
        for campaign, one, _ in pairs
        if shared.get(campaign, frozenset()) & digests[one.campaign_id]
    ]
    now = conducts(workspace, asked, as_of_us=as_of_us)
    found = []
    for campaign, one, begun in pairs:
        conduct = now.get(f"{campaign} {one.campaign_id}")
        if conduct is not None:
            alike = nearest(likeness(then, conduct) for then in one.conducts)
            if alike.millionths >= LEAST:
                found.append(Succession(campaign, one.campaign_id, begun, alike))
    return tuple(found)


def _begun_after(workspace: Workspace, linkage: Linkage, stopped: Sequence[Stopped]) -> list[_Pair]:
    """Return the campaigns that began soon after another one was acted on, by id."""
    if not stopped or not linkage.campaigns:
        return []
    since_us = int(workspace.value("SELECT coalesce(min(first_us), 0) FROM roll"))
    accounts: dict[str, list[Beginning]] = {}
    for campaign, *beginning in workspace.rows(_BEGINNINGS):
        accounts.setdefault(campaign, []).append(Beginning(*beginning))
    pairs = (
        (campaign, one, onset(one, accounts[campaign], since_us))
        for campaign in sorted(accounts)
        for one in stopped
        if one.campaign_id != campaign
    )
    return [(campaign, one, begun) for campaign, one, begun in pairs if begun is not None]


def kept_conducts(
    workspace: Workspace,
    campaigns: Collection[str],
    known: Mapping[str, frozenset[str]],
    *,
    as_of_us: int,
) -> Mapping[str, Conduct]:
    """Return the conduct of campaigns that may be acted on; `known` has their earlier accounts."""
    asked = [Whose(name, name, known.get(name, frozenset())) for name in sorted(campaigns)]
    return conducts(workspace, asked, as_of_us=as_of_us)


def conduct_json(conduct: Conduct) -> dict[str, object]:
    """Return a conduct as the ledger keeps it."""
    return {
        "requests": conduct.requests,
        "accounts": conduct.accounts,
        "traits": [
            [one.field, one.digest, one.requests, one.carriers, one.others]
            for one in conduct.traits
        ],
        "models": [list(one) for one in conduct.models],
        "hours": list(conduct.hours),
    }


def conduct_of(kept: Any) -> Conduct:  # noqa: ANN401 - JSON has no type
    """Return the conduct that `conduct_json` gave."""
    return Conduct(
        kept["requests"],
        kept["accounts"],
        tuple(Trait(*one) for one in kept["traits"]),
        tuple((model, requests) for model, requests in kept["models"]),
        tuple(kept["hours"]),
    )


def succession_record(one: Succession, run_id: str) -> SuccessionRecord:
    """Return the row of a succession, with its evidence."""
    alike, begun = one.likeness, one.onset
    evidence = {
        "field": alike.field,
        "traits": [
            {
                "digest": common.now.digest,
                "then": _trait(common.then, alike.then),
                "now": _trait(common.now, alike.now),
            }
            for common in alike.common[:TOLD]
        ],
        "models": _share(alike.models),
        "hours": _share(alike.hours),
    }
    return SuccessionRecord(
        run_id,
        one.campaign_id,
        one.other_id,
        _share(alike.millionths),
        begun.acted_us,
        begun.half_us,
        begun.began,
        begun.accounts,
        to_json(evidence),
    )


def _trait(trait: Trait, requests: int) -> dict[str, str | int]:
    share = trait.requests * MILLION // requests
    return {"share": _share(share), "accounts": trait.carriers, "others": trait.others}


def _share(millionths: int) -> str:
    return f"{millionths / MILLION:.6f}"


_BEGINNINGS = """
SELECT m.campaign_id, r.account_id, r.first_us, a.opened_us
FROM members m JOIN roll r USING (account_id)
LEFT JOIN (SELECT account_id, min(created_us) AS opened_us FROM accounts GROUP BY account_id) a
USING (account_id)
"""
