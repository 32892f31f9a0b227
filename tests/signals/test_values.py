"""Intervals against every way in which what is missing could have been recorded."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING
from engine.signals.arithmetic import Numbers, normalised_entropy, ratio, variation
from engine.signals.measures import column

FEW = st.integers(0, 2)
SHARE = ("in_of", "out_of", "unknown_of", "in_perhaps", "out_perhaps", "unknown_perhaps")
OPTIONS = {
    "in_of": [(1, 1)],
    "out_of": [(0, 1)],
    "unknown_of": [(0, 1), (1, 1)],
    "in_perhaps": [(0, 0), (1, 1)],
    "out_perhaps": [(0, 0), (0, 1)],
    "unknown_perhaps": [(0, 0), (0, 1), (1, 1)],
}


def ends(measure: m.Measure, parts: dict[str, int]) -> tuple[float, float]:
    arrays: dict[str, Numbers] = {name: np.array([value]) for name, value in parts.items()}
    found = column(measure, arrays, 1)
    return float(found.low[0]), float(found.high[0])


@given(st.tuples(*[FEW] * len(SHARE)).filter(lambda counts: sum(counts) <= 8))
def test_share_spans_every_completion(counts: tuple[int, ...]) -> None:
    parts = dict(zip(SHARE, counts, strict=True))
    events = [OPTIONS[name] for name, number in parts.items() for _ in range(number)]
    found = ends(m.Share(where=EVERYTHING), parts)
    if sum(counts[:3]) == 0:
        assert found == (-math.inf, math.inf)
        return
    shares = [
        sum(n for n, _ in chosen) / sum(d for _, d in chosen)
        for chosen in itertools.product(*events)
    ]
    assert found == (min(shares), max(shares))


@given(st.lists(st.sampled_from("ab"), max_size=4), FEW, FEW)
def test_distinct_and_top_share_enclose_every_completion(
    known: list[str], missing: int, unsure: int
) -> None:
    counts = Counter(known)
    parts = {
        "events": len(known), "missing": missing, "unsure": unsure, "unsure_valued": unsure,
        "unsure_missing": 0, "distinct": len(counts), "top": max(counts.values(), default=0),
        "total": len(known),
    }  # fmt: skip
    values = ["a", "b", "c", "d", "e"]
    field = FieldRef("prompt_hash")
    fewest, most = ends(m.Distinct(field=field), parts)
    low, high = ends(m.TopShare(field=field), parts)
    for chosen in itertools.product(values, repeat=missing):
        for perhaps in itertools.product([None, *values], repeat=unsure):
            found = Counter([*known, *chosen, *(one for one in perhaps if one)])
            assert fewest <= len(found) <= most
            if found and known:
                assert low <= max(found.values()) / found.total() <= high


MEMBER = st.tuples(st.sets(st.sampled_from("abc"), max_size=2), st.integers(0, 1))


@given(st.lists(MEMBER, min_size=1, max_size=4))
def test_shared_spans_every_completion(members: list[tuple[set[str], int]]) -> None:
    degree = Counter(value for values, _ in members for value in values)
    sharing = [any(degree[one] > 1 for one in values) for values, _ in members]
    parts = {
        "members": len(members),
        "sharing": sum(sharing),
        "open": sum(
            bool(missing) and not s for (_, missing), s in zip(members, sharing, strict=True)
        ),
        "lone": sum(
            bool(values) and not missing and not s
            for (values, missing), s in zip(members, sharing, strict=True)
        ),
        "unknown": sum(missing for _, missing in members),
    }
    found = ends(m.Shared(field=FieldRef("device_id")), parts)
    shares = []
    choices = [
        ["a", "b", "c", f"own{at}"] if missing else [None]
        for at, (_, missing) in enumerate(members)
    ]
    for chosen in itertools.product(*choices):
        held = [
            values | ({one} if one else set())
            for (values, _), one in zip(members, chosen, strict=True)
        ]
        count = Counter(value for values in held for value in values)
        shares.append(sum(any(count[one] > 1 for one in v) for v in held) / len(members))
    assert found[0] == min(shares)
    # The largest is a bound: with few members it may need more partners than there are.
    assert found[1] >= max(shares)


def test_a_single_member_shares_with_nobody() -> None:
    parts = {"members": 1, "sharing": 0, "open": 1, "lone": 0, "unknown": 3}
    assert ends(m.Shared(field=FieldRef("device_id")), parts) == (0.0, 0.0)


@given(st.lists(st.integers(1, 50), min_size=2, max_size=8))
def test_entropy_agrees_with_its_definition(counts: list[int]) -> None:
    spectrum = sorted(Counter(counts).items())
    total = sum(counts)
    plain = -sum(n / total * math.log2(n / total) for n in counts) / math.log2(len(counts))
    assert normalised_entropy(spectrum) == pytest.approx(plain, rel=1e-12, abs=1e-12)
    assert 0 <= normalised_entropy(spectrum) <= 1


def test_entropy_of_one_value_is_nothing_and_of_an_even_spread_everything() -> None:
    assert normalised_entropy([(7, 1)]) == 0.0
    assert normalised_entropy([(7, 3)]) == 1.0


def test_variation_is_exact_where_floats_would_cancel() -> None:
    gaps = [10**15, 10**15 + 1, 10**15 + 2]
    found = variation(3, sum(gaps), sum(gap * gap for gap in gaps))
    assert found == 1 / (10**15 + 1)


def test_ratios_round_once_beyond_what_a_float_holds() -> None:
    above = np.array([2**53 + 1, 3], dtype=np.int64)
    below = np.array([3, 0], dtype=np.int64)
    assert ratio(above, below).tolist() == [(2**53 + 1) / 3, 3.0]
