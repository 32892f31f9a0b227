"""The drawing of a sweep fits its terminal, marks what stands, and hides nothing that is there."""

from __future__ import annotations

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from engine.authoring.precision import Precision
from engine.authoring.sweep.dials import Dial
from engine.authoring.sweep.sweeping import Point, Sweep
from engine.cli.policy.sweep_bars import lengths
from engine.cli.policy.sweep_grid import short
from engine.cli.policy.sweep_plot import draw
from engine.language.load import find_rules, require_pack
from engine.language.model.condition import Compare
from engine.language.words import Operator


def dial(name: str, position: int, threshold: float) -> Dial:
    compare = Compare(name, Operator.GTE, threshold)
    return Dial(name, position, compare, clears=False, denied=False, range=(0.0, 1e15))


def swept(*dials: Dial, across: list[float], reviewed: bool) -> Sweep:
    now = tuple(one.threshold for one in dials)
    points = []
    for number, values in enumerate(itertools.product(across, repeat=len(dials))):
        hits = 10 ** (number % 6)
        right, wrong = (hits // 2, hits // 5) if reviewed else (0, 0)
        points.append(Point(values, hits, hits, number % 3, Precision(right, wrong), values == now))
    policy = require_pack(find_rules()).policies[0]
    return Sweep(policy, dials, tuple(points), 200_000, reviewed)


def drawn(found: Sweep, width: int) -> list[str]:
    screen = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    with screen.capture() as shown:
        draw(found, screen)
    return [line.rstrip() for line in shown.get().splitlines()]


@pytest.mark.parametrize("reviewed", [True, False])
@pytest.mark.parametrize("width", [60, 80, 200])
def test_it_fits_and_marks_what_stands(width: int, reviewed: bool) -> None:
    values = [1.0, 20.0, 400.5, 3000.0, 123_456.0, 99_999_999.0]
    one = swept(dial("requests", 0, 20.0), across=values, reviewed=reviewed)
    two = swept(
        dial("requests", 0, 20.0), dial("part", 1, 3000.0), across=values, reviewed=reviewed
    )
    for found in (one, two):
        lines = drawn(found, width)
        assert max(map(len, lines)) <= width
        assert any(line.startswith("▶") for line in lines)
        assert all(value in "\n".join(lines) for value in ("400.5", "99,999,999"))
    assert sum(line.startswith("▶") for line in drawn(one, width)) == 1
    assert "▶3,000" in "\n".join(drawn(two, width))


@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4), st.integers(10, 120))
def test_a_bar_shows_whatever_is_there_and_never_overflows(counts: list[int], room: int) -> None:
    found = lengths(counts, max(1, sum(counts)), room)
    assert sum(found) <= room
    assert all((cells > 0) == (count > 0) for cells, count in zip(found, counts, strict=True))
    assert not sum(counts) or sum(found) == room


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (99_999, "99,999"), (100_000, "100k"), (999_999, "999k"), (2_400_000, "2.4M")],
)
def test_numbers_in_squares_are_short(count: int, text: str) -> None:
    assert short(count) == text
