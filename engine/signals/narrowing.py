"""One subject's part of the activity, in place of all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.activity.workspace import Workspace
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.atoms import Period

_SCHEMA = "narrowed"

_ACCOUNTS = {
    SubjectKind.ACCOUNT: "SELECT ? AS account_id",
    SubjectKind.ORGANISATION: (
        "SELECT e.account_id FROM main.events e LEFT JOIN main.accounts a USING (account_id) "
        "WHERE coalesce(e.org_id, a.org_id) = ? AND e.ts_us BETWEEN ? AND ? GROUP BY ALL"
    ),
    SubjectKind.CAMPAIGN: (
        "SELECT DISTINCT account_id FROM main.members WHERE campaign_id = ? ORDER BY account_id"
    ),
}
_EVENTS = f"SELECT * FROM main.events WHERE account_id IN (SELECT account_id FROM {_SCHEMA}.these)"
_OF_ORGANISATION = (
    f"SELECT e.* FROM ({_EVENTS}) e LEFT JOIN main.accounts a USING (account_id) "
    f"WHERE coalesce(e.org_id, a.org_id) = (SELECT id FROM {_SCHEMA}.subject)"
)

_MEMBERS = f"SELECT * FROM main.members WHERE campaign_id = (SELECT id FROM {_SCHEMA}.subject)"
_APART = f"SELECT account_id AS campaign_id, account_id FROM {_SCHEMA}.these"


@contextmanager
def narrowed(
    workspace: Workspace, subject: Subject, period: Period, *, apart: bool = False
) -> Iterator[None]:
    """Let measures see one subject's exchanges only: it is counted as among all, but cheaply.

    With `apart`, each of its accounts is a campaign of its own, with the account's id. What a
    measure needs of others than the subject, such as its peers, is not there.
    """
    organisation = subject.kind is SubjectKind.ORGANISATION
    database = f'"{workspace.value("SELECT current_database()")}"'
    workspace.execute(f"CREATE SCHEMA {_SCHEMA}")
    try:
        ends = [period.since_us, period.as_of_us]
        tables: tuple[tuple[str, str, list[int]], ...] = (
            ("subject", "SELECT ? AS id", []),
            ("these", _ACCOUNTS[subject.kind], ends if organisation else []),
        )
        for table, rows, also in tables:
            workspace.execute(f"CREATE TABLE {_SCHEMA}.{table} AS {rows}", [subject.id, *also])
        events = _OF_ORGANISATION if organisation else _EVENTS
        members = _APART if apart else _MEMBERS
        for view, rows in (("events", events), ("members", members)):
            workspace.execute(f"CREATE VIEW {_SCHEMA}.{view} AS {rows}")
        workspace.execute(f"SET search_path = '{database}.{_SCHEMA},{database}.main'")
        yield
    finally:
        workspace.execute(f"USE {database}")
        workspace.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
