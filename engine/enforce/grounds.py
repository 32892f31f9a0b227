"""On which words of the terms a finding stands, for the accounts of one organisation or another.

A finding rests on conduct over a time, and cites what stood then: every version that was in force
meanwhile, for accounts under an addendum the addendum's words. A clause that an addendum waived at
any moment of it gives no ground, because what was counted cannot be taken apart again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from engine.decide.finding import Finding
from engine.language.model.measure import (
    Approved,
    Cohort,
    MemberCohort,
    Members,
    Organisations,
    Payers,
    Portion,
)
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.model.terms import Addendum, Clause, Terms
from engine.language.subject import Subject
from engine.language.walk import walk_measure

Period = tuple[int, int]
"""The first and the last moment of something, both included, in microseconds UTC."""


_TIMELESS = Members | Payers | Organisations | Portion | Approved | Cohort | MemberCohort
"""Measures of what accounts are, and comparisons of what other measures came to."""


class Standing(Enum):
    """How a clause stood at a moment."""

    IN_FORCE = "in force"
    WAIVED = "waived"
    ABSENT = "absent"  # the version in force had no such clause
    UNKNOWN = "unknown"  # the document has no version for a time so early


class Basis(Enum):
    """Whether a finding may act on some accounts."""

    SETTLED = "settled"  # a clause was in force during all of the conduct
    OPEN = "open"  # during a part of it, or as far as is known: a person must decide
    NONE = "none"  # no clause bound them


@dataclass(frozen=True, slots=True)
class Ground:
    """How a clause stood, and in whose words."""

    reference: str
    standing: Standing
    source: str
    """The title of the document, or of the addendum that speaks instead of it."""
    version: str | None = None
    effective_us: int | None = None
    clause: Clause | None = None
    addendum: str | None = None
    """The name of the addendum that speaks instead of the document."""


class Grounds:
    """The terms of a pack over the conduct that findings rest on."""

    def __init__(self, pack: Pack, conduct: Mapping[Subject, Period], as_of_us: int) -> None:
        """Take the terms; `conduct` tells when the subjects of findings were active."""
        self._terms = {terms.name: terms for terms in pack.terms}
        self._addenda: dict[str, list[Addendum]] = defaultdict(list)
        for addendum in pack.addenda:
            self._addenda[addendum.amends].append(addendum)
        self._conduct, self._as_of_us = conduct, as_of_us
        self._amended: dict[str, frozenset[str]] = {}
        named = (organisation for a in pack.addenda for organisation in a.organisations)
        self._named = frozenset(named)
        self._known: dict[tuple[str, Subject, str | None], tuple[tuple[Ground, ...], ...]] = {}

    def of(self, finding: Finding, organisation: str | None) -> tuple[tuple[Ground, ...], ...]:
        """Return for each clause of the policy how it stood for an organisation, in order of time.

        None asks for accounts that no addendum concerns.
        """
        policy = finding.policy
        amended = organisation if organisation in self.amended(policy) else None
        key = (policy.name, finding.subject, amended)
        if key not in self._known:
            period = self.period(finding)
            self._known[key] = tuple(
                self._grounds(reference, amended, period) for reference in policy.clauses
            )
        return self._known[key]

    def concerned(self, organisation: str | None) -> str | None:
        """Return the organisation when an addendum names it: all others stand alike."""
        return organisation if organisation in self._named else None

    def amended(self, policy: Policy) -> frozenset[str]:
        """Return the organisations for which an addendum changes a document that is cited."""
        if policy.name not in self._amended:
            self._amended[policy.name] = frozenset(
                organisation
                for reference in policy.clauses
                for addendum in self._addenda.get(reference.partition("/")[0], ())
                for organisation in addendum.organisations
            )
        return self._amended[policy.name]

    def basis(self, finding: Finding, organisation: str | None) -> Basis:
        """Return whether the finding may act on the accounts of an organisation."""
        if not finding.policy.clauses:
            return Basis.SETTLED
        bases = {_basis(grounds) for grounds in self.of(finding, organisation)}
        return next(basis for basis in Basis if basis in bases)

    def lacking(self, finding: Finding, organisation: str | None) -> str:
        """Return why a finding has no basis for the accounts of an organisation."""
        grounds = (ground for each in self.of(finding, organisation) for ground in each)
        reasons = dict.fromkeys(filter(None, map(_reason, grounds)))
        return f"terms: {finding.policy.name} has no ground, for {' and '.join(reasons)}"

    def period(self, finding: Finding) -> Period:
        """Return the conduct that a finding rests on: its policies' longest window, or all."""
        first_us, last_us = self._conduct[finding.subject]
        lengths = [
            length for policy in (finding.policy, *finding.rests_on) for length in _windows(policy)
        ]
        if not lengths or None in lengths:
            return first_us, last_us
        longest = max(length for length in lengths if length is not None)
        return min(max(first_us, self._as_of_us - longest), last_us), last_us

    def _grounds(
        self, reference: str, organisation: str | None, period: Period
    ) -> tuple[Ground, ...]:
        name, _, clause = reference.partition("/")
        terms = self._terms[name]
        mine = [a for a in self._addenda.get(name, ()) if organisation in a.organisations]
        moments = [period[0], *(at for at in _changes(terms, mine) if period[0] < at <= period[1])]
        found = (_at(reference, clause, terms, mine, at) for at in sorted(moments))
        return tuple(dict.fromkeys(found))


def _basis(grounds: Iterable[Ground]) -> Basis:
    standings = {ground.standing for ground in grounds}
    if Standing.WAIVED in standings or standings == {Standing.ABSENT}:
        return Basis.NONE
    return Basis.SETTLED if standings == {Standing.IN_FORCE} else Basis.OPEN


def _windows(policy: Policy) -> Iterator[int | None]:
    """Yield how far back the measures of exchanges look; None for the whole period of the run."""
    for signal in policy.signals:
        for measure in walk_measure(signal.measure):
            if not isinstance(measure, _TIMELESS):
                yield measure.window_us


def _changes(terms: Terms, addenda: Iterable[Addendum]) -> Iterator[int]:
    """Yield the moments from which on something else may stand."""
    yield from (version.effective_us for version in terms.versions)
    for addendum in addenda:
        yield from (version.effective_us for version in addendum.versions)
        if addendum.until_us is not None:
            yield addendum.until_us + 1


def _at(
    reference: str, clause: str, terms: Terms, addenda: Iterable[Addendum], at_us: int
) -> Ground:
    for addendum in addenda:
        amending = addendum.in_force(at_us)
        own = amending.clause(clause) if amending else None
        if amending and (own or amending.waiver(clause)):
            return Ground(
                reference, Standing.IN_FORCE if own else Standing.WAIVED, addendum.title,
                amending.version, amending.effective_us, own, addendum.name,
            )  # fmt: skip
    version = terms.in_force(at_us)
    if version is None:
        return Ground(reference, Standing.UNKNOWN, terms.title)
    written = version.clause(clause)
    if written is None:
        return Ground(reference, Standing.ABSENT, terms.title)
    return Ground(
        reference, Standing.IN_FORCE, terms.title, version.version, version.effective_us, written
    )


def _reason(ground: Ground) -> str:
    match ground.standing:
        case Standing.WAIVED:
            return f"addendum {ground.addendum} waives {ground.reference}"
        case Standing.ABSENT:
            return f"{ground.reference} was not in force"
    return ""
