"""What came of a test's activity: the verdict on every subject, and whose accounts it has."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from engine.authoring.explain.explanation import compiled_for, tracer_of
from engine.authoring.explain.subjects import holds
from engine.authoring.explain.tree import Explained, policies
from engine.authoring.judging import Judged
from engine.authoring.timeline import accounts_by_group
from engine.batch.roll import accounts_of_organisations
from engine.campaigns.campaign import Campaign
from engine.decide.compile import Compiled
from engine.language.model.policy import Policy, PolicyTest
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.signals.facts import Fact, FactTable, signal_key

FINDING, NO_FINDING, INDETERMINATE = "finding", "no finding", "indeterminate"
_VERDICTS = {True: FINDING, False: NO_FINDING, None: INDETERMINATE}


class Came:
    """What came of a test for a policy; verdicts on single subjects are told when asked for."""

    def __init__(self, judged: Judged, policy: Policy, test: PolicyTest) -> None:
        """Take what was judged; its workspace must still be open while this is asked."""
        self.judged = judged
        self.policy = policy
        self.test = test
        self._found = {
            finding.subject.id
            for finding in judged.evaluation.decisions.findings
            if finding.policy.name == policy.name
        }

    @property
    def verdict(self) -> str:
        """Return the verdict on all subjects: a finding, else indeterminate, if there is one."""
        if self._found:
            return FINDING
        undecided = self.judged.evaluation.decisions.undecided.get(self.policy.name)
        return INDETERMINATE if undecided and undecided.subjects else NO_FINDING

    def verdict_on(self, id_: str) -> str:
        """Return the verdict on one subject."""
        return FINDING if id_ in self._found else _VERDICTS[self.explained(id_).holds]

    def explained(self, id_: str) -> Explained:
        """Return how the policy came out for one subject."""
        tracer = tracer_of(
            self._compiled,
            self._table,
            id_,
            strikes=self.judged.strikes,
            as_of_us=self.judged.as_of_us,
        )
        return policies(tracer, self.policy.name)[0]

    def fact(self, id_: str, signal: str) -> Fact:
        """Return what a signal of the policy came to for one subject."""
        key = signal_key(self.policy.signal(signal).measure)
        return self._table.facts(bisect_left(self._table.subjects, id_), (key,))[key]

    @property
    def subjects(self) -> tuple[str, ...]:
        """Return the ids of all subjects of the policy's kind."""
        return self._table.subjects

    def subject(self, id_: str) -> Subject:
        """Return the subject of an id."""
        return Subject(self.policy.subject, id_)

    def subjects_of(self, group: str) -> tuple[str, ...]:
        """Return the subjects that an account of the group is, or belongs to."""
        mine = frozenset(self.accounts[group])
        return tuple(id_ for id_ in self._with(mine) if holds(self.subjects, id_))

    def campaigns_of(self, group: str) -> tuple[Campaign, ...]:
        """Return the campaigns that an account of the group is in."""
        mine = frozenset(self.accounts[group])
        campaigns = self.judged.evaluation.linkage.whole
        return tuple(one for one in campaigns if not mine.isdisjoint(one.account_ids))

    @cached_property
    def accounts(self) -> dict[str, tuple[str, ...]]:
        """Return the accounts of each group."""
        return dict(accounts_by_group(self.test))

    def _with(self, accounts: frozenset[str]) -> Iterator[str]:
        match self.policy.subject:
            case SubjectKind.ACCOUNT:
                yield from sorted(accounts)
            case SubjectKind.ORGANISATION:
                organisations = accounts_of_organisations(self.judged.workspace)
                yield from (
                    id_ for id_, mine in sorted(organisations.items()) if accounts & {*mine}
                )
            case SubjectKind.CAMPAIGN:
                campaigns = self.judged.evaluation.linkage.campaigns
                yield from (c.id for c in campaigns if not accounts.isdisjoint(c.account_ids))

    @cached_property
    def _compiled(self) -> Compiled:
        return compiled_for(self.judged.pack, self.policy.subject)

    @cached_property
    def _table(self) -> FactTable:
        return self.judged.evaluation.tables[self.policy.subject]
