"""What stands behind findings besides numbers: accounts, extents, members, example exchanges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.batch.cases import Extent
from engine.batch.examples import Example, find_examples
from engine.campaigns.campaign import Campaign, Member
from engine.enforce.action import Target
from engine.language.model.selection import Selection
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.cut import has_slices, in_slice


@dataclass(frozen=True, slots=True)
class SubjectAccount:
    """An account of a subject, with how much it did and, in a campaign, what ties it."""

    target: Target
    exchanges: int
    first_us: int
    last_us: int
    member: Member | None


class Evidence:
    """Looks up what stands behind the judged subjects; its tables stand in the workspace.

    Reads the tables `roll` and, for campaigns, `members` and `slices`, if that is there; for slices
    and examples also `events`.
    """

    def __init__(
        self,
        workspace: Workspace,
        subjects: Iterable[Subject],
        campaigns: Iterable[Campaign],
        as_of_us: int,
    ) -> None:
        self._workspace, self._as_of_us = workspace, as_of_us
        register(workspace.connection)
        self._ask_for(sorted(set(subjects), key=lambda s: (s.kind.value, s.id)))
        self.extents = self._extents()
        """When each subject was active, and with how many accounts."""
        self.accounts = self._accounts(campaigns)
        """The accounts of each subject, in order of their ids."""

    def _ask_for(self, subjects: Sequence[Subject]) -> None:
        self._workspace.execute("CREATE OR REPLACE TEMP TABLE asked (kind VARCHAR, id VARCHAR)")
        self._workspace.execute(
            "INSERT INTO asked SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])",
            [[s.kind.value for s in subjects], [s.id for s in subjects]],
        )
        self._workspace.execute(_JUDGED)
        if has_slices(self._workspace):
            self._workspace.execute(_JUDGED_SLICES, [self._as_of_us])

    def _extents(self) -> Mapping[Subject, Extent]:
        return {
            Subject(SubjectKind(kind), id_): Extent(first, last, accounts)
            for kind, id_, first, last, accounts in self._workspace.rows(
                "SELECT kind, id, min(first_us), max(last_us), count(*) FROM judged "
                "GROUP BY kind, id ORDER BY kind, id"
            )
        }

    def _accounts(
        self, campaigns: Iterable[Campaign]
    ) -> Mapping[Subject, tuple[SubjectAccount, ...]]:
        members = {(c.id, m.account_id): m for c in campaigns for m in c.members}
        found: dict[Subject, list[SubjectAccount]] = {}
        for kind, id_, account, org, approvals, *activity in self._workspace.rows(_ACCOUNTS):
            exchanges, first_us, last_us = activity
            target = Target(account, org, frozenset(approvals or ()))
            member = members.get((id_, account))
            found.setdefault(Subject(SubjectKind(kind), id_), []).append(
                SubjectAccount(target, exchanges, first_us, last_us, member)
            )
        return {subject: tuple(accounts) for subject, accounts in found.items()}

    def organisations(self, subject: Subject) -> frozenset[str | None]:
        """Return the organisations of a subject's accounts; None stands for having none."""
        return frozenset(account.target.org_id for account in self.accounts[subject])

    def examples(
        self, wanted: Mapping[Subject, tuple[Selection, ...]]
    ) -> Mapping[Subject, tuple[Example, ...]]:
        """Return a few exchanges of each subject, picked by one of its selections if it has any."""
        return find_examples(self._workspace, wanted, self._as_of_us)


_JUDGED = """
CREATE OR REPLACE TEMP TABLE judged AS
SELECT asked.kind, asked.id, roll.* FROM asked JOIN roll ON roll.account_id = asked.id
  WHERE asked.kind = 'account'
UNION ALL
SELECT asked.kind, asked.id, roll.* FROM asked JOIN roll ON roll.organisation = asked.id
  WHERE asked.kind = 'organisation'
UNION ALL
SELECT asked.kind, asked.id, roll.* FROM asked JOIN members m ON m.campaign_id = asked.id
  JOIN roll ON roll.account_id = m.account_id
  WHERE asked.kind = 'campaign'
"""

# Of an account in a slice counts what it sent there.
_JUDGED_SLICES = f"""
INSERT INTO judged BY NAME
SELECT asked.kind, asked.id, r.account_id, any_value(r.organisation) AS organisation,
       any_value(r.approvals) AS approvals, min(e.ts_us) AS first_us, max(e.ts_us) AS last_us,
       count(*) AS exchanges
FROM asked JOIN slices s ON s.campaign_id = asked.id
JOIN roll r ON r.account_id = s.account_id
JOIN events e ON e.account_id = s.account_id AND {in_slice("s", "e")}
WHERE asked.kind = 'campaign' AND e.ts_us <= ?
GROUP BY asked.kind, asked.id, r.account_id
"""

_ACCOUNTS = """
SELECT kind, id, account_id, organisation, approvals, exchanges, first_us, last_us
FROM judged ORDER BY kind, id, account_id
"""
