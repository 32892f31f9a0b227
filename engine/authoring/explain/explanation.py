"""Everything that explains one subject: trees, clauses, extent, and what they were judged from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.authoring.explain.reasons import Reasons, reasons_of
from engine.authoring.explain.tree import Answered, Explained, policies, responses
from engine.authoring.judging import Judged
from engine.batch.cases import Extent
from engine.batch.citations import citations
from engine.batch.evidence import Evidence, SubjectAccount
from engine.batch.explanation import explain
from engine.decide.cases import PastActions
from engine.decide.compile import Compiled, compile_pack
from engine.decide.finding import Finding, Outcome
from engine.decide.trace import Tracer, fact_of
from engine.enforce.grounds import Grounds
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.language.words import Status, SubjectKind
from engine.signals.facts import FactTable

VERDICT: Mapping[bool | None, str] = {True: "finding", False: "no finding", None: "undecided"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one policy holds for a subject, or does not."""

    subject: Subject
    policies: tuple[Explained, ...]
    """The policy asked for; after it those whose findings it rests on."""
    responses: tuple[Answered, ...]
    """Of the subject's kind, where they were asked for."""
    clauses: Sequence[Mapping[str, object]]
    """Those of the policy, in the words that stood when the conduct happened."""
    reasons: Reasons
    """Why values are not known."""
    extent: Extent | None
    """None where none of its accounts was active by then."""
    accounts: tuple[SubjectAccount, ...]
    """Those that were, in order, each with what ties it to a campaign."""
    as_of_us: int
    since_us: int | None
    written: Status | None = None
    """The status in the policy's file where it is another than the one explained."""

    @property
    def policy(self) -> Explained:
        """Return the policy that was asked for."""
        return self.policies[0]

    @property
    def verdict(self) -> str:
        """Return `finding`, `no finding` or `undecided`."""
        return VERDICT[self.policy.holds]

    @property
    def sentence(self) -> str:
        """Return the policy's own sentence with the subject's numbers in it."""
        one = self.policy
        outcome = Outcome(one.policy.condition, one.holds)
        return explain(Finding(one.policy, self.subject, one.facts, outcome))


def tracer_of(
    compiled: Compiled,
    table: FactTable,
    id_: str,
    *,
    strikes: PastActions | None,
    as_of_us: int,
) -> Tracer:
    """Return how every policy came out for a subject of a table."""
    past = () if strikes is None else strikes(Subject(compiled.kind, id_))
    row = bisect_left(table.subjects, id_)
    return Tracer(compiled, fact_of(table, row), past, as_of_us)


def compiled_for(pack: Pack, kind: SubjectKind) -> Compiled:
    """Return what decides about a kind of subject that some policy of the pack judges."""
    return next(one for one in compile_pack(pack) if one.kind is kind)


def explanation(
    judged: Judged, policy: Policy, subject: Subject, *, answered: bool = False
) -> Explanation:
    """Return why a policy of the pack that was judged holds for a subject, or does not.

    `policy` is the policy as its file has it: a draft was judged as in shadow.
    """
    tracer = tracer_of(
        compiled_for(judged.pack, subject.kind),
        judged.evaluation.tables[subject.kind],
        subject.id,
        strikes=judged.strikes,
        as_of_us=judged.as_of_us,
    )
    explained = policies(tracer, policy.name)
    evidence = evidence_of(judged, subject)
    extent = evidence.extents.get(subject)
    return Explanation(
        subject,
        explained,
        responses(tracer) if answered else (),
        _cited(judged, explained, evidence, subject),
        reasons_of(judged, subject, explained),
        extent,
        evidence.accounts.get(subject, ()),
        judged.as_of_us,
        judged.since_us,
        None if policy.status is explained[0].policy.status else policy.status,
    )


def evidence_of(judged: Judged, subject: Subject) -> Evidence:
    """Return when a subject was active, and with which accounts."""
    campaigns = judged.evaluation.linkage.campaigns
    return Evidence(judged.workspace, [subject], campaigns, judged.as_of_us)


def _cited(
    judged: Judged, explained: Sequence[Explained], evidence: Evidence, subject: Subject
) -> Sequence[Mapping[str, object]]:
    """Return what a finding would cite: also of who has none."""
    one, *asked = explained
    rests_on = tuple(other.policy for other in asked if other.holds)
    outcome = Outcome(one.policy.condition, one.holds)
    finding = Finding(one.policy, subject, one.facts, outcome, rests_on)
    extent = evidence.extents.get(subject)
    period = (extent.first_us, extent.last_us) if extent else (judged.as_of_us, judged.as_of_us)
    grounds = Grounds(judged.pack, {subject: period}, judged.as_of_us)
    return citations(finding, grounds, evidence.organisations(subject) if extent else (None,))
