"""On which words a finding stands: against a reading of the terms moment by moment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decide.finding import Finding, Outcome
from engine.enforce.grounds import Basis, Grounds, Standing
from engine.language.model.condition import All, Compare
from engine.language.model.measure import Count, Measure, Members
from engine.language.model.pack import Guardrails, Pack
from engine.language.model.policy import Policy, Signal
from engine.language.model.selection import EVERYTHING
from engine.language.model.terms import (
    Addendum,
    AddendumVersion,
    Clause,
    Terms,
    TermsVersion,
    Waiver,
)
from engine.language.subject import Subject
from engine.language.words import Axis, Behaviour, Operator, Severity, Status, SubjectKind

SUBJECT = Subject(SubjectKind.CAMPAIGN, "c-1")
MINE, OTHER = "org-7", "org-8"


def clause(identity: str, summary: str = "s") -> Clause:
    return Clause(identity, "1", summary, "u")


def finding(*clauses: str, measures: tuple[Measure, ...] = (Count(where=EVERYTHING),)) -> Finding:
    name = f"p{len(clauses)}"
    policy = Policy(
        name, "", 1, Status.ENFORCE, "", Behaviour.DISTILLATION, Axis.CONTENT, Severity.HIGH,
        SubjectKind.CAMPAIGN, clauses or ("t/a",), (), (),
        tuple(Signal(f"s{n}", measure) for n, measure in enumerate(measures)),
        Compare("s0", Operator.GTE, 1), (), "", (), "",
    )  # fmt: skip
    return Finding(policy, SUBJECT, {}, Outcome(All(()), holds=True))


def pack(*terms: Terms, addenda: tuple[Addendum, ...] = ()) -> Pack:
    return Pack(
        "p", "1", (), Guardrails(), terms, (), (), (), (), (), (), "", addenda=addenda
    )  # fmt: skip


def grounds(of: Pack, first: int, last: int, as_of: int | None = None) -> Grounds:
    return Grounds(of, {SUBJECT: (first, last)}, last if as_of is None else as_of)


MOMENTS = st.integers(0, 12)
STARTS = st.lists(MOMENTS, min_size=1, max_size=3, unique=True).map(sorted)
IDS = st.frozensets(st.sampled_from("ab"))


@st.composite
def documents(draw: st.DrawFn) -> Terms:
    versions = [
        TermsVersion(f"v{start}", start, tuple(clause(i, f"v{start}") for i in sorted(draw(IDS))))
        for start in draw(STARTS)
    ]
    return Terms("t", "Terms", tuple(versions))


@st.composite
def contracts(draw: st.DrawFn) -> Addendum:
    versions = []
    for start in draw(STARTS):
        own, waived = draw(IDS), draw(IDS)
        versions.append(
            AddendumVersion(
                f"a{start}",
                start,
                tuple(clause(i, f"a{start}") for i in sorted(own)),
                tuple(Waiver(i) for i in sorted(waived - own)),
            )
        )
    until = draw(st.none() | MOMENTS)
    return Addendum("acme", "Acme", "t", frozenset({MINE}), tuple(versions), until)


def stood(terms: Terms, addenda: tuple[Addendum, ...], identity: str, at: int) -> tuple[str, str]:
    """How a clause stood at a moment, and the version that says so; read off in plain words."""
    for addendum in addenda:
        begun = [v for v in addendum.versions if v.effective_us <= at]
        if begun and (addendum.until_us is None or at <= addendum.until_us):
            if identity in {c.id for c in begun[-1].clauses}:
                return "in force", begun[-1].version
            if identity in {w.clause for w in begun[-1].waives}:
                return "waived", begun[-1].version
    begun_terms = [v for v in terms.versions if v.effective_us <= at]
    if not begun_terms:
        return "unknown", ""
    there = identity in {c.id for c in begun_terms[-1].clauses}
    return ("in force", begun_terms[-1].version) if there else ("absent", "")


@settings(max_examples=300)
@given(documents(), contracts(), st.sampled_from("ab"), MOMENTS, MOMENTS)
def test_a_finding_cites_what_stood_at_any_moment_of_the_conduct(
    terms: Terms, addendum: Addendum, identity: str, one: int, other: int
) -> None:
    first, last = sorted((one, other))
    law = grounds(pack(terms, addenda=(addendum,)), first, last)
    found = finding(f"t/{identity}")
    for organisation, addenda in ((MINE, (addendum,)), (OTHER, ()), (None, ())):
        moments = [stood(terms, addenda, identity, at) for at in range(first, last + 1)]
        (told,) = law.of(found, organisation)
        assert [(g.standing.value, g.version or "") for g in told] == list(dict.fromkeys(moments))
        for ground in told:
            assert (ground.clause is not None) == (ground.standing is Standing.IN_FORCE)
            if ground.clause is not None:
                assert (ground.clause.id, ground.clause.summary) == (identity, ground.version)
        standings = {standing for standing, _ in moments}
        basis = law.basis(found, organisation)
        assert (basis is Basis.SETTLED) == (standings == {"in force"})
        assert (basis is Basis.NONE) == ("waived" in standings or standings == {"absent"})


DOCUMENT = Terms("t", "Terms", (TermsVersion("1", 10, (clause("a"), clause("b"))),))


def addendum(*waived: str, own: tuple[Clause, ...] = (), until: int | None = None) -> Addendum:
    waivers = tuple(Waiver(each) for each in waived)
    version = AddendumVersion("1", 20, own, waivers)
    return Addendum("acme", "Acme", "t", frozenset({MINE}), (version,), until)


def test_one_clause_that_binds_is_enough() -> None:
    law = grounds(pack(DOCUMENT, addenda=(addendum("a"),)), 20, 30)
    assert law.basis(finding("t/a"), MINE) is Basis.NONE
    assert law.basis(finding("t/a"), OTHER) is Basis.SETTLED
    assert law.basis(finding("t/a", "t/b"), MINE) is Basis.SETTLED
    both = grounds(pack(DOCUMENT, addenda=(addendum("a", "b"),)), 20, 30)
    assert both.basis(finding("t/a", "t/b"), MINE) is Basis.NONE
    assert both.lacking(finding("t/a", "t/b"), MINE) == (
        "terms: p2 has no ground, for addendum acme waives t/a and addendum acme waives t/b"
    )


def test_a_clause_of_an_addendum_alone_binds_nobody_else() -> None:
    law = grounds(pack(DOCUMENT, addenda=(addendum(own=(clause("more"),)),)), 20, 30)
    assert law.basis(finding("t/more"), MINE) is Basis.SETTLED
    assert law.basis(finding("t/more"), OTHER) is Basis.NONE
    assert law.lacking(finding("t/more"), OTHER) == (
        "terms: p1 has no ground, for t/more was not in force"
    )


def test_before_the_first_version_a_person_decides() -> None:
    assert grounds(pack(DOCUMENT), 0, 9).basis(finding("t/a"), None) is Basis.OPEN
    assert grounds(pack(DOCUMENT), 0, 10).basis(finding("t/a"), None) is Basis.OPEN
    assert grounds(pack(DOCUMENT), 10, 11).basis(finding("t/a"), None) is Basis.SETTLED


@pytest.mark.parametrize(
    ("windows", "period"),
    [
        ((None,), (0, 100)),
        ((30,), (70, 100)),
        ((30, 50), (50, 100)),
        ((30, None), (0, 100)),
        ((1000,), (0, 100)),
        ((), (0, 100)),
    ],
)
def test_conduct_is_what_the_longest_window_saw(
    windows: tuple[int | None, ...], period: tuple[int, int]
) -> None:
    counts = tuple(Count(where=EVERYTHING, window_us=window) for window in windows)
    found = finding(measures=(*counts, Members()))
    assert grounds(pack(DOCUMENT), 0, 100).period(found) == period


def test_a_chain_rests_on_the_conduct_of_all_its_policies() -> None:
    near = finding(measures=(Count(where=EVERYTHING, window_us=10),))
    far = finding(measures=(Count(where=EVERYTHING, window_us=60),))
    chained = replace(near, rests_on=(far.policy,))
    assert grounds(pack(DOCUMENT), 0, 100).period(chained) == (40, 100)


def test_a_subject_quiet_for_longer_than_the_window_is_still_cited() -> None:
    found = finding(measures=(Count(where=EVERYTHING, window_us=10),))
    assert grounds(pack(DOCUMENT), 0, 50, as_of=100).period(found) == (50, 50)


def test_a_waiver_ends_with_its_addendum() -> None:
    ended = pack(DOCUMENT, addenda=(addendum("a", until=40),))
    assert grounds(ended, 20, 40).basis(finding("t/a"), MINE) is Basis.NONE
    assert grounds(ended, 40, 50).basis(finding("t/a"), MINE) is Basis.NONE  # partly waived
    assert grounds(ended, 41, 50).basis(finding("t/a"), MINE) is Basis.SETTLED
