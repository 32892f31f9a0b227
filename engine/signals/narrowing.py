"""One subject's part of the activity, in place of all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.activity.workspace import Workspace
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.atoms import Period
from engine.signals.cut import has_slices, in_slice
from engine.signals.schemas import schema_in_front

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

_OF_SLICE = "SELECT account_id FROM main.slices WHERE campaign_id = ? ORDER BY account_id"
_IN_SLICE = (
    f"SELECT e.* FROM main.events e JOIN main.slices s ON s.account_id = e.account_id "
    f"AND {in_slice('s', 'e')} WHERE s.campaign_id = (SELECT id FROM {_SCHEMA}.subject)"
)
_SLICE = f"SELECT * FROM main.slices WHERE campaign_id = (SELECT id FROM {_SCHEMA}.subject)"
_SLICE_MEMBERS = f"SELECT campaign_id, account_id FROM ({_SLICE})"
_NO_SLICE = "SELECT * FROM main.slices WHERE false"


@contextmanager
def narrowed(
    workspace: Workspace, subject: Subject, period: Period, *, apart: bool = False
) -> Iterator[None]:
    """Let measures see one subject's exchanges only: it is counted as among all, but cheaply.

    With `apart`, each of its accounts is a campaign of its own, with the account's id. What a
    measure needs of others than the subject, such as its peers, is not there.
    """
    organisation = subject.kind is SubjectKind.ORGANISATION
    slices = has_slices(workspace)
    cut = slices and subject.kind is SubjectKind.CAMPAIGN and _is_slice(workspace, subject)
    with schema_in_front(workspace, _SCHEMA) as show:
        ends = [period.since_us, period.as_of_us]
        accounts = _OF_SLICE if cut else _ACCOUNTS[subject.kind]
        tables: tuple[tuple[str, str, list[int]], ...] = (
            ("subject", "SELECT ? AS id", []),
            ("these", accounts, ends if organisation else []),
        )
        for table, rows, also in tables:
            workspace.execute(f"CREATE TABLE {_SCHEMA}.{table} AS {rows}", [subject.id, *also])
        views = {
            "events": _OF_ORGANISATION if organisation else _IN_SLICE if cut else _EVENTS,
            "members": _APART if apart else _SLICE_MEMBERS if cut else _MEMBERS,
        }
        if slices:
            views["slices"] = _SLICE if cut and not apart else _NO_SLICE
        for view, rows in views.items():
            workspace.execute(f"CREATE VIEW {_SCHEMA}.{view} AS {rows}")
        show()
        yield


def _is_slice(workspace: Workspace, subject: Subject) -> bool:
    found = "SELECT count(*) > 0 FROM main.slices WHERE campaign_id = ?"
    return bool(workspace.value(found, [subject.id]))
