"""What each filter keeps, and where a mistake is."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.review.filter import FIELDS, Filter, Mistake, Searched, parse_filter


def kept(made: ModuleType, text: str) -> list[int]:
    parsed = parse_filter(text)
    assert isinstance(parsed, Filter), parsed
    return [
        int(case.case_id[-4:])
        for case in made.cases()
        if parsed.matches(Searched(case, ("reasoning-harness",) if case.accounts > 20 else ()))
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("   ", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("sev:crit", [1]),
        ("sev:high,crit", [1, 2, 3, 4]),
        ("sev:>=high", [1, 2, 3, 4]),
        ("sev:<low", [10]),
        ("sev:low..medium", [5, 6, 7, 8, 9]),
        ("-sev:>=low", [10]),
        ("!sev:>=low", [10]),
        ("accounts:>=273", [1, 4]),
        ("accounts:3..12", [3, 5, 8]),
        ("accounts:1,58", [6, 7, 10]),
        ("status:awaiting_second", [4]),
        ("needs:second", [4]),
        ("account:acct_06*", [6]),
        ("campaign:cmp-0002", [2]),
        ('campaign:"cmp-000"', []),
        ("behaviour:resale or sev:critical", [1, 6, 10]),
        ("behaviour:distillation -accounts:>100", [2, 9]),
        ("policy:reasoning*", [1, 2, 4, 7, 9]),
        ("-policy:reasoning-harness", [3, 5, 6, 8, 10]),
        ("case-0007", [7]),
        ("LOCKSTEP", [7]),
        ('"Foreign client banner"', [10]),
        ("[red]", []),
        ("policy:,", []),
    ],
)
def test_filters_keep_what_they_say(made: ModuleType, text: str, numbers: list[int]) -> None:
    assert kept(made, text) == numbers


@pytest.mark.parametrize(
    ("text", "start", "part"),
    [
        ("sev:bad", 0, "takes a severity, not `bad`"),
        ("status:open accounts:many", 12, "takes a number, not `many`"),
        ("colour:red", 0, "no field `colour`"),
        ("sev:", 0, "needs a value"),
        ("or sev:high", 0, "on its left"),
        ("sev:high or", 9, "on its right"),
        ("-", 0, "nothing to leave out"),
        ("accounts:99999999999999999999", 0, "takes a number"),
    ],
)
def test_mistakes_have_a_place(text: str, start: int, part: str) -> None:
    parsed = parse_filter(text)
    assert isinstance(parsed, Mistake)
    assert parsed.start == start
    assert part in parsed.message


def test_only_policy_terms_need_policies() -> None:
    for text, needs in (("sev:high", False), ("-policy:x", True), ("a or POLICY:x", True)):
        parsed = parse_filter(text)
        assert isinstance(parsed, Filter)
        assert parsed.needs_policies is needs


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from([*(f"{name}:" for name in FIELDS), "or", "-", '"', ">=", "..", ","]),
        ),
        max_size=8,
    )
)
def test_parsing_and_matching_never_raise(made: ModuleType, parts: list[str]) -> None:
    parsed = parse_filter("".join(parts))
    if isinstance(parsed, Filter):
        assert parsed.matches(Searched(made.case())) in (True, False)
    else:
        assert 0 <= parsed.start < parsed.end
