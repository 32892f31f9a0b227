"""Floor, exemptions and caps together."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.decide.finding import Answer, Climb, Finding, Outcome
from engine.enforce.action import Disposition, PlannedAction, Target
from engine.enforce.caps import limit_of
from engine.enforce.grounds import Grounds
from engine.enforce.plan import plan_actions
from engine.language.model.condition import All, Any, Compare, Found
from engine.language.model.measure import Members
from engine.language.model.pack import Exemption, Guardrails, Pack
from engine.language.model.policy import Policy, Signal
from engine.language.model.response import ActionSpec, Cap, Response, Step
from engine.language.model.terms import (
    Addendum,
    AddendumVersion,
    Clause,
    Terms,
    TermsVersion,
    Waiver,
)
from engine.language.subject import Subject
from engine.language.words import (
    ActionKind,
    Approval,
    Axis,
    Behaviour,
    Operator,
    Severity,
    Status,
    SubjectKind,
)

SUBJECT = Subject(SubjectKind.CAMPAIGN, "c-1")
THROTTLE = ActionSpec(ActionKind.THROTTLE)
NO_CAP = Cap()


def finding(axis: Axis, status: Status = Status.ENFORCE) -> Finding:
    policy = Policy(
        f"p-{axis.value}", "", 1, status, "", Behaviour.DISTILLATION, axis, Severity.HIGH,
        SubjectKind.CAMPAIGN, (), (), (), (Signal("s", Members()),),
        Compare("s", Operator.GTE, 1), (Compare("s", Operator.LT, 0),), "", (), "",
    )  # fmt: skip
    return Finding(policy, SUBJECT, {}, Outcome(All(()), holds=True))


def answer(
    *do: ActionSpec,
    approval: Approval = Approval.NONE,
    cap: Cap = NO_CAP,
    status: Status = Status.ENFORCE,
) -> Answer:
    step = Step(do, approval=approval)
    response = Response("r", "", SUBJECT.kind, All(()), (step,), cap)
    axes = (Axis.CONTENT, Axis.COORDINATION)
    found = (*(finding(axis, status) for axis in axes), finding(Axis.ACCESS))
    return Answer(response, step, SUBJECT, found)


def pack(*exemptions: Exemption, guardrails: Guardrails | None = None) -> Pack:
    return Pack("p", "1", (), guardrails or Guardrails(), (), (), (), (), (), exemptions, (), "")


def targets(count: int) -> list[Target]:
    return [Target(f"a{n:03d}", f"o{n}", frozenset()) for n in range(count)]


def plan(
    of: Pack, asked: Answer, accounts: list[Target], today: frozenset[str] = frozenset()
) -> tuple[PlannedAction, ...]:
    return plan_actions(
        of, [asked], {SUBJECT: accounts}, active_accounts=1000,
        already_today={ActionKind.THROTTLE: today}, as_of_us=100,
    )  # fmt: skip


def dispositions(planned: tuple[PlannedAction, ...]) -> set[Disposition]:
    return {action.disposition for action in planned}


@given(cap=st.integers(0, 30), accounts=st.integers(1, 30))
def test_over_a_cap_everything_is_held_and_nothing_else(cap: int, accounts: int) -> None:
    planned = plan(pack(), answer(THROTTLE, cap=Cap(accounts=cap)), targets(accounts))
    assert len(planned) == accounts
    expected = Disposition.HOLD if accounts > cap else Disposition.AUTOMATIC
    assert dispositions(planned) == {expected}


def test_a_share_caps_against_active_accounts() -> None:
    cap = Cap(share=0.01)
    assert dispositions(plan(pack(), answer(THROTTLE, cap=cap), targets(10))) == {
        Disposition.AUTOMATIC
    }
    assert dispositions(plan(pack(), answer(THROTTLE, cap=cap), targets(11))) == {Disposition.HOLD}


def test_the_daily_cap_counts_accounts_of_earlier_runs_once() -> None:
    guarded = pack(guardrails=Guardrails(per_day={ActionKind.THROTTLE: Cap(accounts=12)}))
    same = frozenset(t.account_id for t in targets(10))
    assert dispositions(plan(guarded, answer(THROTTLE), targets(10), same)) == {
        Disposition.AUTOMATIC
    }
    others = frozenset({"x1", "x2", "x3"})
    assert dispositions(plan(guarded, answer(THROTTLE), targets(10), others)) == {Disposition.HOLD}


def test_log_is_never_capped() -> None:
    guarded = pack(guardrails=Guardrails(per_run={ActionKind.THROTTLE: Cap(accounts=0)}))
    planned = plan(guarded, answer(ActionSpec(ActionKind.LOG), cap=Cap(accounts=0)), targets(3))
    assert dispositions(planned) == {Disposition.RECORD}


def exemption(**changes: object) -> Exemption:
    base = Exemption("e", "contract", "o", "b", until_us=100, organisations=frozenset({"o0"}))
    return replace(base, **changes)  # type: ignore[arg-type]


def test_an_exemption_shields_only_its_account_and_is_recorded() -> None:
    planned = plan(pack(exemption()), answer(THROTTLE, cap=Cap(accounts=2)), targets(3))
    assert [a.disposition for a in planned] == [
        Disposition.EXEMPT, Disposition.AUTOMATIC, Disposition.AUTOMATIC
    ]  # fmt: skip
    assert planned[0].reason == "exemption e: contract"


def test_an_exemption_ends() -> None:
    assert dispositions(plan(pack(exemption(until_us=99)), answer(THROTTLE), targets(1))) == {
        Disposition.AUTOMATIC
    }


def test_an_exemption_from_one_policy_does_not_shield_from_another() -> None:
    narrow = exemption(policies=frozenset({"p-content"}))
    assert dispositions(plan(pack(narrow), answer(THROTTLE), targets(1))) == {Disposition.AUTOMATIC}
    wide = exemption(behaviours=frozenset({"distillation"}))
    assert dispositions(plan(pack(wide), answer(THROTTLE), targets(1))) == {Disposition.EXEMPT}


def test_irreversible_steps_take_two_people_whatever_the_pack_says() -> None:
    (action,) = plan(pack(), answer(ActionSpec(ActionKind.TERMINATE)), targets(1))
    assert (action.approvals, action.disposition) == (2, Disposition.PROPOSE)


def test_policies_in_review_only_propose() -> None:
    (action,) = plan(pack(), answer(THROTTLE, status=Status.REVIEW), targets(1))
    assert (action.approvals, action.disposition) == (1, Disposition.PROPOSE)


def test_what_rests_on_a_finding_in_review_only_proposes() -> None:
    asked = answer(THROTTLE)
    first, *others = asked.findings
    chained = replace(first, rests_on=(finding(Axis.RHYTHM, Status.REVIEW).policy,))
    (action,) = plan(pack(), replace(asked, findings=(chained, *others)), targets(1))
    assert (action.approvals, action.disposition) == (1, Disposition.PROPOSE)


# Two findings of one answer, under a clause each; an addendum waives the first one for org `o0`.


TERMS = Terms("t", "T", (TermsVersion("1", 0, (Clause("a", "", "", ""), Clause("b", "", "", ""))),))


def waiving(clause: str) -> Addendum:
    version = AddendumVersion("1", 0, (), (Waiver(clause),))
    return Addendum("acme", "Acme", "t", frozenset({"o0"}), (version,))


def grounded(
    asked: Answer, accounts: int, *clauses: str, waived: str, when: All | Any | None = None
) -> tuple[PlannedAction, ...]:
    """Plan for accounts o0, o1, ..., the findings of the answer under a clause each."""
    found = tuple(
        replace(each, policy=replace(each.policy, clauses=(f"t/{clause}",)))
        for each, clause in zip(asked.findings, clauses, strict=True)
    )
    leaves = tuple(Outcome(Found(each.policy.name), holds=True) for each in found)
    condition = when or All(tuple(Found(each.policy.name) for each in found))
    climb = Climb(Outcome(condition, holds=True, parts=leaves), (None,), found)
    response = replace(asked.response, when=condition)
    pack_ = replace(pack(), terms=(TERMS,), addenda=(waiving(waived),))
    return plan_actions(
        pack_, [replace(asked, response=response, findings=found, climb=climb)],
        {SUBJECT: targets(accounts)}, active_accounts=1000, already_today={}, as_of_us=100,
        grounds=Grounds(pack_, {SUBJECT: (50, 100)}, 100),
    )  # fmt: skip


def test_without_a_clause_nothing_is_done_to_that_organisation_only() -> None:
    asked = answer(ActionSpec(ActionKind.LOG), THROTTLE, cap=Cap(accounts=2))
    planned = grounded(asked, 3, "a", "a", "a", waived="a")
    became = {(a.account_id, a.kind): (a.disposition, a.reason) for a in planned}
    waived = "; ".join(
        f"terms: p-{axis} has no ground, for addendum acme waives t/a"
        for axis in ("content", "coordination", "access")
    )
    assert became == {
        ("a000", ActionKind.LOG): (Disposition.RECORD, waived),
        ("a000", ActionKind.THROTTLE): (Disposition.EXEMPT, waived),
        ("a001", ActionKind.LOG): (Disposition.RECORD, ""),
        ("a001", ActionKind.THROTTLE): (Disposition.AUTOMATIC, ""),
        ("a002", ActionKind.LOG): (Disposition.RECORD, ""),
        ("a002", ActionKind.THROTTLE): (Disposition.AUTOMATIC, ""),
    }


def test_a_response_that_needs_a_finding_without_a_clause_is_not_taken() -> None:
    first, second = grounded(answer(THROTTLE), 2, "a", "b", "b", waived="a")
    assert (first.disposition, second.disposition) == (Disposition.EXEMPT, Disposition.AUTOMATIC)
    assert first.reason == "terms: p-content has no ground, for addendum acme waives t/a"


def test_what_the_other_findings_carry_is_done_all_the_same() -> None:
    asked = answer(THROTTLE)
    either = Any(tuple(Found(each.policy.name) for each in asked.findings))
    first, second = grounded(asked, 2, "b", "a", "b", waived="a", when=either)
    assert (first.disposition, second.disposition) == (Disposition.AUTOMATIC,) * 2
    assert [f.policy.name for f in first.answer.findings] == ["p-content", "p-access"]
    # But the floor counts only what is left.
    first, second = grounded(asked, 2, "a", "b", "b", waived="a", when=either)
    assert (first.disposition, second.disposition) == (Disposition.RECORD, Disposition.AUTOMATIC)
    assert first.reason == (
        "floor: no content finding; throttle not taken; "
        "terms: p-content has no ground, for addendum acme waives t/a"
    )


def test_where_a_clause_did_not_stand_all_the_time_a_person_decides() -> None:
    (action,) = grounded(answer(THROTTLE), 1, "b", "b", "b", waived="a")
    assert action.disposition is Disposition.AUTOMATIC
    late = replace(TERMS, versions=(replace(TERMS.versions[0], effective_us=60),))
    of = replace(pack(), terms=(late,))
    asked = answer(THROTTLE)
    found = tuple(
        replace(each, policy=replace(each.policy, clauses=("t/a",))) for each in asked.findings
    )
    (action,) = plan_actions(
        of, [replace(asked, findings=found)], {SUBJECT: targets(1)}, active_accounts=1000,
        already_today={}, as_of_us=100, grounds=Grounds(of, {SUBJECT: (50, 100)}, 100),
    )  # fmt: skip
    assert (action.approvals, action.disposition) == (1, Disposition.PROPOSE)


def test_what_the_floor_refuses_remains_one_record() -> None:
    asked = answer(THROTTLE, ActionSpec(ActionKind.WARN))
    weak = replace(asked, findings=asked.findings[:1])
    planned = plan(pack(), weak, targets(2))
    assert [(a.account_id, a.kind, a.disposition) for a in planned] == [
        ("a000", ActionKind.LOG, Disposition.RECORD),
        ("a001", ActionKind.LOG, Disposition.RECORD),
    ]
    assert all(a.reason.startswith("floor: no coordination or access finding") for a in planned)


def test_an_exemption_from_one_answer_does_not_shield_from_another() -> None:
    covered = answer(THROTTLE)
    other = replace(
        covered,
        response=replace(covered.response, name="s"),
        findings=tuple(
            replace(f, policy=replace(f.policy, behaviour=Behaviour.RESALE))
            for f in covered.findings
        ),
    )
    narrow = pack(exemption(behaviours=frozenset({"distillation"})))
    for answers in ([covered, other], [other, covered]):
        (action,) = plan_actions(
            narrow, answers, {SUBJECT: targets(1)}, active_accounts=1000,
            already_today={}, as_of_us=100,
        )  # fmt: skip
        assert (action.disposition, action.answer) == (Disposition.AUTOMATIC, other)


def test_what_one_cap_holds_no_other_response_lets_through() -> None:
    free, capped = answer(THROTTLE), answer(THROTTLE, cap=Cap(accounts=2))
    capped = replace(capped, response=replace(capped.response, name="s"))
    for answers in ([free, capped], [capped, free]):
        planned = plan_actions(
            pack(), answers, {SUBJECT: targets(3)}, active_accounts=1000,
            already_today={}, as_of_us=100,
        )  # fmt: skip
        assert [a.disposition for a in planned] == [Disposition.HOLD] * 3


def test_what_the_floor_refuses_is_told_even_where_the_pack_logs_as_well() -> None:
    asked = answer(ActionSpec(ActionKind.LOG), THROTTLE)
    (log,) = plan(pack(), replace(asked, findings=asked.findings[:1]), targets(1))
    assert log.kind is ActionKind.LOG
    assert log.reason == "floor: no coordination or access finding; throttle not taken"


def test_a_share_is_the_decimal_that_was_written() -> None:
    assert limit_of(Cap(share=0.29), 100) == 29  # 0.29 * 100 is 28.999… in binary
    assert limit_of(Cap(share=0.07, accounts=6), 100) == 6
