"""What reviewers decided before about the subjects that a policy hits now.

A decision counts for a hit when its case was about the same conduct (it had a finding of the
policy, or the policy's behaviour) and about the same subject: the same one by name, or a subject
that holds at least half of its accounts. A campaign has no lasting name, and a lone account may
have been judged within its campaign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from engine.authoring.precision import Precision
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.ledger.queries import Queries
from engine.ledger.records import CaseRecord, CaseStatus


class Opinion(Enum):
    """What became of a case."""

    APPROVED = "approved"
    REJECTED = "rejected"
    OPEN = "open"  # not decided, or not by the second reviewer yet


_OPINION = {
    CaseStatus.APPROVED.value: Opinion.APPROVED,
    CaseStatus.REJECTED.value: Opinion.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Review:
    """A past case that a hit falls on."""

    case_id: str
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class _Case:
    record: CaseRecord
    opinion: Opinion
    decided_us: int
    policies: frozenset[str]
    accounts: frozenset[str]

    def about(self, policy: Policy, names: frozenset[str]) -> bool:
        same = self.record.behaviour == policy.behaviour.value
        return same or not self.policies.isdisjoint(names)


class Reviews:
    """The cases of a ledger, read once."""

    def __init__(self, ledger: Queries) -> None:
        """Read the cases with their accounts, policies and last decisions."""
        accounts, policies = ledger.case_accounts(), ledger.case_policies()
        decided = {one.case_id: one.decided_us for one in ledger.decisions()}
        self._by_subject: dict[tuple[str, str], list[_Case]] = {}
        self._by_account: dict[str, list[_Case]] = {}
        for record in ledger.cases():
            case = _Case(
                record,
                _OPINION.get(record.status, Opinion.OPEN),
                decided.get(record.case_id, 0),
                policies.get(record.case_id, frozenset()),
                accounts.get(record.case_id, frozenset()),
            )
            key = (record.subject_kind, record.subject_id)
            self._by_subject.setdefault(key, []).append(case)
            for account in case.accounts:
                self._by_account.setdefault(account, []).append(case)

    def of(
        self, policy: Policy, subject: Subject, accounts: frozenset[str], known_as: str
    ) -> Review | None:
        """Return the case that a hit falls on: the one decided last, else an open one.

        `known_as` is what the policy was called before.
        """
        names = frozenset({policy.name, known_as})
        named = self._by_subject.get((subject.kind.value, subject.id), ())
        found = {case.record.case_id: case for case in (*named, *self._holding_half(accounts))}
        mine = [case for case in found.values() if case.about(policy, names)]
        if not mine:
            return None
        last = max(mine, key=_rank)
        return Review(last.record.case_id, last.opinion)

    def _holding_half(self, accounts: frozenset[str]) -> Iterable[_Case]:
        shared: Counter[str] = Counter()
        cases: dict[str, _Case] = {}
        for account in accounts:
            for case in self._by_account.get(account, ()):
                shared[case.record.case_id] += 1
                cases[case.record.case_id] = case
        return [cases[name] for name, count in shared.items() if 2 * count >= len(accounts)]


def _rank(case: _Case) -> tuple[bool, int, str]:
    return case.opinion is not Opinion.OPEN, case.decided_us, case.record.case_id


def precision(reviews: Iterable[Review | None]) -> Precision:
    """Return how the hits that were decided upon came out."""
    counts = Counter(review.opinion for review in reviews if review)
    return Precision(counts[Opinion.APPROVED], counts[Opinion.REJECTED])
