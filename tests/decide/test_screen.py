from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pytest
from deciding import ACCOUNT, GTE, LT, compare, key, policy, response, table
from hypothesis import given
from hypothesis import strategies as st

from engine.decide import screen as screen_module
from engine.decide.cases import BrokenFactError, Cases
from engine.decide.compile import BUILT_IN_KEYS, compile_kind
from engine.decide.screen import Undecided
from engine.language.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.policy import Policy
from engine.language.model.response import Response
from engine.language.subject import Subject
from engine.language.words import ActionKind, Operator
from engine.signals.facts import FactTable

Row = Mapping[str, tuple[float, float]]
STRIKE = ((5, ActionKind.WARN),)


def struck(subject: Subject) -> tuple[tuple[int, ActionKind], ...]:
    """Every other subject has one strike."""
    return STRIKE if int(subject.id[1:]) % 2 else ()


def cases(
    policies: Sequence[Policy], facts: FactTable, responses: Sequence[Response] = ()
) -> Cases:
    """Cases of accounts."""
    compiled = compile_kind(policies, responses, ACCOUNT)
    assert compiled is not None
    return Cases(compiled, facts, struck, 10)


def brute(
    condition: Condition, row: Row, found: Mapping[str, bool | None], strikes: int
) -> bool | None:
    """Evaluate a condition for one subject, by Kleene's tables."""
    match condition:
        case All(parts):
            results = [brute(part, row, found, strikes) for part in parts]
            return False if False in results else None if None in results else True
        case Any(parts):
            results = [brute(part, row, found, strikes) for part in parts]
            return True if True in results else None if None in results else False
        case Negation(part):
            inner = brute(part, row, found, strikes)
            return None if inner is None else not inner
        case Compare(signal, operator, threshold):
            low, high = row.get(key(signal), (-math.inf, math.inf))
            points = {low, high, *(p for p in (threshold, threshold + 0.1) if low <= p <= high)}
            points |= {p for p in (threshold - 0.1,) if low <= p <= high}
            results = [_holds(point, operator, threshold) for point in points]
            return results[0] if len(set(results)) == 1 else None
        case Struck(operator, threshold):
            return _holds(strikes, operator, threshold)
        case Found(name):
            return found.get(name)  # of a policy that is not judged nothing is known
        case FoundAny():
            results = list(found.values())
            return True if True in results else None if None in results else False


def _holds(value: float, operator: Operator, threshold: float) -> bool:
    return {
        "gt": value > threshold,
        "gte": value >= threshold,
        "lt": value < threshold,
        "lte": value <= threshold,
        "eq": value == threshold,
        "neq": value != threshold,
    }[operator.value]


numbers = st.sampled_from([-1.0, 0.0, 1.0, 2.0])
intervals = st.tuples(
    st.one_of(numbers, st.just(-math.inf)), st.one_of(numbers, st.just(math.inf))
).filter(lambda ends: ends[0] <= ends[1])
leaves = st.one_of(
    st.builds(Compare, st.sampled_from("ab"), st.sampled_from(Operator), numbers),
    st.builds(Struck, st.sampled_from(Operator), st.integers(0, 2), st.just(100)),
)


def trees(base: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    """Conditions over some leaves."""
    return st.recursive(
        base,
        lambda inner: st.one_of(
            st.builds(lambda parts: All(tuple(parts)), st.lists(inner, max_size=3)),
            st.builds(lambda parts: Any(tuple(parts)), st.lists(inner, max_size=3)),
            st.builds(Negation, inner),
        ),
        max_leaves=6,
    )


@given(
    trees(leaves),
    trees(leaves),
    trees(st.one_of(leaves, st.builds(Found, st.sampled_from(["p", "q", "nobody"])))),
    trees(st.one_of(st.builds(FoundAny), st.builds(Found, st.just("r")))),
    st.lists(st.dictionaries(st.sampled_from([key("a"), key("b")]), intervals), max_size=6),
)
def test_candidates_are_a_superset_and_findings_exact(
    p: Condition, q: Condition, r: Condition, answer: Condition, rows: list[Row]
) -> None:
    policies = [policy("p", p), policy("q", q), policy("r", r)]
    unknown = (-math.inf, math.inf)
    facts = table({key(name): [row.get(key(name), unknown) for row in rows] for name in "ab"})
    screened = cases(policies, facts, [response("answer", answer, None)])
    candidates = {one.case.position: one for one in screened.candidates(0)}
    undecided = 0
    for number, row in enumerate(rows):
        found: dict[str, bool | None] = {}
        for one in policies:
            found[one.name] = brute(one.condition, row, found, number % 2)
        undecided += found["r"] is None
        held = {name for name, holds in found.items() if holds}
        if number in candidates:
            names = {screened.compiled.policies[n].name for n in candidates[number].known.holding}
            assert names == held
        else:
            assert not held
            assert brute(answer, row, found, number % 2) is not True
    counted = screened.screen.undecided.get("r", Undecided(0, {}))
    assert counted.subjects == undecided


def test_undecided_subjects_and_the_signals_to_blame() -> None:
    facts = table(
        {
            key("a"): [(0, 9), (5, 9), (0, 9), (0, 1)],
            key("b"): [(1, 1), (-math.inf, math.inf), (-math.inf, math.inf), (0, 9)],
        }
    )
    both = policy("both", All((compare("a", GTE, 5), compare("b", GTE, 1), compare("c", LT, 2))))
    after = policy("after", Negation(Found("both")))
    screened = cases([both, after], facts)
    assert [one.case.position for one in screened.candidates(0)] == [3]
    assert screened.screen.undecided == {
        "after": Undecided(3, {}),
        "both": Undecided(3, {"a": 2, "b": 2, "c": 3}),
    }


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = table({key("a"): [(number % 7, number % 7 + 1) for number in range(1000)]})
    policies = [policy("p", Any((compare("a", GTE, 5), Struck(GTE, 1, 100))), compare("a", LT, 1))]

    def screened() -> tuple[object, ...]:
        made = cases(policies, facts)
        return list(made.candidates(0)), made.screen.undecided

    whole = screened()
    monkeypatch.setattr(screen_module, "_CELLS", 1)
    assert screened() == whole


def test_only_the_rulesets_and_numbers_that_matter_are_sent() -> None:
    policies = [policy(f"p{n:02}", compare("abcdefgh"[n // 8], GTE, n)) for n in range(64)]
    facts = table({key(name): [(-1, -1), (100, 100)] for name in "abcdefgh"})
    (only,) = cases(policies, facts).candidates(0)
    assert only.case.reads.keys() == {0, 1}
    assert only.case.numbers == {key(name): (100.0, 100.0) for name in "abcdefgh"}
    facts = table({key(name): [(8 * place, 8 * place)] for place, name in enumerate("ab")})
    (only,) = cases(policies, facts).candidates(0)
    assert only.case.reads == {0: tuple(sorted((key("a"), key("b"))))}
    assert only.case.numbers == {key("a"): (0.0, 0.0), key("b"): (8.0, 8.0)}
    assert only.known.holding == {0, 8}


def test_that_a_policy_fails_is_asked_only_where_somebody_reads_it() -> None:
    policies = [policy(name, compare(name, GTE, 1)) for name in "ab"]
    policies.append(policy("c", All((compare("c", GTE, 1), Negation(Found("a"))))))
    facts = table({key("a"): [(0, 0)] * 2, key("b"): [(1, 1)] * 2, key("c"): [(0, 0), (1, 1)]})
    alone, denying = cases(policies, facts).candidates(0)
    assert alone.case.numbers == {key("b"): (1.0, 1.0)}
    assert denying.case.numbers == {
        key("a"): (0.0, 0.0),
        key("b"): (1.0, 1.0),
        key("c"): (1.0, 1.0),
    }
    assert denying.known.holding == {1, 2}


def test_responses_alone_make_candidates() -> None:
    members = BUILT_IN_KEYS["members"]
    facts = table({members: [(5, 5), (20, 20), (0, 99)]})
    ladder = response("r", compare("members", GTE, 20), Struck(GTE, 1, 100))
    (only,) = cases([], facts, [ladder]).candidates(0)
    assert only.case.position == 1
    assert only.case.numbers == {members: (20.0, 20.0), "k0": (1.0, 1.0)}
    assert only.answering == {0}


@pytest.mark.parametrize(
    "interval",
    [(2.0, 1.0), (math.nan, 1.0), (0.0, math.nan), (math.inf, math.inf), (-math.inf, -math.inf)],
)
def test_what_is_no_interval_is_refused(interval: tuple[float, float]) -> None:
    facts = table({key("a"): [(0.0, 1.0), interval], key("b"): [(0.0, 0.0), interval]})
    with pytest.raises(BrokenFactError, match=r"of account 's00001' is no interval"):
        cases([policy("p", compare("a", GTE, 1))], facts)
    with pytest.raises(BrokenFactError, match="is no interval"):
        cases([policy("p", All((compare("b", GTE, 1), Negation(compare("b", LT, 1)))))], facts)
    assert not list(cases([policy("p", compare("c", GTE, 1))], facts).candidates(0))


def test_a_table_without_subjects() -> None:
    for facts in (table({}), table({key("a"): []})):
        assert list(cases([policy("p", compare("a", GTE, 1))], facts).candidates(0)) == []
