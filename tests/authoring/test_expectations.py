"""Expectations of a backtest: written, read, and held against what came."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring.backtest.expectation_file import read_expectations
from engine.authoring.backtest.expectations import Bound, Expectation, check, parse_expectation
from engine.authoring.backtest.result import Backtest, Hit, PolicyResult
from engine.authoring.precision import Precision
from engine.errors import ExciseError
from engine.language.subject import Subject
from engine.language.words import SubjectKind


def hits(number: int) -> tuple[Hit, ...]:
    return tuple(Hit(Subject(SubjectKind.ACCOUNT, f"a{n}"), 1, None) for n in range(number))


def result(name: str, newly: int, gone: int, unchanged: int) -> PolicyResult:
    return PolicyResult(
        name, SubjectKind.ACCOUNT, None, None, 100, 4, (), (),
        hits(newly), hits(gone), hits(unchanged), newly + unchanged, newly, gone, Precision(0, 0),
    )  # fmt: skip


class Found(Backtest):
    """Just the policies of a backtest."""

    def __init__(self, *policies: PolicyResult) -> None:
        object.__setattr__(self, "policies", policies)


FOUND = Found(result("moved", 2, 1, 7), result("still", 0, 0, 3), result("quiet", 0, 0, 0))


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("moved=exactly:9", True),
        ("moved=exactly:8", False),
        ("moved=at_most:9", True),
        ("moved=at_most:8", False),
        ("moved=at_least:9", True),
        ("moved=at_least:10", False),
        ("moved.newly_hit=exactly:2", True),
        ("moved.no_longer_hit=at_most:0", False),
        ("moved.undecided=at_most:4", True),
        ("moved.accounts=at_most:8", False),
        ("still.newly_hit_rejected=exactly:0", True),
        ("absent=at_most:3", False),
    ],
)
def test_a_bound_includes_its_number(text: str, *, met: bool) -> None:
    (checked,) = check(FOUND, [parse_expectation(text)])
    assert checked.met is met


def test_a_star_is_every_policy_that_is_not_named() -> None:
    expected = [parse_expectation(one) for one in ("moved=at_most:9", "*.newly_hit=exactly:0")]
    checked = check(FOUND, expected)
    assert [(one.policy, one.met) for one in checked] == [
        ("moved", True), ("still", True), ("quiet", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "p",
        "p=3",
        "p=at_most",
        "p=at_most:x",
        "p=atmost:3",
        "p.his=at_most:3",
        "p=exactly:-1",
        "=exactly:1",
    ],
)
def test_what_makes_no_sense_says_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="write POLICY=at_most:10"):
        parse_expectation(text)


def test_a_file_of_them(tmp_path: Path) -> None:
    path = tmp_path / "june.yaml"
    path.write_text(
        "# of June\nexpectations:\n  moved: {at_least: 1, at_most: 9}\n"
        '  "*": {newly_hit: {exactly: 0}}\n'
    )
    assert read_expectations(path) == (
        Expectation("moved", "hits", Bound.AT_LEAST, 1),
        Expectation("moved", "hits", Bound.AT_MOST, 9),
        Expectation("*", "newly_hit", Bound.EXACTLY, 0),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("expect: {}", "june.yaml:1:1"),
        ("expectations:\n  moved: {most: 9}", "june.yaml:2:11"),
        ("expectations:\n  moved: {at_most: many}", "june.yaml:2:20"),
        ("expectations:\n  moved: {at_most: -1}", "june.yaml:2:20"),
        ("expectations:\n  moved: 9", "june.yaml:2:10"),
        ("expectations:\n  not a name: {at_most: 1}", "june.yaml:2:3"),
        ("expectations:\n  moved: {newly_hit: {most: 1}}", "june.yaml:2:23"),
        ("expectations: [moved", "june.yaml:"),
        ("", "cannot be used"),
    ],
)
def test_mistakes_in_a_file_are_shown_where_they_are(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "june.yaml"
    path.write_text(text)
    with pytest.raises(ExciseError) as raised:
        read_expectations(path)
    assert told in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExciseError, match="cannot be read"):
        read_expectations(tmp_path / "none.yaml")
