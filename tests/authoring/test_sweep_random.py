"""Random packs over random facts: each step is a full evaluation of the pack edited so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from deciding import ACCOUNT, GT, GTE, SIGNALS, compare, key, pack, policy, table
from hypothesis import given, settings
from hypothesis import strategies as st
from random_packs import AS_OF_US, NUMBERS, trial

from engine.authoring.closure import as_in_run, whole_run
from engine.authoring.sweep.dials import Dial, dials, turned
from engine.authoring.sweep.judging import Judging
from engine.decide.decide import Decisions, decide
from engine.decide.kleene import Strikes
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.subject import Subject
from engine.language.words import Operator, Status
from engine.signals.facts import FactTable


class Facts:
    """A bench of facts that nobody had to measure."""

    def __init__(self, known: FactTable, strikes: list[Strikes]) -> None:
        self.tables = {ACCOUNT: known}
        self._past = dict(zip(known.subjects, strikes, strict=True))

    def strikes(self, subject: Subject) -> Strikes:
        return self._past[subject.id]

    def judged(self, pack: Pack) -> Any:
        tables = SimpleNamespace(tables=self.tables)
        return SimpleNamespace(
            pack=pack, evaluation=tables, strikes=self.strikes, as_of_us=AS_OF_US
        )

    def decided(self, pack: Pack) -> Decisions:
        return decide(pack, self.tables, strikes=self.strikes, as_of_us=AS_OF_US)

    def judging(self, pack: Pack, policy: Policy) -> Judging:
        return Judging(self.judged(as_in_run(pack, policy)), policy.name)


def random_pack(seed: int, subjects: int) -> tuple[Pack, Facts]:
    made = trial(Random(seed), subjects)
    columns = {
        key(name): [facts.get(key(name), (-np.inf, np.inf)) for facts, _ in made.subjects]
        for name in SIGNALS
    }
    plain = replace(made.pack, responses=())
    return plain, Facts(table(columns), [strikes for _, strikes in made.subjects])


def all_dials(pack: Pack) -> Iterator[tuple[Policy, Dial]]:
    for one in pack.policies:
        for dial in dials(one):
            yield one, dial


def full(bench: Facts, pack: Pack, policy: Policy) -> tuple[set[str], int]:
    """Return whom a run of the whole pack hits with a version of a policy; and the undecided."""
    policies = tuple(policy if one.name == policy.name else one for one in pack.policies)
    decisions = bench.decided(whole_run(replace(pack, policies=policies), policy))
    hits = {one.subject.id for one in decisions.findings if one.policy.name == policy.name}
    undecided = decisions.undecided.get(policy.name)
    return hits, undecided.subjects if undecided else 0


def check_points(seed: int, subjects: int) -> None:
    rng = Random(seed)
    made, bench = random_pack(seed, subjects)
    choices = list(all_dials(made))
    if not choices:
        return
    one, dial = rng.choice(choices)
    judging = bench.judging(made, one)
    tried = float(rng.randint(0, 3)) if dial.whole else rng.choice(NUMBERS)
    for value in (dial.threshold, tried):
        holds, undecided = judging.judge({dial.position: value})
        names = {judging.table.subjects[row] for row in np.flatnonzero(holds)}
        assert (names, undecided) == full(bench, made, turned(one, {dial.position: value}))


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**9))
def test_a_point_is_a_full_evaluation_of_the_edited_pack(seed: int) -> None:
    check_points(seed, 30)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9))
def test_every_point_is_a_full_evaluation_of_the_edited_pack(seed: int) -> None:
    check_points(seed, 60)


def check_chosen(seed: int, steps: int) -> None:
    made, bench = random_pack(seed, 40)
    for one, dial in list(all_dials(made))[:4]:
        judging = bench.judging(made, one)
        values = judging.choose(dial, (), steps)
        assert list(values) == sorted(set(values))
        assert dial.threshold in values
        assert len(values) <= steps + 1
        assert all(dial.sensible(value) for value in values if value != dial.threshold)
        hits = [judging.judge({dial.position: value})[0].tolist() for value in values]
        assert all(before != after for before, after in pairwise(hits))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 8))
def test_chosen_thresholds_each_change_who_is_hit(seed: int, steps: int) -> None:
    check_chosen(seed, steps)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 8))
def test_every_chosen_threshold_changes_who_is_hit(seed: int, steps: int) -> None:
    check_chosen(seed, steps)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 4)), min_size=1, max_size=30),
    st.sampled_from([GT, GTE]),
    st.lists(st.integers(-10, 14), min_size=2, max_size=6),
)
def test_one_lower_bound_hits_no_more_the_higher_it_stands(
    facts: list[tuple[int, int]], operator: Operator, values: list[int]
) -> None:
    known = table({key("a"): [(float(low), float(low + width)) for low, width in facts]})
    one = policy("p", compare("a", operator, 0.0), signals="a", status=Status.DRAFT)
    judging = Facts(known, [()] * len(facts)).judging(pack([one]), one)
    last = np.ones(len(facts), dtype=np.bool_)
    for value in sorted(values):
        holds, undecided = judging.judge({0: float(value)})
        assert not (holds & ~last).any()
        assert undecided == sum(
            (low < value <= low + width) if operator is GTE else (low <= value < low + width)
            for low, width in facts
        )
        last = holds
