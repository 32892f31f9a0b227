"""What a ledger tells a run about the time before it; without a ledger nothing was ever done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from engine.activity.workspace import Workspace
from engine.batch.roll import accounts_of_organisations
from engine.batch.strikes import strikes_of
from engine.batch.succession import stopped_campaigns, successions
from engine.campaigns.campaign import Linkage
from engine.campaigns.find import leave_members
from engine.campaigns.lineage import Lineage, continued
from engine.campaigns.succession import Succession
from engine.decide.cases import PastActions
from engine.language.subject import Subject
from engine.language.words import ActionKind, SubjectKind
from engine.ledger.queries import Queries
from engine.ledger.records import CaseRecord

DAY_US = 86_400_000_000


class Past:
    """The past as a run counts with it; one for each activity, read from the ledger once."""

    def __init__(self, ledger: Queries | None) -> None:
        self._ledger = ledger
        self._struck: dict[str, list[tuple[int, str]]] | None = None

    def strikes(self, workspace: Workspace, linkage: Linkage) -> PastActions | None:
        """Return what tells the strikes on a subject; the roll stands in the workspace."""
        if self._ledger is None:
            return None
        if self._struck is None:
            active = [account for (account,) in workspace.rows("SELECT account_id FROM roll")]
            self._struck = self._ledger.strikes(active, 0)
        return strikes_over(self._struck, workspace, linkage)

    def continued(
        self, workspace: Workspace, linkage: Linkage
    ) -> tuple[Linkage, tuple[Lineage, ...]]:
        """Give campaigns the ids under which the ledger knows them, and leave `members` so.

        The turns are those that no run has recorded yet.
        """
        if self._ledger is None:
            return linkage, ()
        found, turns = continued(linkage, self._ledger.campaign_accounts())
        if found != linkage:
            leave_members(workspace, found.campaigns)
        told = {(t["turn"], t["campaign_id"], t["other_id"]) for t in self._ledger.lineage()}
        fresh = (t for t in turns if (t.turn.value, t.campaign, t.other) not in told)
        return found, tuple(fresh)

    def successions(
        self, workspace: Workspace, linkage: Linkage, as_of_us: int
    ) -> tuple[Succession, ...]:
        """Return which campaigns succeed others that were acted on; the roll stands there."""
        if self._ledger is None:
            return ()
        return successions(workspace, linkage, stopped_campaigns(self._ledger), as_of_us=as_of_us)

    def untold(self, found: Iterable[Succession]) -> tuple[Succession, ...]:
        """Return the successions that no run has recorded yet."""
        if self._ledger is None:
            return ()
        told = {(one.campaign_id, one.other_id) for one in self._ledger.successions()}
        return tuple(one for one in found if (one.campaign_id, one.other_id) not in told)

    def campaign_accounts(self) -> Mapping[str, frozenset[str]]:
        """Return by campaign all accounts that the ledger knows in it."""
        return {} if self._ledger is None else self._ledger.campaign_accounts()

    def cases(self) -> tuple[CaseRecord, ...]:
        """Return the ledger's cases, each with the last conduct that runs have put into it.

        The record is of the run that opened the case; what was decided upon includes what later
        runs found while it was open.
        """
        if self._ledger is None:
            return ()
        conduct = self._ledger.last_conduct()
        return tuple(
            replace(case, last_event_us=max(case.last_event_us, conduct.get(case.case_id, 0)))
            for case in self._ledger.cases()
        )

    def exempt_actions(self) -> frozenset[str]:
        """Return the ids of actions that were stopped: what is asked anew is another action."""
        return frozenset() if self._ledger is None else self._ledger.exempt_actions()

    def already_today(
        self, kinds: Iterable[ActionKind], as_of_us: int
    ) -> dict[ActionKind, frozenset[str]]:
        """Return the accounts that runs of the same day acted on, or proposed to, by action."""
        if self._ledger is None:
            return {}
        start_us = as_of_us - as_of_us % DAY_US
        return {
            kind: self._ledger.accounts_acted_on(start_us, start_us + DAY_US, kind.value)
            for kind in kinds
        }


def strikes_over(
    past: Mapping[str, Collection[tuple[int, str]]], workspace: Workspace, linkage: Linkage
) -> PastActions:
    """Return what tells the strikes on a subject, from what was done to each account and when.

    The roll stands in the workspace.
    """
    members = {campaign.id: campaign.account_ids for campaign in linkage.campaigns}
    organisations = accounts_of_organisations(workspace) if past else {}

    def accounts(subject: Subject) -> tuple[str, ...]:
        match subject.kind:
            case SubjectKind.ACCOUNT:
                return (subject.id,)
            case SubjectKind.ORGANISATION:
                return organisations.get(subject.id, ())
            case SubjectKind.CAMPAIGN:
                return members[subject.id]

    return strikes_of(past, accounts)
