"""A candidate pack over stored activity, against the live pack and reviewers' past decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.authoring.backtest.matching import Matched, by_accounts, by_name
from engine.authoring.backtest.reach import reach
from engine.authoring.backtest.result import Backtest, Deciding, Hit, Linking, PolicyResult
from engine.authoring.backtest.side import Side, packs_of, side
from engine.authoring.bench.bench import Bench
from engine.authoring.diff.documents import documents
from engine.authoring.reviews import Review, Reviews, precision
from engine.batch.past import Past
from engine.language.canonical import digest
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.language.words import SubjectKind
from engine.ledger.queries import Queries

Pair = tuple[Policy, Policy | None, Policy | None]
"""A policy; what it is in the candidate, and in the live pack."""


class Backtester:
    """A live pack over the bench's activity, beside which candidates are put one by one.

    The live pack is judged once, as a run judges it. Past decisions and strikes are those of the
    ledger, read once.
    """

    def __init__(self, bench: Bench, live: Pack, ledger: Queries | None) -> None:
        """Prepare; nothing is measured before the first candidate comes."""
        self._bench, self._live, self._past = bench, live, Past(ledger)
        self._reviews = None if ledger is None else Reviews(ledger)
        self._before: Side | None = None

    def backtest(self, candidate: Pack, *, listed: int) -> Backtest:
        """Judge by a candidate as a run does, and by its drafts as they would be in shadow.

        Of each policy's new hits, of those that are gone, and of the others, the first `listed`
        come with the values that decided.
        """
        packs = packs_of(candidate, with_drafts=True)
        self._bench.measured([*packs, self._live])
        if self._before is None:
            self._before = side(self._bench, self._live, self._past, with_drafts=False)
        same = len(packs) == 1 and digest(candidate) == digest(self._live)
        after = self._before if same else self._after(candidate)
        comparison = _Comparison(after, self._before, self._reviews, listed)
        return Backtest(
            candidate,
            self._live,
            self._bench.as_of_us,
            self._bench.since_us,
            self._bench.intake.tables["exchanges"].kept,
            self._bench.active_accounts,
            self._reviews is not None,
            comparison.linking(),
            tuple(sorted(comparison.policies(), key=lambda one: one.name)),
            reach(after, self._before),
        )

    def _after(self, candidate: Pack) -> Side:
        return side(self._bench, candidate, self._past, with_drafts=True)


class _Comparison:
    """Both sides, policy by policy."""

    def __init__(self, after: Side, before: Side, reviews: Reviews | None, listed: int) -> None:
        self._after, self._before = after, before
        self._reviews, self._listed = reviews, listed
        self._same_links = digest(after.pack.links) == digest(before.pack.links)

    def linking(self) -> Linking:
        after, before = self._after.linkage.whole, self._before.linkage.whole
        known = {campaign.account_ids for campaign in before}
        kept = sum(campaign.account_ids in known for campaign in after)
        return Linking(self._same_links, len(after), len(before), kept)

    def policies(self) -> Iterator[PolicyResult]:
        for policy, candidate, live in _pairs(self._after.pack, self._before.pack):
            yield self._policy(policy, candidate, live)

    def _policy(
        self, policy: Policy, candidate: Policy | None, live: Policy | None
    ) -> PolicyResult:
        name = policy.name
        hits = self._after.subjects(name) if candidate else ()
        hits_before = self._before.subjects(live.name if live else "")
        matched = self._matched(hits, hits_before)
        trial = self._after.trials.get(name) if candidate else None
        line = trial.lines[name] if trial else None
        newly, unchanged = (
            self._hits(self._after, subjects, candidate, live)
            for subjects in (matched.newly, matched.unchanged)
        )
        after = _accounts(self._after, hits)
        before = _accounts(self._before, hits_before)
        return PolicyResult(
            name,
            policy.subject,
            candidate,
            live,
            line.judged if line else 0,
            line.undecided if line else 0,
            line.because if line else (),
            line.lacking if line else (),
            newly,
            self._hits(self._before, matched.gone, candidate, live),
            unchanged,
            len(after),
            len(after - before),
            len(before - after),
            precision(hit.review for hit in (*newly, *unchanged)),
        )

    def _matched(self, hits: Sequence[Subject], before: Sequence[Subject]) -> Matched:
        kinds = {subject.kind for subject in (*hits, *before)}
        if self._same_links or SubjectKind.CAMPAIGN not in kinds:
            return by_name(hits, before)
        return by_accounts(hits, before, self._after.accounts, self._before.accounts)

    def _hits(
        self,
        found_by: Side,
        subjects: Sequence[Subject],
        candidate: Policy | None,
        live: Policy | None,
    ) -> tuple[Hit, ...]:
        hits = [self._hit(found_by, subject, candidate, live) for subject in subjects]
        hits.sort(key=lambda hit: (not hit.rejected, -hit.accounts, hit.subject.id))
        return tuple(
            self._explained(hit, candidate) if place < self._listed else hit
            for place, hit in enumerate(hits)
        )

    def _hit(
        self, found_by: Side, subject: Subject, candidate: Policy | None, live: Policy | None
    ) -> Hit:
        accounts = found_by.accounts(subject)
        return Hit(subject, len(accounts), self._review(subject, accounts, candidate, live))

    def _review(
        self,
        subject: Subject,
        accounts: frozenset[str],
        candidate: Policy | None,
        live: Policy | None,
    ) -> Review | None:
        policy = candidate or live
        if self._reviews is None or policy is None:
            return None
        return self._reviews.of(policy, subject, accounts, live.name if live else policy.name)

    def _explained(self, hit: Hit, candidate: Policy | None) -> Hit:
        """Add how the candidate came out; a policy it no longer has came out no way."""
        trial = self._after.trials.get(candidate.name) if candidate else None
        found = trial.explained(candidate, hit.subject) if trial and candidate else None
        if found is None:
            return replace(hit, deciding=(), holds=False)
        deciding = [Deciding(leaf, clears=False) for leaf in found.when.leaves]
        deciding += [Deciding(leaf, clears=True) for root in found.unless for leaf in root.leaves]
        return replace(hit, deciding=tuple(deciding), holds=found.holds)


def _pairs(candidate: Pack, live: Pack) -> Iterator[Pair]:
    policies = next(kind for kind in documents(live, candidate) if kind.kind == "policy")
    yield from ((after, after, before) for before, after in policies.pairs)
    yield from ((after, after, None) for after in policies.added)
    yield from ((before, None, before) for before in policies.removed)


def _accounts(found_by: Side, subjects: Sequence[Subject]) -> frozenset[str]:
    return frozenset[str]().union(*map(found_by.accounts, subjects))
