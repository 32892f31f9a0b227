"""Alternatives say what the condition says, whatever happens."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sigma.correlations import SigmaExtendedCorrelationCondition

from engine.authoring.sigma.alternatives import Alternative, alternatives
from engine.authoring.sigma.refusal import RefusalError

_NAMES = "abcd"
_condition = st.recursive(
    st.sampled_from(_NAMES),
    lambda inner: (
        inner.map(lambda part: f"not ({part})")
        | st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        )
    ),
    max_leaves=6,
)


def _holds(condition: str, happened: dict[str, bool]) -> bool:
    return bool(eval(condition, {"__builtins__": {}}, happened))  # noqa: S307 - a generated formula


def _alternatives(condition: str) -> list[Alternative]:
    """Return the alternatives; none for what is refused because it never holds."""
    try:
        return alternatives(SigmaExtendedCorrelationCondition(condition).parsed)
    except RefusalError as refusal:
        if "never" not in refusal.message:
            raise
        return []


@given(_condition)
def test_alternatives_are_the_condition(condition: str) -> None:
    worlds = [
        dict(zip(_NAMES, each, strict=True)) for each in product([False, True], repeat=len(_NAMES))
    ]
    wanted = [_holds(condition, world) for world in worlds]
    found = _alternatives(condition)
    came = [
        any(
            all(world[name] for name in each.present)
            and not any(world[name] for name in each.absent)
            for each in found
        )
        for world in worlds
    ]
    assert came == wanted


def test_a_condition_that_says_more_than_another_adds_nothing() -> None:
    found = alternatives(SigmaExtendedCorrelationCondition("a or (a and not b)").parsed)
    assert [(set(each.present), set(each.absent)) for each in found] == [({"a"}, set())]


def test_too_many_alternatives_are_refused() -> None:
    condition = " and ".join(f"(a{n} or b{n})" for n in range(6))
    with pytest.raises(RefusalError, match="more than 32"):
        alternatives(SigmaExtendedCorrelationCondition(condition).parsed)
