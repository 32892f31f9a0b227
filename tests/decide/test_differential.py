"""The rules engine against the independent evaluator, on random packs and random subjects."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from random import Random

import pytest
from deciding import ACCOUNT, SIGNALS, key, table
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_packs import AS_OF_US, Trial, trial

from engine.decide import reference
from engine.decide.cases import Cases
from engine.decide.compile import Compiled, compile_kind
from engine.decide.crew import Crew
from engine.decide.kleene import strike_count
from engine.decide.lane import Orders
from engine.decide.program import holds, takes
from engine.decide.reference import Verdicts, evaluate
from engine.decide.supervisor import Supervisor
from engine.decide.worker import Case
from engine.language.subject import Subject
from engine.signals.facts import Fact, signal_key


@pytest.fixture(autouse=True, scope="module")
def _signal_keys_are_computed_once() -> Iterator[None]:
    """The evaluator spends most of its time on the digests of a few measures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reference, "signal_key", cache(signal_key), raising=False)
        yield


PACKS, SUBJECTS = 140, 150


def facts(intervals: Mapping[str, tuple[float, float]]) -> dict[str, Fact]:
    """The facts of a subject; signals of policies are always there, if only as unknown."""
    signals = {key(name): (-math.inf, math.inf) for name in SIGNALS}
    known = {**signals, **intervals}
    return {name: Fact(name, low, high, {}) for name, (low, high) in known.items()}


def subject(number: int) -> Subject:
    """A subject."""
    return Subject(ACCOUNT, f"s{number:05}")


def expected(made: Trial, number: int) -> Verdicts:
    """What the independent evaluator says."""
    intervals, strikes = made.subjects[number]
    return evaluate(
        made.pack.policies,
        made.pack.responses,
        subject(number),
        facts(intervals),
        strikes,
        AS_OF_US,
    )


def derived_by(
    trials: Sequence[Trial], crew: Crew | None = None
) -> Iterator[tuple[Trial, int, Compiled, frozenset[str]]]:
    """Put every subject before every ruleset, without any screening."""
    compiled = [compile_kind(one.pack.policies, one.pack.responses, ACCOUNT) for one in trials]
    ready = [(one, made) for one, made in zip(trials, compiled, strict=True) if made is not None]

    def cases() -> Iterator[Case]:
        for program, (asked, made) in enumerate(ready):
            rulesets = (ruleset for stage in made.program.stages for ruleset in stage.rulesets)
            everything = {n: tuple(sorted(one.numbers)) for n, one in enumerate(rulesets)}
            for number, (intervals, strikes) in enumerate(asked.subjects):
                numbers = dict(intervals)
                for name, leaf in made.strikes.items():
                    count = float(strike_count(strikes, leaf, AS_OF_US))
                    numbers[name] = count, count
                yield Case(subject(number), number, program, everything, numbers)

    programs = tuple(made.program for _, made in ready)
    with Supervisor(programs, Orders("differential"), crew) as supervisor:
        for case, derived in supervisor.judge(cases()):
            yield *ready[case.program][:1], case.position, ready[case.program][1], derived


def compare_all(trials: Sequence[Trial], crew: Crew | None = None) -> int:
    """Compare every verdict of every subject; return how many subjects there were."""
    compared = 0
    for made, number, compiled, derived in derived_by(trials, crew):
        wanted = expected(made, number)
        found = {
            policy.name: holds(position) in derived
            for position, policy in enumerate(compiled.policies)
        }
        assert found == {name: wanted.findings[name] is True for name in found}
        rungs = {
            response.name: max(
                (rung for rung in range(len(response.ladder)) if takes(position, rung) in derived),
                default=None,
            )
            for position, response in enumerate(compiled.responses)
        }
        assert rungs == dict(wanted.rungs)
        compared += 1
    return compared


def test_engine_and_evaluator_agree_on_twenty_thousand_subjects() -> None:
    rng = Random(20260601)
    assert compare_all([trial(rng, SUBJECTS) for _ in range(PACKS)]) >= 20_000


def test_one_worker_judges_by_many_packs_in_turn() -> None:
    rng = Random(20260605)
    trials = [trial(rng, 25) for _ in range(15)]
    with Crew(Orders("differential")) as crew:
        compared = sum(compare_all([one], crew) for one in (*trials, *reversed(trials)))
    assert compared >= 500


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 2**32), min_size=1, max_size=20))
def test_engine_and_evaluator_agree_on_what_hypothesis_finds(seeds: list[int]) -> None:
    trials = [trial(Random(seed), 5) for seed in seeds]
    compare_all(trials)


@pytest.mark.parametrize("seed", range(3))
def test_findings_answers_and_undecided_agree_through_the_screen(seed: int) -> None:
    rng = Random(seed)
    for made in (trial(rng, 150) for _ in range(12)):
        check_screen(made)


def check_screen(made: Trial) -> None:
    """Compare candidates and undecided counts with the evaluator's verdicts."""
    compiled = compile_kind(made.pack.policies, made.pack.responses, ACCOUNT)
    if compiled is None:
        return
    strikes = {subject(number).id: past for number, (_, past) in enumerate(made.subjects)}
    keys = sorted({name for intervals, _ in made.subjects for name in intervals})
    unknown = (-math.inf, math.inf)
    columns = {name: [one.get(name, unknown) for one, _ in made.subjects] for name in keys}
    cases = Cases(compiled, table(columns), lambda who: strikes[who.id], AS_OF_US)
    candidates = {one.case.position: one for one in cases.candidates(0)}
    verdicts = [expected(made, number) for number in range(len(made.subjects))]
    for number, wanted in enumerate(verdicts):
        held = {n for n, p in enumerate(compiled.policies) if wanted.findings[p.name]}
        answers = {n for n, r in enumerate(compiled.responses) if wanted.rungs[r.name] is not None}
        if number in candidates:
            assert candidates[number].known.holding == held
            assert candidates[number].answering >= answers
        else:
            assert not held
            assert not answers
    for policy in compiled.policies:
        undecided = sum(wanted.findings[policy.name] is None for wanted in verdicts)
        counted = cases.screen.undecided.get(policy.name)
        assert (counted.subjects if counted else 0) == undecided
