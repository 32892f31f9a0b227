"""Conditions read back: margins, and the lines of the policy they mark."""

from __future__ import annotations

import json
import math
from types import ModuleType
from typing import Any

import pytest

from engine.errors import ExciseError
from engine.review.outcome import Comparison, LineState, policy_lines, read_outcome


def states(made: ModuleType, text: str, outcome: dict[str, Any], first: int = 1) -> str:
    finding = made.finding(policy_text=text, policy_line=first, outcome=json.dumps(outcome))
    signs = {"none": " ", "matched": ">", "unmet": ".", "undecided": "?"}
    lines = policy_lines(finding, read_outcome(finding))
    assert [line.number for line in lines] == list(range(first, first + len(lines)))
    return "".join(signs[line.state.value] for line in lines)


@pytest.mark.parametrize(
    ("operator", "threshold", "low", "high", "holds", "margin"),
    [
        ("gte", 20, 36, 40, True, 1.8),
        ("gt", 20, 20, 20, False, 1.0),
        ("gte", 20, 5, 10, False, 0.5),
        ("lte", 0.5, 0.1, 0.25, True, 2.0),
        ("lt", 0.5, 1.0, math.inf, False, 0.5),
        ("gte", 20, 10, 40, None, None),
        ("gte", 0, 4, 4, True, None),
        ("lte", 5, 0, 0, True, None),
        ("gte", 20, -math.inf, 3, False, 0.15),
        ("gte", 20, 30, math.inf, True, 1.5),
        ("gte", -3, 4, 4, True, None),
        ("eq", 4, 4, 4, True, None),
        ("neq", 4, 5, 5, True, None),
    ],
)
def test_margins_are_taken_at_the_nearest_end(
    operator: str,
    threshold: float,
    low: float,
    high: float,
    holds: bool | None,
    margin: float | None,
) -> None:
    found = Comparison("s", "", operator, threshold, low, high).margin(holds=holds)
    assert found == (None if margin is None else pytest.approx(margin))


def test_leaves_mark_their_lines_and_groups_what_stands_before_them(made: ModuleType) -> None:
    assert states(made, made.HARNESS, made.harness_outcome(), 12) == " " * 23 + ">>>>>>. ."


def test_an_end_that_reaches_into_the_next_condition_stops_before_it(made: ModuleType) -> None:
    text = "when:\n  any:\n    - a:\n        gte: 1\n\n    - b:\n        gte: 2\n"
    parts = [
        made.compare("a", "gte", 1, 0, holds=False, line=3) | {"end_line": 6},
        made.compare("b", "gte", 2, "-inf", "inf", holds=None, line=6) | {"end_line": 8},
    ]
    outcome = {"text": "any", "holds": None, "line": 1, "end_line": 8, "parts": parts}
    assert states(made, text, outcome) == "??.. ??"


def test_lines_outside_the_text_mark_nothing(made: ModuleType) -> None:
    outcome = made.compare("a", "gte", 1, 2, line=900)
    assert states(made, "a\nb\n", outcome) == "  "
    assert states(made, "a\nb\n", made.compare("a", "gte", 1, 2), 5) == "  "
    below = made.compare("a", "gte", 1, 2, line=4) | {"end_line": 5}
    assert states(made, "a\nb\n", below, 5) == "> "


def test_comments_and_blank_lines_are_not_marked(made: ModuleType) -> None:
    outcome = made.compare("a", "gte", 1, 2, line=1) | {"end_line": 4}
    assert states(made, "a:\n  # why\n\n  gte: 1\n", outcome) == ">  >"


def test_infinite_ends_are_read_from_words(made: ModuleType) -> None:
    record = made.finding(
        outcome=json.dumps(made.compare("a", "gte", 1, "-inf", "inf", holds=None))
    )
    node = read_outcome(record)
    assert node.comparison is not None
    assert (node.comparison.low, node.comparison.high) == (-math.inf, math.inf)
    assert policy_lines(record, node)[0].state is LineState.NONE


@pytest.mark.parametrize("outcome", ["", "{", "[]", "{}", '{"holds": []}', '"x"', "null"])
def test_an_unreadable_outcome_names_the_finding(made: ModuleType, outcome: str) -> None:
    with pytest.raises(ExciseError, match="finding-0001-harness"):
        read_outcome(made.finding(outcome=outcome))
