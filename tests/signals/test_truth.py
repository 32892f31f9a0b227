"""Three-valued selections: the table of the module's docstring, and constants folded."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.fields import FieldRef
from engine.language.model.selection import EVERYTHING, AllOf, AnyOf, Not, Selection, Test
from engine.language.words import Match
from engine.signals.sql import name
from engine.signals.truth import Knowledge, Standing, Truth, leaf, truth

YES, NO, MAYBE = (Test(FieldRef("model"), Match.EQUALS, (word,)) for word in ("yes", "no", "maybe"))
OUTCOMES = {
    YES: Truth(true=True, false=False, decided=True),
    NO: Truth(true=False, false=True, decided=True),
    MAYBE: Truth(true=False, false=False, decided=False),
}


def outcome(selection: Selection) -> tuple[bool, bool, bool]:
    found = truth(selection, OUTCOMES.__getitem__)
    return found.true is True, found.false is True, found.decided is True


IN, OUT, UNKNOWN = (True, False, True), (False, True, True), (False, False, False)
SETTLED = (False, False, True)
"""Out, but not false: an alternative is unknown, so the negation is too."""


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (EVERYTHING, IN),
        (AnyOf(()), OUT),
        (YES, IN),
        (NO, OUT),
        (MAYBE, UNKNOWN),
        (AllOf((YES, MAYBE)), UNKNOWN),
        (AllOf((NO, MAYBE)), OUT),
        (AnyOf((YES, MAYBE)), IN),
        (AnyOf((NO, MAYBE)), SETTLED),
        (AnyOf((MAYBE, MAYBE)), UNKNOWN),
        (Not(MAYBE), UNKNOWN),
        (Not(AnyOf((NO, MAYBE))), UNKNOWN),
        (Not(Not(AnyOf((NO, MAYBE)))), UNKNOWN),
        (AllOf((YES, AnyOf((NO, MAYBE)))), SETTLED),
        (Not(AllOf((NO, MAYBE))), IN),
    ],
)
def test_known_alternatives_decide(selection: Selection, wanted: tuple[bool, bool, bool]) -> None:
    assert outcome(selection) == wanted


SELECTIONS: st.SearchStrategy[Selection] = st.recursive(
    st.sampled_from([YES, NO, MAYBE]),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
    ),
)


@given(SELECTIONS)
def test_true_and_false_exclude_each_other_and_are_decided(selection: Selection) -> None:
    true, false, decided = outcome(selection)
    assert not (true and false)
    assert decided or not (true or false)


def completed(selection: Selection) -> set[bool]:
    """Return what the selection could have been, had every test been recorded."""
    return {
        two_valued(selection, iter(choices))
        for choices in itertools.product([True, False], repeat=unknowns(selection))
    }


def unknowns(selection: Selection) -> int:
    match selection:
        case Test():
            return int(selection == MAYBE)
        case Not(part=part):
            return unknowns(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return sum(map(unknowns, parts))


def two_valued(selection: Selection, choices: itertools.chain[bool]) -> bool:
    match selection:
        case Test():
            return next(choices) if selection == MAYBE else selection == YES
        case Not(part=part):
            return not two_valued(part, choices)
        case AllOf(parts=parts):
            return all(two_valued(part, choices) for part in parts)
        case AnyOf(parts=parts):
            return any(two_valued(part, choices) for part in parts)


@given(SELECTIONS.filter(lambda one: unknowns(one) <= 6))
def test_true_and_false_hold_however_the_unknown_turns_out(selection: Selection) -> None:
    true, false, _ = outcome(selection)
    possible = completed(selection)
    assert not true or possible == {True}
    assert not false or possible == {False}


@pytest.mark.parametrize(
    ("knowledge", "standing"),
    [
        (Knowledge.ALL, Standing.DECIDED),
        (Knowledge.SOME, Standing.OPEN),
        (Knowledge.NONE, Standing.UNKNOWN),
    ],
)
def test_what_is_known_of_a_field_is_known_of_its_test(
    knowledge: Knowledge, standing: Standing
) -> None:
    assert leaf(name("t0"), knowledge).standing is standing


def test_constants_leave_no_column_behind() -> None:
    known = leaf(name("t0"), Knowledge.ALL)
    unknown = leaf(name("t1"), Knowledge.NONE)
    both = {YES: known, NO: unknown}
    assert truth(AllOf((YES, AnyOf((YES, NO)))), both.__getitem__).column().sql() == "t0"
    assert truth(AllOf((NO, AnyOf(()))), both.__getitem__).standing is Standing.OUT
