from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
from deciding import EQ, GT, GTE, LT, LTE, NEQ, compare
from hypothesis import given
from hypothesis import strategies as st

from engine.decide.formula import FALSE, TRUE, Both, Comparison, Formula, Leaf, formula
from engine.decide.program import Bound, End, Interval, NumberPattern
from engine.language.model.condition import All, Any, Compare, Condition, Found, Negation
from engine.language.words import Operator


def resolve(leaf: Leaf) -> Comparison | bool:
    """Signals stand for themselves; a finding is a constant: held when it is named so."""
    if isinstance(leaf, Found):
        return leaf.policy == "held"
    assert isinstance(leaf, Compare)
    return Comparison(leaf.signal, leaf.operator, leaf.threshold)


def true(made: Formula, numbers: Mapping[str, Interval]) -> bool:
    """Evaluate a formula over intervals."""
    if isinstance(made, NumberPattern):
        return all(bound.admits(numbers[made.name]) for bound in made.bounds)
    results = [true(part, numbers) for part in made.parts]
    return all(results) if isinstance(made, Both) else any(results)


def kleene(condition: Condition, numbers: Mapping[str, Interval]) -> bool | None:
    """Evaluate a condition over intervals, by the definition of certainty."""
    match condition:
        case All(parts):
            results = [kleene(part, numbers) for part in parts]
            return False if False in results else None if None in results else True
        case Any(parts):
            results = [kleene(part, numbers) for part in parts]
            return True if True in results else None if None in results else False
        case Negation(part):
            inner = kleene(part, numbers)
            return None if inner is None else not inner
        case Compare(signal, operator, threshold):
            low, high = numbers[signal]
            possible = {
                holds(value, operator, threshold)
                for value in (low, high, threshold, threshold - 0.25, threshold + 0.25)
                if low <= value <= high
            }
            return None if len(possible) == 2 else possible.pop()
    return resolve(condition) is True


def holds(value: float, operator: Operator, threshold: float) -> bool:
    """Compare two numbers."""
    return {
        GT: value > threshold,
        GTE: value >= threshold,
        LT: value < threshold,
        LTE: value <= threshold,
        EQ: value == threshold,
        NEQ: value != threshold,
    }[operator]


numbers = st.sampled_from([-1.0, 0.0, 0.5, 1.0, 2.0])
intervals = st.tuples(
    st.one_of(numbers, st.just(-math.inf)), st.one_of(numbers, st.just(math.inf))
).filter(lambda ends: ends[0] <= ends[1])
leaves = st.one_of(
    st.builds(Compare, st.sampled_from("abc"), st.sampled_from(Operator), numbers),
    st.builds(Found, st.sampled_from(["held", "not held"])),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda parts: All(tuple(parts)), st.lists(inner, max_size=4)),
        st.builds(lambda parts: Any(tuple(parts)), st.lists(inner, max_size=4)),
        st.builds(Negation, inner),
    ),
    max_leaves=12,
)


@given(conditions, st.fixed_dictionaries(dict.fromkeys("abc", intervals)))
def test_holds_and_fails_are_certainty(condition: Condition, known: Mapping[str, Interval]) -> None:
    wanted = kleene(condition, known)
    assert true(formula(condition, resolve), known) is (wanted is True)
    assert true(formula(condition, resolve, wanted=False), known) is (wanted is False)


@given(conditions)
def test_a_conjunction_asks_each_number_in_one_pattern(condition: Condition) -> None:
    def check(made: Formula) -> None:
        if isinstance(made, NumberPattern):
            assert len({bound.end for bound in made.bounds}) == len(made.bounds)
            return
        names = [part.name for part in made.parts if isinstance(part, NumberPattern)]
        assert not isinstance(made, Both) or len(names) == len(set(names))
        for part in made.parts:
            assert type(part) is not type(made)
            check(part)

    check(formula(condition, resolve))


def test_nothing_and_everything() -> None:
    assert formula(All(()), resolve) == TRUE
    assert formula(Any(()), resolve) == FALSE
    assert formula(All((compare("a", GT, 1.0), Any(()))), resolve) == FALSE
    assert formula(Any((compare("a", GT, 1.0), All(()))), resolve) == TRUE
    assert formula(Negation(All(())), resolve) == FALSE


@pytest.mark.parametrize(("first", "second"), [(GTE, GT), (GT, GTE)])
def test_the_tighter_of_two_bounds_stays(first: Operator, second: Operator) -> None:
    condition = All(
        (
            *(compare("a", operator, 1.0) for operator in (first, second)),
            *(compare("a", LTE, value) for value in (5.0, 4.0, 6.0)),
        )
    )
    bounds = (Bound(End.LOW, 1.0, strict=True), Bound(End.HIGH, 4.0, strict=False))
    assert formula(condition, resolve) == NumberPattern("a", bounds)
