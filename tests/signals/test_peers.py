"""Cohorts: against their definition on random values, and against every completion of them."""

from __future__ import annotations

import itertools
import math

import direct_peers as direct
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING
from engine.language.words import CohortScale
from engine.signals.facts import Column
from engine.signals.measures import column

VALUES = st.sampled_from([0.0, 0.0, 1.0, 2.0, 2.5, 7.0, -3.0, 1e18, 2.0**63, 1 / 3])
INTERVALS = st.one_of(
    VALUES.map(lambda value: (value, value)),
    st.tuples(VALUES, VALUES).map(lambda pair: (min(pair), max(pair))),
    st.tuples(VALUES, st.just(math.inf)),
    st.tuples(st.just(-math.inf), VALUES),
    st.just(direct.VOID),
)
SUBJECTS = st.lists(
    st.builds(
        direct.Subject,
        value=INTERVALS,
        unknown=st.booleans(),
        traits=st.sampled_from([None, ("a",), ("a",), ("a",), ("b",)]),
    ),
    min_size=1,
    max_size=14,
)


def judged(subjects: list[direct.Subject], scale: CohortScale, min_peers: int) -> Column:
    groups = {("a",): 1, ("b",): 2, None: 0}
    parts = {
        "low": np.array([one.value[0] for one in subjects]),
        "high": np.array([one.value[1] for one in subjects]),
        "unknown": np.array([int(one.unknown) for one in subjects]),
        "group": np.array([groups[one.traits] for one in subjects]),
    }
    asked = m.Cohort(value=m.Count(where=EVERYTHING), scale=scale, min_peers=min_peers)
    return column(asked, parts, len(subjects))


def ends(found: Column, at: int) -> tuple[float, float]:
    return float(found.low[at]), float(found.high[at])


@given(SUBJECTS, st.sampled_from(CohortScale), st.integers(1, 5))
def test_standing_is_what_its_definition_says(
    subjects: list[direct.Subject], scale: CohortScale, min_peers: int
) -> None:
    found = judged(subjects, scale, min_peers)
    for at in range(len(subjects)):
        assert ends(found, at) == direct.standing(at, subjects, scale, min_peers)


SMALL = st.tuples(st.integers(-2, 3), st.integers(0, 2)).map(lambda p: (float(p[0]), float(sum(p))))
FEW = st.lists(
    st.builds(direct.Subject, value=SMALL, unknown=st.just(False), traits=st.just(("a",))),
    min_size=4,
    max_size=5,
)


@given(FEW, st.sampled_from(CohortScale))
def test_no_completion_of_the_values_lies_outside(
    subjects: list[direct.Subject], scale: CohortScale
) -> None:
    """Every choice of values inside their intervals, in steps of a half at the ends and between."""
    found = judged(subjects, scale, 3)
    choices = [
        sorted({low, (low + high) / 2, high}) for low, high in (one.value for one in subjects)
    ]
    for chosen in itertools.product(*choices):
        exact = [direct.Subject((one, one), False, ("a",)) for one in chosen]
        low, high = direct.standing(0, exact, scale, 3)
        if (low, high) != direct.VOID and ends(found, 0) != direct.VOID:
            assert found.low[0] <= low + 1e-12
            assert found.high[0] >= high - 1e-12


def exactly(*values: float) -> list[direct.Subject]:
    return [direct.Subject((float(one), float(one)), False, ("a",)) for one in values]


@pytest.mark.parametrize(
    ("values", "rank"),
    [
        ((5, 1, 2, 3), 1.0),
        ((0, 1, 2, 3), 0.0),
        ((2, 1, 2, 3), 0.5),
        ((4, 4, 4, 4), 0.5),
        ((3, 1, 3, 3, 1), 0.75),
    ],
)
def test_equal_peers_count_half(values: tuple[float, ...], rank: float) -> None:
    assert ends(judged(exactly(*values), CohortScale.PERCENTILE, 3), 0) == (rank, rank)


def test_a_subject_is_not_its_own_peer() -> None:
    four = judged(exactly(9, 1, 2, 3), CohortScale.PERCENTILE, 4)
    assert ends(four, 0) == direct.VOID
    assert four.counts["peers"].tolist() == [3, 3, 3, 3]


def test_where_peers_do_not_differ_only_their_own_value_has_a_z() -> None:
    found = judged(exactly(5, 5, 5, 5, 6), CohortScale.ROBUST_Z, 3)
    assert ends(found, 0) == (0.0, 0.0)
    assert ends(found, 4) == direct.VOID


def test_a_z_is_the_distance_from_the_median_in_deviations() -> None:
    found = judged(exactly(14, 1, 2, 3, 4, 5), CohortScale.ROBUST_Z, 3)
    assert ends(found, 0) == ((14 - 3) / 1.4826, (14 - 3) / 1.4826)
    assert found.counts["median_low"][0] == found.counts["median_high"][0] == 3
    assert found.counts["deviation_low"][0] == found.counts["deviation_high"][0] == 1


@given(st.lists(VALUES, min_size=4, max_size=12), st.sampled_from(CohortScale))
def test_the_counts_suffice_to_compute_a_value_again(
    values: list[float], scale: CohortScale
) -> None:
    """What is frozen beside a fact replaces the peers, whose data may be gone by then."""
    found = judged(exactly(*values), scale, 3)
    counts = {name: numbers[0].item() for name, numbers in found.counts.items()}
    if ends(found, 0) == direct.VOID:
        assert counts["deviation_high"] == 0
    elif scale is CohortScale.PERCENTILE:
        again = (2 * counts["below"] + counts["equal"]) / (2 * counts["peers"])
        assert again == found.low[0]
    elif counts["deviation_low"]:
        above = values[0] - counts["median_low"]
        assert above / (1.4826 * counts["deviation_low"]) + 0.0 == found.low[0]
