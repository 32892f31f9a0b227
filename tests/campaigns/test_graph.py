"""The pair budget and the blocked product."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.campaigns import graph
from engine.campaigns.carriers import Carried
from engine.campaigns.weight import weights


@given(st.lists(st.integers(2, 40), max_size=20), st.integers(0, 3_000))
def test_the_most_shared_values_go_first(degrees: list[int], budget: int) -> None:
    kept = graph.within_budget(np.array(degrees, dtype=np.int64), budget).tolist()
    pairs = [degree * (degree - 1) // 2 for degree in degrees]
    assert sum(pair for pair, keep in zip(pairs, kept, strict=True) if keep) <= budget
    gone = [degree for degree, keep in zip(degrees, kept, strict=True) if not keep]
    stayed = [degree for degree, keep in zip(degrees, kept, strict=True) if keep]
    assert max(stayed, default=0) <= min(gone, default=40)
    if gone:
        largest = min(gone)
        assert sum(d * (d - 1) // 2 for d in stayed) + largest * (largest - 1) // 2 > budget


def carried(rows: set[tuple[int, int]], accounts: int, values: int) -> Carried:
    """Return carriers by account and value, every number used or not."""
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    account = np.array([account for account, _ in ordered], dtype=np.int64)
    value = np.array([value for _, value in ordered], dtype=np.int64)
    degrees = np.maximum(np.bincount(value, minlength=values), 1)
    none = np.zeros(values, dtype=np.int64)
    return Carried(
        account, value, degrees, none, accounts, none, {}, np.full(accounts, -1, dtype=np.int64)
    )


@given(
    st.sets(st.tuples(st.integers(0, 11), st.integers(0, 9)), max_size=60),
    st.integers(1, 1_500_000),
    st.integers(1, 50),
)
def test_blocks_of_any_size_give_the_same_groups(
    rows: set[tuple[int, int]], least: int, block: int
) -> None:
    activity, kept = carried(rows, 12, 10), np.ones(10, dtype=np.bool_)
    power = weights(activity.degrees)
    weighing = graph.Weighing(power, kept, least, [700_000])
    whole = graph.linked_groups(activity, weighing)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graph, "_BLOCK", block)
        cut = graph.linked_groups(activity, weighing)
    assert whole.label.tolist() == cut.label.tolist()
    assert whole.strongest.tolist() == cut.strongest.tolist()
    for name in ("one", "other", "strength"):
        assert getattr(whole.backbone, name).tolist() == getattr(cut.backbone, name).tolist()


def test_nobody_carries_anything() -> None:
    nothing = np.ones(0, dtype=np.bool_)
    nobody = carried(set(), 0, 0)
    found = graph.linked_groups(nobody, graph.Weighing(nobody.degrees, nothing, 1, [None]))
    assert found.label.tolist() == []
    assert found.strongest.tolist() == []
