"""The roll: every account that was active in the period judged, with what it is and how it acted.

Called once a run; whatever is asked of subjects' accounts afterwards is read from it, not from the
exchanges again.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.activity.workspace import Workspace


def call_roll(workspace: Workspace, as_of_us: int) -> None:
    """Leave the table `roll` in the workspace.

    It has a row for each account with an exchange up to `as_of_us`: its id, its organisation (NULL
    for none), its approvals, and when and how often it was active.
    """
    workspace.execute(_ROLL, [as_of_us])


def active_accounts(workspace: Workspace) -> int:
    """Return how many accounts are on the roll."""
    return int(workspace.value("SELECT count(*) FROM roll"))


def accounts_of_organisations(workspace: Workspace) -> Mapping[str, tuple[str, ...]]:
    """Return the active accounts of every organisation, in order."""
    rows = workspace.rows(
        "SELECT organisation, list(account_id ORDER BY account_id) FROM roll "
        "WHERE organisation <> '' GROUP BY 1"
    )
    return {organisation: tuple(accounts) for organisation, accounts in rows}


_ROLL = """
CREATE OR REPLACE TEMP TABLE roll AS
SELECT e.account_id, coalesce(min(e.org_id), min(a.org_id)) AS organisation,
       any_value(a.approvals) AS approvals,
       min(e.ts_us) AS first_us, max(e.ts_us) AS last_us, count(*) AS exchanges
FROM events e LEFT JOIN accounts a ON a.account_id = e.account_id
WHERE e.ts_us <= ? GROUP BY e.account_id
"""
