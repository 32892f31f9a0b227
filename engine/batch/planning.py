"""What follows from decisions, account by account: the terms, the floor, exemptions and caps."""

from __future__ import annotations

from dataclasses import dataclass

from engine.activity.workspace import Workspace
from engine.batch.evidence import Evidence
from engine.batch.participation import members_of
from engine.batch.past import Past
from engine.decide.decide import Decisions
from engine.enforce.action import PlannedAction
from engine.enforce.grounds import Grounds
from engine.enforce.plan import plan_actions
from engine.language.model.pack import Pack


@dataclass(frozen=True, slots=True)
class Planned:
    """The actions that follow, and the terms on which findings stand."""

    actions: tuple[PlannedAction, ...]
    grounds: Grounds


def planned(
    pack: Pack,
    workspace: Workspace,
    decisions: Decisions,
    evidence: Evidence,
    past: Past,
    *,
    active_accounts: int,
    as_of_us: int,
) -> Planned:
    """Plan what a run would do; nothing is recorded, and cases settled before still count."""
    conduct = {s: (extent.first_us, extent.last_us) for s, extent in evidence.extents.items()}
    grounds = Grounds(pack, conduct, as_of_us)
    actions = plan_actions(
        pack,
        decisions.answers,
        {s: tuple(a.target for a in mine) for s, mine in evidence.accounts.items()},
        active_accounts=active_accounts,
        already_today=past.already_today(pack.guardrails.per_day, as_of_us),
        as_of_us=as_of_us,
        grounds=grounds,
        members=members_of(workspace, decisions.answers, as_of_us=as_of_us),
    )
    return Planned(actions, grounds)
