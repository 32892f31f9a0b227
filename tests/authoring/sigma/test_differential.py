"""Imported correlations hold for the accounts they hold for in pysigma-backend-sqlite.

By default a few hundred event sets a type; the slow proof takes more than two thousand.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from differential import BASE, compare, event_sets

Make = Callable[[random.Random], dict[str, Any]]
_SETS = 60
_RULES = 5


def _common(seed: random.Random, kind: str) -> dict[str, Any]:
    names = seed.sample(list(BASE), seed.randint(1, len(BASE)))
    return {
        "type": kind,
        "rules": names,
        "group-by": ["account_id"],
        "timespan": seed.choice(["1s", "5s", "10s", "20s", "1m"]),
    }


def _bounds(seed: random.Random, values: list[float]) -> dict[str, float]:
    if seed.random() < 0.25:
        low, high = sorted(seed.sample(values, 2))
        return {seed.choice(["gt", "gte"]): low, seed.choice(["lt", "lte"]): high}
    return {seed.choice(["gt", "gte", "lt", "lte", "eq", "neq"]): seed.choice(values)}


def _counting(seed: random.Random) -> dict[str, Any]:
    values = [0, 1, 2, 3, 4, 1.5, 2.5]
    return {**_common(seed, "event_count"), "condition": _bounds(seed, values)}


def _temporal(seed: random.Random) -> dict[str, Any]:
    made = _common(seed, "temporal")
    if seed.random() < 0.5:
        made["condition"] = _bounds(seed, [0, 1, 2, 3, 1.5])
    return made


def _ordered(seed: random.Random) -> dict[str, Any]:
    made = _common(seed, "temporal_ordered")
    if seed.random() < 0.6:
        operator = seed.choice(["gt", "gte", "lt", "lte", "eq", "neq"])
        made["condition"] = {operator: seed.choice([0, 1, 2, 3, 1.5])}
    return made


def _extended(kind: str) -> Make:
    def make(seed: random.Random) -> dict[str, Any]:
        made = _common(seed, kind)
        made["condition"] = _expression(seed, made["rules"], depth=2)
        asked = [name for name in made["rules"] if name in made["condition"]]
        return {**made, "rules": asked}

    return make


def _expression(seed: random.Random, names: list[str], depth: int) -> str:
    if depth == 0 or seed.random() < 0.25:
        return ("not " if seed.random() < 0.35 else "") + seed.choice(names)
    left, right = (_expression(seed, names, depth - 1) for _ in range(2))
    inner = f"({left}) {seed.choice(['and', 'or'])} ({right})"
    return f"not ({inner})" if seed.random() < 0.2 else inner


def _valued(kind: str, values: list[float], field: str = "size") -> Make:
    def make(seed: random.Random) -> dict[str, Any]:
        condition: dict[str, Any] = {**_bounds(seed, values), "field": field}
        if kind == "value_percentile":
            condition["percentile"] = seed.choice([0, 25, 50, 75, 100])
        return {**_common(seed, kind), "condition": condition}

    return make


TYPES: dict[str, Make] = {
    "event_count": _counting,
    "value_count": _valued("value_count", [0, 1, 2, 3, 4, 1.5], "label"),
    "value_sum": _valued("value_sum", [0, 0.5, 1, 2, 2.5, 3.25, -0.5]),
    "value_avg": _valued("value_avg", [0, 0.5, 1, 1.125, 1.5, 2]),
    "value_median": _valued("value_median", [0, 0.5, 1, 1.125, 1.5, 2]),
    "value_percentile": _valued("value_percentile", [0, 0.25, 0.5, 1, 1.25, 1.5, 2]),
    "temporal": _temporal,
    "temporal_ordered": _ordered,
    "temporal extended": _extended("temporal"),
    "temporal_ordered extended": _extended("temporal_ordered"),
}


def _compare(folder: Path, kind: str, seed: random.Random, sets: int) -> int:
    """Compare one evaluation of several correlations; return how many groups held in some."""
    correlations = [TYPES[kind](seed) for _ in range(_RULES)]
    correlations = [one for one in correlations if _possible(one)]
    events = event_sets(seed, sets)
    held = 0
    for case in compare(folder, events, correlations):
        differ = sorted(case.theirs ^ case.ours)[:3]
        of = [one for one in events if one["account_id"] in differ[:1]]
        assert not differ, (case.correlation, "theirs" if differ[0] in case.theirs else "ours", of)
        held += len(case.theirs)
    return held


def _possible(correlation: dict[str, Any]) -> bool:
    """Whether the import has something to say: a condition that can never hold is refused."""
    condition = correlation.get("condition")
    if not isinstance(condition, str):
        return True
    names = correlation["rules"]
    return any(
        eval(condition, {"__builtins__": {}}, {n: bool(w >> p & 1) for p, n in enumerate(names)})  # noqa: S307 - made above
        for w in range(2 ** len(names))
    )


@pytest.mark.parametrize("kind", TYPES)
def test_correlations_agree(kind: str, tmp_path: Path) -> None:
    assert _compare(tmp_path, kind, random.Random(kind), _SETS) > 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", TYPES)
def test_correlations_agree_on_thousands_of_event_sets(kind: str, tmp_path: Path) -> None:
    seed = random.Random(f"slow {kind}")
    assert sum(_compare(tmp_path, kind, seed, 250) for _ in range(10)) > 0
