"""What a policy has shown, the bound of its wrong hits, and whether that is enough."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.authoring.promote.bound import upper_bound
from engine.authoring.promote.criteria import assess
from engine.authoring.promote.shown import Shown, shown
from engine.language.load import find_rules, require_pack
from engine.language.meaning import meanings
from engine.language.model.condition import Compare, Found, FoundAny, Negation
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.model.promotion import Promotion, ReviewCriteria, ShadowCriteria
from engine.language.moments import parse_instant
from engine.language.words import Axis, Operator, Severity, Status
from engine.ledger.records import CaseRecord, FindingRecord, RunRecord


def tail(wrong: int, of: int, share: float) -> float:
    """The probability of at most that many wrong ones among so many."""
    terms = (math.comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(wrong + 1))
    return math.fsum(terms)


@settings(max_examples=150)
@given(st.data(), st.integers(1, 80), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_the_bound_is_the_largest_share_that_is_not_refuted(
    data: st.DataObject, of: int, confidence: float
) -> None:
    wrong = data.draw(st.integers(0, of))
    bound = upper_bound(wrong, of, confidence)
    if wrong == of:
        assert bound == 1
        return
    assert tail(wrong, of, bound) == pytest.approx(1 - confidence, abs=1e-9)
    assert tail(wrong, of, bound + 1e-6) < 1 - confidence


def test_bounds_that_stand_in_tables() -> None:
    assert upper_bound(0, 59, 0.95) == pytest.approx(1 - 0.05 ** (1 / 59))
    assert upper_bound(0, 59, 0.95) < 0.05 < upper_bound(0, 58, 0.95)  # the rule of three
    assert upper_bound(1, 10, 0.975) == pytest.approx(0.4450, abs=5e-5)  # Clopper and Pearson
    assert upper_bound(0, 0, 0.95) == 1


@dataclass
class Books:
    """A ledger's answers."""

    made_runs: list[RunRecord]
    made_findings: list[FindingRecord]
    made_cases: list[CaseRecord]

    def runs(self) -> list[RunRecord]:
        return self.made_runs

    def findings(self, *, policy: str | None = None) -> list[FindingRecord]:
        return [found for found in self.made_findings if found.policy == policy]

    def cases(self) -> list[CaseRecord]:
        return self.made_cases


@pytest.fixture(scope="module")
def pack() -> Pack:
    return require_pack(find_rules())


def judged(
    number: int, day: str, status: str, meaning: str | None, pack: str = "excise-default"
) -> RunRecord:
    """A run that judged `p`."""
    line = {"policy": "p", "status": status, "meaning": meaning}
    lines = [{key: value for key, value in line.items() if value is not None}]
    report = json.dumps({"policies": [*lines, {"policy": "other", "meaning": "?"}]})
    when = parse_instant(day)
    return RunRecord(f"run-{number}", pack, "1", "d", "1", "i", when, None, None, 0, report)


def found(number: int, run: int, subject: str, case: str | None = None) -> FindingRecord:
    return FindingRecord(
        f"finding-{number}", f"run-{run}", case, "p", 1, "s", "b", "a", "high", "account", subject,
        0, 0, 0, "[]", "", "", "", 1, "{}",
    )  # fmt: skip


def case(case_id: str, status: str) -> CaseRecord:
    return CaseRecord(
        case_id, "run-1", "r", "b", "high", "account", "a", None, 1, "t", status, 1, 0, 0, 0
    )


def at(pack: Pack, status: Status) -> tuple[Pack, Policy]:
    policy = replace(pack.policies[0], name="p", status=status)
    return replace(pack, policies=(policy,)), policy


def test_only_the_present_status_and_meaning_count(pack: Pack) -> None:
    runs = [
        judged(1, "2026-06-01", "shadow", "m"),
        judged(2, "2026-06-02T01:00", "shadow", "other"),
        judged(3, "2026-06-02T02:00", "shadow", "m"),
        judged(4, "2026-06-03", "draft", "m"),
        judged(5, "2026-06-04T10:00", "shadow", "m"),
        judged(6, "2026-06-04T20:00", "shadow", "m"),
        judged(7, "2026-06-05", "shadow", "m", pack="elsewhere"),
    ]
    findings = [
        found(n, run, subject) for n, (run, subject) in enumerate([(1, "x"), (3, "a"), (5, "a")])
    ]
    seen = shown(Books(runs, findings, []), *at(pack, Status.SHADOW), "m")
    assert seen == Shown(
        days=("2026-06-02", "2026-06-04"), runs=3, findings=2, subjects=1,
        restarted="2026-06-02T01:00:00Z",
    )  # fmt: skip
    # The order in which runs were recorded is moot, and so is a run of another policy.
    assert shown(Books(runs[::-1], findings, []), *at(pack, Status.SHADOW), "m") == seen
    assert shown(Books(runs, findings, []), *at(pack, Status.SHADOW), "new").days == ()


def test_a_run_that_does_not_say_what_it_meant_restarts_the_clock(pack: Pack) -> None:
    runs = [judged(1, "2026-06-01", "shadow", "m"), judged(2, "2026-06-02", "shadow", None)]
    runs.append(judged(3, "2026-06-03", "shadow", "m"))
    assert shown(Books(runs, [], []), *at(pack, Status.SHADOW), "m").days == ("2026-06-03",)


def test_a_case_counts_once_when_it_is_decided(pack: Pack) -> None:
    runs = [judged(1, "2026-06-01", "review", "m"), judged(2, "2026-06-02", "review", "m")]
    findings = [
        found(1, 1, "a", "right"), found(2, 2, "a", "right"), found(3, 1, "b", "wrong"),
        found(4, 1, "c", "open"), found(5, 2, "d", "half"), found(6, 2, "e", None),
    ]  # fmt: skip
    cases = [
        case("right", "approved"), case("wrong", "rejected"), case("open", "open"),
        case("half", "awaiting_second"), case("of another policy", "rejected"),
    ]  # fmt: skip
    seen = shown(Books(runs, findings, cases), *at(pack, Status.REVIEW), "m")
    assert (seen.subjects, seen.cases, seen.reviewed, seen.wrong) == (5, 4, 2, 1)
    assert shown(Books(runs, findings, cases), *at(pack, Status.SHADOW), "m").cases == 0


def days(count: int) -> tuple[str, ...]:
    return tuple(f"2026-06-{day + 1:02}" for day in range(count))


@pytest.mark.parametrize(
    ("criteria", "seen", "met"),
    [
        (ShadowCriteria(14), Shown(days(14)), [True]),
        (ShadowCriteria(14), Shown(days(13)), [False]),
        (ShadowCriteria(2, 5), Shown(days(2), subjects=5), [True, True]),
        (ShadowCriteria(2, 5), Shown(days(2), findings=9, subjects=4), [True, False]),
        (ReviewCriteria(59, 0.05), Shown(reviewed=59), [True, True]),
        (ReviewCriteria(59, 0.05), Shown(reviewed=58), [False, False]),
        (ReviewCriteria(50, 0.05), Shown(reviewed=58), [True, False]),
        (ReviewCriteria(59, 0.05), Shown(reviewed=59, wrong=1), [True, False]),
        (ReviewCriteria(59, 0.05), Shown(reviewed=93, wrong=1), [True, True]),
        (ReviewCriteria(59, 0.05, 0.99), Shown(reviewed=89), [True, False]),
        (ReviewCriteria(1, 0.05, 0.99), Shown(reviewed=90), [True, True]),
        (ReviewCriteria(1, 0.9, days=7), Shown(days(6), reviewed=2), [False, True, True]),
        (ReviewCriteria(1, 0.9), Shown(), [False, False]),
    ],
)
def test_criteria_are_held_against_what_was_shown(
    criteria: ShadowCriteria | ReviewCriteria, seen: Shown, met: list[bool]
) -> None:
    assert [each.met for each in assess(criteria, seen)] == met


# What a policy means.


def meaning(policies: tuple[Policy, ...], pack: Pack) -> str:
    return meanings(replace(pack, policies=policies))["reasoning-harness"]


def test_words_tests_and_criteria_change_no_meaning(pack: Pack) -> None:
    changes: dict[str, object] = {
        "title": "t", "version": 9, "status": Status.ENFORCE, "owner": "o", "clauses": ("t/x",),
        "references": (), "explain": "e", "tests": (), "text": "", "select": (),
        "promotion": Promotion(ShadowCriteria(1)),
    }  # fmt: skip
    before = meanings(pack)
    for policy in pack.policies:
        changed = replace(policy, **changes)  # type: ignore[arg-type]
        others = tuple(changed if one is policy else one for one in pack.policies)
        assert meanings(replace(pack, policies=others))[policy.name] == before[policy.name]


def test_what_decides_whom_it_finds_changes_its_meaning(pack: Pack) -> None:
    own = next(policy for policy in pack.policies if policy.name == "reasoning-harness")
    compared = Compare("demanding", Operator.GTE, 1)
    changed = [
        replace(own, when=compared),
        replace(own, unless=()),
        replace(own, signals=own.signals[::-1]),
        replace(own, axis=Axis.ACCESS),
        replace(own, severity=Severity.LOW),
    ]
    meant = [meaning((one,), pack) for one in (own, *changed)]
    meant.append(meanings(replace(pack, policies=(own,), links=()))[own.name])
    assert len(set(meant)) == len(meant)


def test_a_change_of_a_policy_that_is_asked_about_is_a_change_of_meaning(pack: Pack) -> None:
    own, *others = sorted(pack.policies, key=lambda one: one.name != "reasoning-harness")
    other = next(one for one in others if one.subject is own.subject)
    described = FoundAny(frozenset({other.behaviour}), frozenset({other.axis}))
    changed = replace(other, when=Negation(other.when))
    for leaf in (Found(other.name), described):
        chained = replace(own, when=Negation(leaf), status=Status.REVIEW)
        assert meaning((chained, other), pack) != meaning((chained, changed), pack)
        # Whether it is told of the findings counts; what else the other's status says does not.
        acting, shadow = (replace(other, status=s) for s in (Status.ENFORCE, Status.SHADOW))
        review = replace(other, status=Status.REVIEW)
        assert meaning((chained, acting), pack) == meaning((chained, review), pack)
        assert meaning((chained, acting), pack) != meaning((chained, shadow), pack)
        tried = replace(chained, status=Status.SHADOW)
        assert meaning((tried, acting), pack) == meaning((tried, shadow), pack)
    assert meaning((own, other), pack) == meaning((own, changed), pack)
