"""One worker for many decisions: lent, given back, and replaced when it is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator

import pytest
from deciding import GTE, compare, key, pack, policy, table

from engine.decide.crew import Crew
from engine.decide.decide import decide
from engine.decide.lane import Orders
from engine.language.words import SubjectKind


@pytest.fixture(name="crew")
def _crew() -> Iterator[Crew]:
    with Crew(Orders("tests")) as crew:
        yield crew
    assert multiprocessing.active_children() == []


def found(crew: Crew, threshold: float) -> list[str]:
    """Return who has a finding: subject n has n."""
    tables = {SubjectKind.ACCOUNT: table({key("a"): [(n, n) for n in (0.0, 1.0, 2.0, 3.0)]})}
    rules = pack([policy("p", compare("a", GTE, threshold))])
    decisions = decide(rules, tables, strikes=None, as_of_us=0, crew=crew)
    return [finding.subject.id for finding in decisions.findings]


def workers() -> list[int]:
    return [child.pid or 0 for child in multiprocessing.active_children()]


def test_the_same_worker_judges_by_other_rules(crew: Crew) -> None:
    before = workers()
    assert len(before) == 1
    assert found(crew, 2) == ["s00002", "s00003"]
    assert found(crew, 3) == ["s00003"]
    assert found(crew, 3) == ["s00003"]
    assert found(crew, 9) == []  # nobody to judge
    assert found(crew, 1) == ["s00001", "s00002", "s00003"]
    assert workers() == before


def test_a_worker_that_died_meanwhile_is_replaced(crew: Crew) -> None:
    assert found(crew, 2) == ["s00002", "s00003"]
    (child,) = multiprocessing.active_children()
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    assert found(crew, 3) == ["s00003"]
    assert found(crew, 3) == ["s00003"]


def test_a_decision_that_fails_keeps_the_worker_from_the_next(crew: Crew) -> None:
    (before,) = workers()

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    rules = pack([policy("p", compare("a", GTE, 1))])
    tables = {SubjectKind.ACCOUNT: table({key("a"): [(1.0, 1.0)] * 200})}
    with pytest.raises(KeyboardInterrupt):
        decide(rules, tables, strikes=None, as_of_us=0, progress=interrupted, crew=crew)
    assert before not in workers()
    assert found(crew, 3) == ["s00003"]
