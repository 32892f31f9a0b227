"""Deciding about many candidates by the shipped pack: its time, and the memory of all it takes.

Facts are drawn around the thresholds of the policies, so that most subjects are candidates. Seconds
depend on the machine, so the time is asserted as a ratio: to that of the reference evaluator, which
reads the same conditions in plain Python and explains nothing. Times are those of all processes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.performance

AT_LENGTH = pytest.mark.skipif(
    "EXCISE_TEST_AT_LENGTH" not in os.environ,
    reason="takes ten minutes; EXCISE_TEST_AT_LENGTH=1 runs it",
)

_DECIDE = """
import json, os, sys, time
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
import numpy as np
from engine.batch.evaluate import measures_of
from engine.decide.collecting import garbage_left
from engine.decide.decide import decide
from engine.decide.reference import evaluate
from engine.language.load import find_rules, require_pack
from engine.language.model.condition import Compare
from engine.language.subject import Subject
from engine.language.walk import walk_condition
from engine.language.words import SubjectKind
from engine.signals.facts import Column, FactTable, signal_key

kind, size, tempted = SubjectKind(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "tempted"
pack, rng = require_pack(find_rules()), np.random.default_rng(1)
thresholds = {}
for policy in pack.policies:
    for leaf in walk_condition(policy.condition):
        if policy.subject is kind and isinstance(leaf, Compare):
            key = signal_key(policy.signal(leaf.signal).measure)
            thresholds.setdefault(key, []).append(float(leaf.threshold))

def column(key):
    if not tempted:
        return np.full(size, -1.0)
    return rng.choice(thresholds.get(key, [5.0]), size) * rng.choice((0.9, 1.0, 1.1), size)

keys = dict.fromkeys(map(signal_key, measures_of(pack)[kind]))
values = {key: column(key) for key in keys}
counts = {"events": np.arange(size)}
columns = {key: Column(one, one, counts) for key, one in values.items()}
table = FactTable(kind, tuple(f"s{number:07}" for number in range(size)), columns)

def spent():
    return sum(sum(getrusage(who)[:2]) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))

def pages():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

before, rest = spent(), pages()
found = decide(pack, {kind: table}, strikes=None, as_of_us=0)
seconds, megabytes = spent() - before, pages() - rest
some = range(0, size, max(1, size // 2_000))
before = spent()
with garbage_left():
    for row in some:
        facts = table.facts(row, tuple(keys))
        evaluate(pack.policies, pack.responses, Subject(kind, table.subjects[row]), facts, (), 0)
reference = (spent() - before) / len(some)
worker = getrusage(RUSAGE_CHILDREN).ru_maxrss / 1e3
print(json.dumps([found.candidates, len(found.findings), seconds, reference, worker, megabytes]))
"""


class Cost:
    """What it took to decide: seconds of all processes, megabytes of each."""

    def __init__(self, kind: str, size: int, facts: str = "tempted") -> None:
        done = subprocess.run(
            [sys.executable, "-c", _DECIDE, kind, str(size), facts],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        numbers = json.loads(done.stdout)
        self.candidates, self.findings, self.seconds, self.reference = numbers[:4]
        self.worker, self.grown = numbers[4:]


@pytest.mark.parametrize(
    ("kind", "few", "many", "most"),
    [
        pytest.param("account", 6_000, 24_000, 1.1, id="accounts"),
        pytest.param("campaign", 6_000, 18_000, 0.6, id="campaigns"),
        pytest.param("account", 100_000, 1_000_000, 1.1, id="a million accounts", marks=AT_LENGTH),
    ],
)
def test_time_and_memory(kind: str, few: int, many: int, most: float) -> None:
    less, more = Cost(kind, few), Cost(kind, many)
    candidates = more.candidates - less.candidates
    each = (more.seconds - less.seconds) / candidates
    grown = 1e3 * (more.grown - less.grown) / (more.findings - less.findings)
    sys.stdout.write(
        f"\n{more.candidates:,} candidate {kind}s: {1 / each:,.0f} a second of a core, "
        f"{each / more.reference:.1f} x the reference evaluator; the worker {more.worker:.0f} MB, "
        f"after {less.candidates:,} {less.worker:.0f} MB; {grown:.1f} KB a finding\n"
    )
    assert candidates > 0.6 * (many - few)
    assert each <= most * more.reference
    assert more.worker <= 1.1 * less.worker
    assert grown <= 6


def test_who_is_no_candidate_costs_nothing_but_a_place_in_the_table() -> None:
    cost = Cost("account", 1_000_000, "untempted")
    assert cost.candidates == 0
    assert cost.grown <= 32
