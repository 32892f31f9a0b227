"""What stands behind findings besides numbers: accounts, extents, members, example exchanges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.activity.workspace import Workspace
from engine.batch.cases import Extent
from engine.campaigns.find import Campaign, Member
from engine.enforce.action import Target
from engine.language.subject import Subject
from engine.language.words import SubjectKind

SAMPLES_PER_CASE = 6


@dataclass(frozen=True, slots=True)
class Example:
    """An exchange as it came in; its text is hostile and not yet redacted."""

    event_id: str
    account_id: str
    ts_us: int
    model: str
    text: str | None


@dataclass(frozen=True, slots=True)
class SubjectAccount:
    """An account of a subject, with how much it did and, in a campaign, what ties it."""

    target: Target
    exchanges: int
    first_us: int
    last_us: int
    member: Member | None


class Evidence:
    """Looks up what stands behind the judged subjects; holds the table `judged` in the workspace."""

    def __init__(
        self, workspace: Workspace, subjects: Iterable[Subject], campaigns: Iterable[Campaign]
    ) -> None:
        self._workspace = workspace
        self._members = {
            (campaign.id, member.account_id): member
            for campaign in campaigns
            for member in campaign.members
        }
        self._create(sorted(set(subjects), key=lambda s: (s.kind.value, s.id)))

    def _create(self, subjects: Sequence[Subject]) -> None:
        self._workspace.execute("CREATE OR REPLACE TABLE asked (kind VARCHAR, id VARCHAR)")
        for start in range(0, len(subjects), 1000):
            chunk = subjects[start : start + 1000]
            self._workspace.execute(
                "INSERT INTO asked SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
                [[s.kind.value for s in chunk], [s.id for s in chunk]],
            )
        self._workspace.execute(_JUDGED)

    def extents(self) -> Mapping[Subject, Extent]:
        """Return when each subject was active, and with how many accounts."""
        return {
            Subject(SubjectKind(kind), id_): Extent(first, last, accounts)
            for kind, id_, first, last, accounts in self._workspace.rows(
                "SELECT kind, id, min(first_us), max(last_us), count(*) FROM judged "
                "GROUP BY kind, id ORDER BY kind, id"
            )
        }

    def accounts(self) -> Mapping[Subject, tuple[SubjectAccount, ...]]:
        """Return the accounts of each subject, in order of their ids."""
        found: dict[Subject, list[SubjectAccount]] = {}
        for kind, id_, account, org, approvals, *activity in self._workspace.rows(_ACCOUNTS):
            exchanges, first_us, last_us = activity
            target = Target(account, org, frozenset(approvals or ()))
            member = self._members.get((id_, account))
            found.setdefault(Subject(SubjectKind(kind), id_), []).append(
                SubjectAccount(target, exchanges, first_us, last_us, member)
            )
        return {subject: tuple(accounts) for subject, accounts in found.items()}

    def examples(self, subject: Subject, matching: str) -> tuple[Example, ...]:
        """Return a few exchanges of a subject for which the SQL condition `matching` is true.

        One an account first, so that the examples show how many are involved.
        """
        rows = self._workspace.rows(
            _EXAMPLES.format(matching=matching), [subject.kind.value, subject.id, SAMPLES_PER_CASE]
        )
        return tuple(Example(*row) for row in rows)


_JUDGED = """
CREATE OR REPLACE TABLE judged AS
WITH active AS (
  SELECT account_id, min(org_id) AS org_id, min(ts_us) AS first_us, max(ts_us) AS last_us,
         count(*) AS exchanges
  FROM events GROUP BY account_id
), owned AS (
  SELECT e.*, coalesce(e.org_id, a.org_id) AS organisation
  FROM active e LEFT JOIN accounts a USING (account_id)
)
SELECT asked.kind, asked.id, owned.* FROM asked JOIN owned ON owned.account_id = asked.id
  WHERE asked.kind = 'account'
UNION ALL
SELECT asked.kind, asked.id, owned.* FROM asked JOIN owned ON owned.organisation = asked.id
  WHERE asked.kind = 'organisation'
UNION ALL
SELECT asked.kind, asked.id, owned.* FROM asked JOIN members m ON m.campaign_id = asked.id
  JOIN owned ON owned.account_id = m.account_id
  WHERE asked.kind = 'campaign'
"""

_ACCOUNTS = """
SELECT j.kind, j.id, j.account_id, j.organisation, a.approvals,
       j.exchanges, j.first_us, j.last_us
FROM judged j LEFT JOIN accounts a ON a.account_id = j.account_id
ORDER BY j.kind, j.id, j.account_id
"""

_EXAMPLES = """
WITH mine AS (
  SELECT events.event_id, events.account_id, events.ts_us, events.model,
         coalesce(events.prompt, events.system_prompt) AS text,
         row_number() OVER (PARTITION BY events.account_id ORDER BY events.ts_us, events.event_id)
           AS turn
  FROM events JOIN judged ON judged.account_id = events.account_id
  LEFT JOIN accounts ON accounts.account_id = events.account_id
  WHERE judged.kind = ? AND judged.id = ? AND ({matching})
)
SELECT event_id, account_id, ts_us, model, text FROM mine
ORDER BY turn, account_id, ts_us, event_id LIMIT ?
"""
