"""The accounts behind a number that counts accounts: members, payers, organisations, carriers.

Each account is measured as if it were a campaign by itself, by the plan by which all of them were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.activity.tables import column
from engine.activity.workspace import Workspace
from engine.language.fields import FieldType
from engine.language.model import measure as m
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.atoms import Period
from engine.signals.execute import measure as measured
from engine.signals.execute import staged
from engine.signals.measures.computation import Role
from engine.signals.narrowing import narrowed
from engine.signals.nodes import Output, Sharing
from engine.signals.passes.scan import ACCOUNTS
from engine.signals.passes.sharing import select_members
from engine.signals.plan import build_plan
from engine.signals.sql import written

_COUNTS_ACCOUNTS = (
    m.Members, m.Payers, m.Organisations, m.Approved, m.Carriers, m.Shared,
    m.Tenants,
)  # fmt: skip
_PRIVATE = (FieldType.TEXT, FieldType.TEXTS)
_ROLE = {True: Role.COUNTED, False: Role.BESIDE, None: Role.UNKNOWN}


@dataclass(frozen=True, slots=True)
class CountedAccount:
    """An account and what it is to the number."""

    account_id: str
    role: Role
    value: str | None
    """What it was looked at for: the payment fingerprint, the organisation, the shared field."""


def accounts_behind(
    workspace: Workspace, measure: m.Measure, subject: Subject, *, as_of_us: int, since_us: int
) -> tuple[CountedAccount, ...] | None:
    """Return the accounts of a subject in order, None for a measure that counts no accounts."""
    if not isinstance(measure, _COUNTS_ACCOUNTS):
        return None
    period = Period(since_us, as_of_us)
    if isinstance(measure, m.Shared):
        counted = _sharing(workspace, measure, subject, period)
    else:
        counted = _one_by_one(workspace, measure, subject, period)
    values = _values(workspace, measure, subject, period)
    return tuple(
        CountedAccount(account, _ROLE[counts], values.get(account))
        for account, counts in sorted(counted.items())
    )


def _one_by_one(
    workspace: Workspace, measure: m.Measure, subject: Subject, period: Period
) -> Mapping[str, bool | None]:
    plan = build_plan({SubjectKind.CAMPAIGN: [measure]})
    with narrowed(workspace, subject, period, apart=True):
        tables = measured(workspace, plan, as_of_us=period.as_of_us, since_us=period.since_us)
    table = tables[SubjectKind.CAMPAIGN]
    (values,) = table.columns.values()
    ends = zip(table.subjects, values.low.tolist(), values.high.tolist(), strict=True)
    return {
        account: True if low > 0 else None if high > 0 else False for account, low, high in ends
    }


def _sharing(
    workspace: Workspace, measure: m.Shared, subject: Subject, period: Period
) -> Mapping[str, bool | None]:
    plan = build_plan({subject.kind: [measure]})
    (reading,) = plan.readings
    source = next(one.source for _, one in reading.parts if isinstance(one, Output))
    assert isinstance(source, Sharing)  # noqa: S101 - a Shared reads nothing else
    members = written(select_members(source, period))
    with narrowed(workspace, subject, period), staged(workspace, plan.whole_stage, period):
        return dict(workspace.rows(_MEMBERS.format(members=members)))


def _values(
    workspace: Workspace, measure: m.Measure, subject: Subject, period: Period
) -> Mapping[str, str]:
    match measure:
        case m.Payers():
            query = _PAYERS
        case m.Organisations():
            query = _OF_EVENTS
        case m.Shared(field=ref) if ref.of_account and ref.field.type not in _PRIVATE:
            query = _OF_ACCOUNT.format(column=column(ref.field))
        case _:
            return {}
    with narrowed(workspace, subject, period):
        rows = workspace.rows(query)
    return {account: value for account, value in rows if value is not None}


_MEMBERS = f"SELECT a.account_id, s.shares FROM ({{members}}) s JOIN {ACCOUNTS} a USING (account)"
_OF_ACCOUNT = """
SELECT account_id, CAST({column} AS VARCHAR) FROM accounts
WHERE account_id IN (SELECT account_id FROM these)
"""
_PAYERS = """
SELECT account_id, CASE
  WHEN COUNT(org_id) OVER fingerprint = COUNT(*) OVER fingerprint
    AND MIN(org_id) OVER fingerprint = MAX(org_id) OVER fingerprint THEN org_id
  ELSE payment_id END
FROM accounts WHERE payment_id IS NOT NULL AND account_id IN (SELECT account_id FROM these)
WINDOW fingerprint AS (PARTITION BY payment_id)
"""
_OF_EVENTS = """
SELECT account_id, string_agg(DISTINCT org_id, ', ' ORDER BY org_id) FROM (
  SELECT account_id, org_id FROM accounts
  WHERE account_id IN (SELECT account_id FROM these)
  UNION ALL SELECT account_id, org_id FROM events
) GROUP BY account_id
"""
